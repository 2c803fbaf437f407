// Global ids in the inputs of mutations.
import { type NodeType, uuidFromGlobalId } from './globalId.js';
import { InputRefusal } from './userErrors.js';

/** The UUID of a person's global id. Refuses with NOT_FOUND what is none; whether somebody has it is seen later. */
export const userIdOf = (field: string, text: string): string => idOf('User', 'a person', field, text);

/** The same for a group. */
export const groupIdOf = (field: string, text: string): string => idOf('Group', 'a group', field, text);

function idOf(type: NodeType, thing: string, field: string, text: string): string {
  const id = uuidFromGlobalId(type, text);
  if (id === undefined) {
    throw new InputRefusal('NOT_FOUND', [field], `"${text.slice(0, 100).toWellFormed()}" is not the id of ${thing}.`);
  }
  return id;
}
