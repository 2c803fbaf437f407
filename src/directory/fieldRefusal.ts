// What is wrong with one field of what a person typed: a form of GraphQL, a line of a file. Told by field, so that it can be
// shown beside it.
import { Refusal, type RefusalKind } from '../refusal.js';

export const LONGEST_TEXT = 500;

const KINDS = {
  BLANK: 'invalidValue',
  INVALID: 'invalidValue',
  TAKEN: 'uniqueness',
  NOT_FOUND: 'notFound',
  MANAGED_BY_SCIM: 'managedByScim',
  NOT_NOW: 'conflict',
} as const satisfies Readonly<Record<string, RefusalKind>>;

export type FieldCode = keyof typeof KINDS;

/** A Refusal of one field of an input. */
export class FieldRefusal extends Refusal {
  constructor(
    readonly code: FieldCode,
    readonly field: readonly string[],
    message: string,
  ) {
    super(KINDS[code], message);
  }
}

/** The text without white space around it; null for a blank one. Refuses with INVALID one that cannot be stored. */
export function fieldText(field: string, text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  if (trimmed.length > LONGEST_TEXT) {
    throw new FieldRefusal('INVALID', [field], `${field} may have ${LONGEST_TEXT} characters.`);
  }
  if (trimmed.includes('\0') || !trimmed.isWellFormed()) {
    throw new FieldRefusal('INVALID', [field], `${field} has a NUL or half a surrogate pair in it.`);
  }
  return trimmed;
}

/** The same for a text that must be there. Refuses with BLANK. */
export function requiredFieldText(field: string, text: string | null | undefined): string {
  const value = fieldText(field, text);
  if (value === null) throw new FieldRefusal('BLANK', [field], `${field} must not be blank.`);
  return value;
}
