// Texts in the inputs of mutations.
import { InputRefusal } from './userErrors.js';

export const LONGEST_TEXT = 500;

/** The text without white space around it; null for a blank one. Refuses with INVALID one that cannot be stored. */
export function inputText(field: string, text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  if (trimmed.length > LONGEST_TEXT) {
    throw new InputRefusal('INVALID', [field], `${field} may have ${LONGEST_TEXT} characters.`);
  }
  if (trimmed.includes('\0') || !trimmed.isWellFormed()) {
    throw new InputRefusal('INVALID', [field], `${field} has a NUL or half a surrogate pair in it.`);
  }
  return trimmed;
}

/** The same for a text that must be there. Refuses with BLANK. */
export function requiredText(field: string, text: string): string {
  const value = inputText(field, text);
  if (value === null) throw new InputRefusal('BLANK', [field], `${field} must not be blank.`);
  return value;
}
