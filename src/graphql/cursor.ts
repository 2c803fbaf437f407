// Cursors of connections: the position of a row.
import { type MasterKey } from '../access/masterKey.js';
import { openCursor, sealCursor } from '../access/sealedCursor.js';
import { type Position } from '../directory/keyset.js';
import { Refusal } from '../refusal.js';

/** `list` names the list: tenant, field, parent and arguments. */
export const sealPosition = (masterKey: MasterKey, list: string, position: Position): string =>
  sealCursor(masterKey, about(list), position);

/** Refuses with `invalidCursor`. */
export function openPosition(masterKey: MasterKey, list: string, cursor: string): Position {
  const position = openCursor(masterKey, about(list), cursor);
  if (position !== undefined) return position as Position;
  throw new Refusal(
    'invalidCursor',
    'This cursor is not one of this list. A cursor is good for the same field, where, orderBy and parent it came from: begin again without after or before.',
  );
}

const about = (list: string): string => `graphql ${list}`;
