// The message of a Bulk request: RFC 7644 section 3.7. What is wrong with the message refuses it as a whole; what is
// wrong with one operation is said in that operation's result.
import { Refusal } from '../refusal.js';
import { isObject } from './json.js';
import { assertMessage } from './validateMessage.js';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

/** RFC 7644 section 3.7.4. */
export const MAX_OPERATIONS = 1000;

/** One operation as it was sent. */
export interface BulkOperation {
  /** In capitals; undefined where it is no text. */
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly bulkId: string | undefined;
  readonly version: string | undefined;
  readonly data: unknown;
  /** Why it is no operation that could be tried. */
  readonly malformed: Refusal | undefined;
}

export interface BulkRequest {
  /** How many errors end the request; infinite where the client does not say. */
  readonly failOnErrors: number;
  readonly operations: readonly BulkOperation[];
}

/** Reads the message. Refuses with `invalidSyntax`, `invalidValue` and, for too many operations, `tooLarge`. */
export function readBulkRequest(body: unknown): BulkRequest {
  const fields = fieldsOf(assertMessage(body, BULK_REQUEST));
  const given = fields.get('operations');
  if (!Array.isArray(given) || given.length === 0) {
    throw new Refusal('invalidSyntax', 'Operations must be a list of at least one operation.');
  }
  if (given.length > MAX_OPERATIONS) {
    throw new Refusal(
      'tooLarge',
      `The ${given.length} operations exceed maxOperations (${MAX_OPERATIONS}). Send them in several requests.`,
    );
  }
  const failOnErrors = readFailOnErrors(fields.get('failonerrors'));
  const operations = given.map(readOperation);
  refuseRepeated(operations);
  return { failOnErrors, operations };
}

function readFailOnErrors(given: unknown): number {
  if (given === undefined || given === null) return Infinity;
  if (typeof given === 'number' && Number.isInteger(given) && given > 0) return given;
  throw new Refusal('invalidValue', 'failOnErrors must be a whole number from 1: how many errors end the request.');
}

function readOperation(given: unknown, index: number): BulkOperation {
  const fields = isObject(given) ? fieldsOf(given) : new Map<string, unknown>();
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const complaint = isObject(given) ? complaintAbout(fields) : ' must be an object.';
  return {
    // RFC 7643 section 2.2: text is compared without case where nothing else is said.
    method: text('method')?.toUpperCase(),
    path: text('path'),
    bulkId: text('bulkid'),
    version: text('version'),
    data: fields.get('data'),
    malformed: complaint === undefined ? undefined : new Refusal('invalidSyntax', `Operations[${index}]${complaint}`),
  };
}

function complaintAbout(fields: ReadonlyMap<string, unknown>): string | undefined {
  const [method, path, bulkId, version, data] = ['method', 'path', 'bulkid', 'version', 'data'].map(
    (name) => fields.get(name) ?? undefined,
  );
  const verb = typeof method === 'string' ? method.toUpperCase() : '';
  if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(verb)) return '.method must be POST, PUT, PATCH or DELETE.';
  if (typeof path !== 'string') return '.path must be text, such as /Users.';
  if (bulkId !== undefined && (typeof bulkId !== 'string' || bulkId === '')) return '.bulkId must be text.';
  if (verb === 'POST' && bulkId === undefined) return '.bulkId is required for POST.';
  if (version !== undefined && typeof version !== 'string') return '.version must be text.';
  if (verb !== 'DELETE' && !isObject(data)) return `.data must be an object: the body of the ${verb}.`;
  return undefined;
}

/** A bulkId that stands for two resources stands for none. */
function refuseRepeated(operations: readonly BulkOperation[]): void {
  const seen = new Set<string>();
  for (const { bulkId } of operations) {
    if (bulkId === undefined) continue;
    if (seen.has(bulkId)) throw new Refusal('invalidValue', `bulkId "${bulkId}" is used by more than one operation.`);
    seen.add(bulkId);
  }
}

const fieldsOf = (object: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
