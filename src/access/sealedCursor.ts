// Cursors: where a list goes on, sealed to that list. Whoever holds one can go on in that list and learns nothing from
// it; in another list, for another tenant, or altered it opens nothing.
import { type MasterKey } from './masterKey.js';

/** First byte: what a later form of cursor will say differently. */
const VERSION = 1;
const LONGEST = 8192;

/** `list` names the list: face, tenant, arguments. The text has only the unreserved characters of RFC 3986. */
export function sealCursor(masterKey: MasterKey, list: string, value: unknown): string {
  const sealed = masterKey.seal('cursors', Buffer.from(JSON.stringify(value)), list);
  return Buffer.concat([Buffer.from([VERSION]), sealed]).toString('base64url');
}

/** What was sealed to this list; undefined for every other text. */
export function openCursor(masterKey: MasterKey, list: string, cursor: string): unknown {
  // Of several spellings of the same bytes only the one that was handed out is a cursor.
  if (cursor.length > LONGEST || !/^[\w-]*$/.test(cursor)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const plain = bytes[0] === VERSION ? masterKey.open('cursors', bytes.subarray(1), list) : undefined;
  return plain && (JSON.parse(plain.toString()) as unknown);
}
