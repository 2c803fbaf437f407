// The message of a PATCH: RFC 7644, 3.5.2, second to fourth paragraph, and SPEC 6 "required envelopes" and "PATCH".
import { PATCH_OP, sameName } from './interpreterSchema.js';
import { isList, isObject, type Json, type Profile, refuse } from './interpreterState.js';

export interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path?: string;
  readonly value?: Json;
}

/** The operations of a request body. */
export function readMessage(body: Json, profile: Profile): Operation[] {
  if (!isObject(body)) return refuse('invalidSyntax', 'the body is no object');
  const schemas = member(body, 'schemas');
  // "The body of each request MUST contain the "schemas" attribute with the URI value of ...PatchOp".
  if (!isList(schemas) || !schemas.some((urn) => typeof urn === 'string' && sameName(urn, PATCH_OP)))
    refuse('invalidSyntax', 'the PatchOp URN is missing');
  const operations = member(body, 'Operations');
  // "MUST contain the attribute "Operations", whose value is an array of one or more PATCH operations".
  if (!isList(operations)) return refuse('invalidSyntax', 'Operations is missing');
  // SPEC 6 "PATCH, profile ENTRA": empty `Operations` is a no-op; in profile RFC `invalidSyntax`.
  if (operations.length === 0 && profile === 'RFC') refuse('invalidSyntax', 'Operations is empty');
  return operations.map(readOperation);
}

function readOperation(given: Json): Operation {
  if (!isObject(given)) return refuse('invalidSyntax', 'an operation is no object');
  const op = readOp(member(given, 'op'));
  const path = member(given, 'path');
  const value = member(given, 'value');
  // Table 9, `invalidPath`: "The "path" attribute was invalid or malformed".
  if (path !== undefined && path !== null && typeof path !== 'string') refuse('invalidPath', 'path is no string');
  // 3.5.2.1: "The operation MUST contain a "value" member"; table 9, `invalidValue`: "A required value was missing". The
  // message is looked at as a whole before its first operation is applied: the documents leave that open.
  if (op !== 'remove' && value === undefined) refuse('invalidValue', 'a value is required');
  // An empty path is no path: left open too.
  return {
    op,
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
    ...(value === undefined ? {} : { value }),
  };
}

/** "exactly one "op" member, ... one of "add", "remove", or "replace""; SPEC 6: in any case, unknown is `invalidSyntax`. */
function readOp(op: Json | undefined): Operation['op'] {
  const word = typeof op === 'string' ? op.toLowerCase() : '';
  return word === 'add' || word === 'remove' || word === 'replace'
    ? word
    : refuse('invalidSyntax', `${JSON.stringify(op)} is no op`);
}

/** RFC 7643, 2.1: names are case insensitive. */
const member = (object: Readonly<Record<string, Json>>, name: string): Json | undefined =>
  Object.entries(object).find(([one]) => sameName(one, name))?.[1];
