// The elements of a multi-valued attribute: which are one and the same, which is primary, which one a filter describes.
import { type Filter } from './interpreterFilter.js';
import { matches } from './interpreterMatch.js';
import { type Rule } from './interpreterSchema.js';
import { isUnassigned, type JsonObject, type Profile, refuse, sameJson, withMember } from './interpreterState.js';

export type Elements = readonly JsonObject[];

/** RFC 7643, 2.4: where it is not given, "primary" is assumed to be false. */
const sameElement = (one: JsonObject, other: JsonObject): boolean =>
  sameJson({ ...one, primary: one.primary ?? false }, { ...other, primary: other.primary ?? false });

/** 3.5.2.1: "If the target location already contains the value specified, no changes"; the second of two alike too. */
export const notYetIn = (held: Elements, more: Elements): Elements =>
  more.filter((one, at) => ![...held, ...more.slice(0, at)].some((other) => sameElement(one, other)));

/**
 * The element that a filter describes: one `eq`, or several joined by `and`, and nothing that contradicts them.
 * Undefined: the filter names no element (SPEC 6: "a missing element of `emails[type eq "work"].value` is made").
 */
export function described(filter: Filter): JsonObject | undefined {
  const element = equalities(filter);
  return isUnassigned(element) || !matches(filter, element) ? undefined : element;
}

function equalities(filter: Filter): JsonObject {
  if (filter.kind === 'and') return { ...equalities(filter.left), ...equalities(filter.right) };
  if (filter.kind !== 'compare' || filter.comparator !== 'eq' || filter.literal === null) return {};
  return { [filter.part.name]: filter.literal };
}

/**
 * 3.5.2.2: "Sub-attributes whose values have been removed SHALL be considered unassigned". Without a part, or with
 * nothing left, the element is gone; in profile ENTRA also when only type and mark are left (research/entra.md 2.6).
 */
export function emptied(one: JsonObject, part: Rule | undefined, profile: Profile): Elements {
  const rest = part ? withMember(one, part.name, undefined) : {};
  const says = Object.keys(rest).some((name) => profile === 'RFC' || (name !== 'type' && name !== 'primary'));
  return says ? [rest] : [];
}

/** What became of one element: `from` is what it was, undefined where it is new. */
export interface Step {
  readonly from?: JsonObject;
  readonly to: JsonObject;
  /** The operation said something of it. */
  readonly named: boolean;
}

/**
 * 3.5.2: setting a "primary" to true "SHALL cause the server to automatically set "primary" to "false" for any other
 * values in the array": only those that were true need it (RFC 7643, 2.4). SPEC 6: "two primaries in one request 400
 * `invalidValue`": in one operation, or by two that move the mark to two elements; `marked` remembers the attributes.
 */
export function onePrimary(
  rule: Rule,
  steps: readonly Step[],
  old: JsonObject | undefined,
  marked: Set<string>,
): Elements {
  const primaries = steps.filter(({ named, to }) => named && to.primary === true);
  const [chosen] = primaries;
  if (!chosen) return steps.map(({ to }) => to);
  const moves = !old || !isSame(chosen, old);
  if (primaries.length > 1 || (moves && marked.has(rule.name))) return refuse('invalidValue', 'two primaries');
  if (moves) marked.add(rule.name);
  return steps.map((step) => (step !== chosen && step.to.primary === true ? { ...step.to, primary: false } : step.to));
}

/** The same element again: changed in its place, or given again with the same value in a list that replaces all. */
function isSame({ from, to }: Step, old: JsonObject): boolean {
  if (from) return from === old;
  return old.value === undefined ? sameJson(to, old) : to.value === old.value;
}
