// Reads a request's body: JSON in UTF-8 within the limits, before any connection to the database is held. Not the body
// parser of Koa's makers: that one replaces invalid UTF-8 instead of refusing it.
import { type IncomingMessage } from 'node:http';
import { bodyEncodingFault } from '../operation/bodyEncoding.js';
import { Refusal } from '../refusal.js';

/** The largest body, in bytes. */
export const MAX_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 32;
/** Names in one object. No schema has a tenth of them, and each unknown one costs work before it is ignored. */
const MAX_NAMES = 1000;
/** Values in one body, an object being one: a group of 4 MiB has as many. */
const MAX_VALUES_IN_ALL = 200_000;

/** The JSON of the body. Refuses with `unsupportedMediaType`, `tooLarge` and `invalidSyntax`. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  refuseMediaType(request);
  const bytes = await readBytes(request);
  const text = decoded(bytes);
  const value = parsed(text);
  refuseStrange(value);
  return value;
}

function refuseMediaType({ headers }: IncomingMessage): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (!/^application\/(scim\+)?json$/i.test(type.trim())) {
    throw new Refusal('unsupportedMediaType', 'Send the body as application/scim+json (or application/json).');
  }
  const fault = bodyEncodingFault(headers);
  if (fault !== undefined) throw new Refusal('unsupportedMediaType', fault);
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () =>
    new Refusal('tooLarge', 'The body is larger than 4 MiB. Send fewer values in one request.', {
      Connection: 'close',
    });
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // The caller has left: before the end of the body, or after it but before it was read.
    if (request.errored !== error) throw error;
    throw new Refusal('invalidSyntax', 'The connection ended before the body was complete.');
  }
  return Buffer.concat(chunks, size);
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('invalidSyntax', 'The body is not valid UTF-8.');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Refusal(
      'invalidSyntax',
      `The body is not valid JSON: ${error instanceof Error ? shortened(error.message) : 'unreadable'}.`,
    );
  }
}

/** JSON.parse's message without the snippet of the body it quotes. */
const shortened = (message: string): string => message.replace(/,? ?(\.\.\.)?".*$/s, '').replace(/ in JSON/, '');

/** PostgreSQL keeps no NUL character and no half of a surrogate pair; what is deep or wide would hold the event loop. */
function refuseStrange(root: unknown): void {
  const open: [unknown, number][] = [[root, 1]];
  let seen = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value === 'string') refuseText(value);
    else if (typeof value === 'object' && value !== null) {
      if (depth > MAX_DEPTH) throw new Refusal('invalidSyntax', `The body nests deeper than ${MAX_DEPTH} levels.`);
      const names = Array.isArray(value) ? undefined : Object.keys(value);
      if (names && names.length > MAX_NAMES)
        throw new Refusal('invalidSyntax', `An object of the body has more than ${MAX_NAMES} names.`);
      names?.forEach(refuseText);
      const inner: unknown[] = Object.values(value);
      seen += inner.length;
      if (seen > MAX_VALUES_IN_ALL)
        throw new Refusal('tooLarge', `The body has more than ${MAX_VALUES_IN_ALL} values. Send fewer in one request.`);
      for (const one of inner) open.push([one, depth + 1]);
    }
  }
}

function refuseText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new Refusal('invalidValue', 'Text may not hold NUL characters or halves of surrogate pairs.');
  }
}
