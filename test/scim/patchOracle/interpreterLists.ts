// What an operation does to the elements of a multi-valued attribute: RFC 7644, 3.5.2.1 to 3.5.2.3.
import { type Filter, matches } from './interpreterFilter.js';
import { type Rule } from './interpreterSchema.js';
import { isUnassigned, type Json, type JsonObject, refuse, sameJson, withMember } from './interpreterState.js';

export type Elements = readonly JsonObject[];

/** 3.5.2.1: "a new value is added to the attribute"; "If the target location already contains the value specified, no changes". */
export const added = (elements: Elements, more: Elements): Elements =>
  onePrimary(
    more.reduce<Elements>((all, one) => (all.some((held) => sameElement(held, one)) ? all : [...all, one]), elements),
    more.filter((one) => !elements.some((held) => sameElement(held, one))),
  );

/** 3.5.2.3: "the attribute and all values are replaced". */
export const replaced = (more: Elements): Elements => onePrimary(added([], more), more);

/** 3.5.2.2: "the matching records are removed". */
export const without = (elements: Elements, filter: Filter): Elements =>
  elements.filter((one) => !matches(filter, one));

/** The matching elements, changed; those in which nothing is assigned any more are gone. */
export function changed(
  elements: Elements,
  filter: Filter | undefined,
  change: (one: JsonObject) => JsonObject,
): Elements {
  const chosen = (one: JsonObject) => !filter || matches(filter, one);
  const after = elements.map((one) => (chosen(one) ? change(one) : one));
  const fresh = after.filter((one, index) => !sameJson(one, elements[index]) || (chosen(one) && one.primary === true));
  return onePrimary(after, fresh).filter((one) => !isUnassigned(one));
}

/** An element that fits an `eq` filter, or several joined by `and`; undefined: the filter says something else. */
export function elementFrom(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'compare' && filter.comparator === 'eq' && filter.literal !== null)
    return { [filter.part.name]: filter.literal };
  if (filter.kind !== 'and') return undefined;
  const [left, right] = [elementFrom(filter.left), elementFrom(filter.right)];
  return left && right && { ...left, ...right };
}

/** RFC 7643, 2.4: where it is not given, "primary" is assumed to be false. */
const sameElement = (one: JsonObject, other: JsonObject): boolean => sameJson(withPrimary(one), withPrimary(other));

const withPrimary = (one: JsonObject): JsonObject => ({ ...one, primary: one.primary ?? false });

/**
 * 3.5.2: setting a "primary" to true "SHALL cause the server to automatically set "primary" to "false" for any other
 * values in the array". SPEC 6: two primaries in one request are `invalidValue`.
 */
function onePrimary(elements: Elements, fresh: Elements): Elements {
  const primaries = fresh.filter((one) => one.primary === true);
  if (primaries.length === 0) return elements;
  if (primaries.length > 1) return refuse('invalidValue', 'two primaries');
  return elements.map((one) => (one.primary === true && one !== primaries[0] ? { ...one, primary: false } : one));
}

export const partSet = (rule: Rule, value: Json | undefined) => (one: JsonObject) => withMember(one, rule.name, value);
