// The Authorization header of a request. Node keeps the first of several; here several are an error, because a proxy in
// front may have looked at another one.
import { type IncomingMessage } from 'node:http';
import { Refusal } from '../refusal.js';

/** Undefined where there is none. Refuses more than one with `unauthenticated`. */
export function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  if (headers.authorization !== undefined && countOf('authorization', rawHeaders) > 1) {
    throw new Refusal('unauthenticated', 'More than one Authorization header was sent.', {
      'WWW-Authenticate': 'Bearer',
    });
  }
  return headers.authorization;
}

/** `headersDistinct` would tell too, but takes every header apart. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const header = rawHeaders[n] ?? '';
    if (header.length === name.length && header.toLowerCase() === name) count += 1;
  }
  return count;
}
