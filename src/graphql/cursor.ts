// Cursors: the position of a row, sealed to the list it is of. Whoever holds one can go on in that list and learns
// nothing from it; in another list, for another tenant, or altered it opens nothing.
import { type MasterKey } from '../access/masterKey.js';
import { type Position } from '../directory/keyset.js';
import { Refusal } from '../refusal.js';

/** First byte: what a later form of cursor will say differently. */
const VERSION = 1;
const LONGEST = 8192;

/** `list` names the list: tenant, field, parent and arguments. */
export function sealCursor(masterKey: MasterKey, list: string, position: Position): string {
  const sealed = masterKey.seal('cursors', Buffer.from(JSON.stringify(position)), about(list));
  return Buffer.concat([Buffer.from([VERSION]), sealed]).toString('base64url');
}

/** Refuses with `invalidCursor`. */
export function openCursor(masterKey: MasterKey, list: string, cursor: string): Position {
  const bytes = cursor.length > LONGEST ? Buffer.alloc(0) : Buffer.from(cursor, 'base64url');
  const plain = bytes[0] === VERSION ? masterKey.open('cursors', bytes.subarray(1), about(list)) : undefined;
  if (!plain) {
    throw new Refusal(
      'invalidCursor',
      'This cursor is not one of this list. A cursor is good for the same field, where, orderBy and parent it came from: begin again without after or before.',
    );
  }
  return JSON.parse(plain.toString()) as Position;
}

const about = (list: string): string => `graphql ${list}`;
