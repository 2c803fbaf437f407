// One PATCH operation on one attribute, and what in it stands for nothing.
import { type Attribute } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { type Filter } from '../filter/filter.js';
import { type Reading } from './canonical.js';
import { type Operation, isNothing } from './entraDialect.js';

export interface Step {
  readonly operation: Operation;
  readonly target: Target;
  readonly filter: Filter | undefined;
  /** The path as written, for messages. */
  readonly text: string;
  readonly before: unknown;
  readonly reading: Reading;
  /** Attributes in which this request has marked a value primary; added to. */
  readonly primaries: Set<Attribute>;
}

/**
 * Whether a value makes unassigned: null and an empty list, and in profile ENTRA what else stands for nothing, for a
 * single value also wrapped in a list. An object that names nothing known here does not: unknown attributes are ignored.
 */
export function clears(value: unknown, { lenient }: Reading, single = false): boolean {
  if (value === null || (Array.isArray(value) && value.length === 0)) return true;
  if (!lenient) return false;
  if (single && Array.isArray(value) && value.length === 1) return value[0] === null || isNothing(value[0]);
  return isNothing(value);
}
