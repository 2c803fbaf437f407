// Members of a group: SPEC 5, rows "members" and "Members are rows", over RFC 7643, 4.2 and 8.7.1 (sub-attributes immutable).
import { type Operation } from './interpreterEnvelope.js';
import { type Filter } from './interpreterFilter.js';
import { type Elements } from './interpreterLists.js';
import { ruleNamed, type Rule } from './interpreterSchema.js';
import { isList, isObject, type Json, type JsonObject, refuse, textOf, type World } from './interpreterState.js';

/** The members after one operation. Whether they are people at all is asked of the result: see `checkMembers`. */
export function withMembers(
  op: Operation['op'],
  { rule, filter }: { readonly rule: Rule; readonly filter?: Filter<string> },
  value: Json | undefined,
  held: Elements,
  world: World,
): Elements {
  if (op === 'remove') return without(held, goneIds(rule, filter, value, held, world));
  // RFC 7643, 2.2 and 8.7.1: immutable, so no member becomes another one.
  if (filter) return refuse('mutability', 'a member is added or removed');
  // RFC 7643, 2.5: null is the same as no members. Adding nobody adds nobody (SPEC 5, as `remove` with `[]`).
  const ids = value === null || value === undefined ? [] : idsGiven(rule, value, world);
  const kept = op === 'add' ? held : [];
  const come = [...new Set(ids)].filter((id) => !kept.some((one) => one.value === id));
  return [...kept, ...come.map((id) => presentMember(id, world))];
}

const without = (held: Elements, ids: readonly string[]): Elements =>
  held.filter((one) => !ids.includes(textOf(one.value)));

function goneIds(
  rule: Rule,
  filter: Filter<string> | undefined,
  value: Json | undefined,
  held: Elements,
  world: World,
): string[] {
  if (filter) return idsIn(filter);
  // RFC 7644, 3.5.2.2: "no filter is specified, the attribute and all values are removed".
  if (value === undefined) return held.map((one) => textOf(one.value));
  // SPEC 6: in profile RFC `invalidValue`. In profile ENTRA null names nobody; to empty the group for it, as the RFC
  // would for no value at all, is more than the documents ask: refused, which they leave open.
  if (world.profile === 'RFC' || value === null) return refuse('invalidValue', 'remove takes no such value');
  return idsGiven(rule, value, world);
}

/** Table 9, `invalidFilter`: "the specified attribute and filter comparison combination is not supported": ids only, by `or`. */
function idsIn(filter: Filter<string>): string[] {
  if (filter.kind === 'or') return [...idsIn(filter.left), ...idsIn(filter.right)];
  const { part, comparator, literal } = filter.kind === 'compare' ? filter : refuse('invalidFilter', 'no id');
  const isId = part.toLowerCase() === 'value' && comparator === 'eq' && typeof literal === 'string';
  return isId ? [literal] : refuse('invalidFilter', 'members are selected by id');
}

const idsGiven = (rule: Rule, value: Json, world: World): string[] =>
  (isList(value) ? value : [value]).map((one) => idGiven(rule, one, world));

function idGiven(rule: Rule, one: Json, world: World): string {
  // Profile ENTRA: bare text, as for a manager (SPEC 4).
  const given = world.profile === 'ENTRA' && typeof one === 'string' ? { value: one } : one;
  if (!isObject(given)) return refuse('invalidValue', 'a member is an object');
  const parts: Record<string, Json> = Object.fromEntries(
    Object.entries(given).map(([name, part]) => [ruleNamed(rule.parts, name)?.name ?? name, part]),
  );
  if (typeof parts.type === 'string' && parts.type.toLowerCase() === 'group')
    refuse('invalidValue', 'nested groups are not supported');
  return typeof parts.value === 'string' && parts.value !== ''
    ? parts.value
    : refuse('invalidValue', 'a member needs a value');
}

/** A member as it is read: `value`, `$ref`, `type`, `display`. */
function presentMember(id: string, world: World): JsonObject {
  const display = world.people.find((one) => one.id === id)?.displayName;
  const member = { value: id, $ref: `${world.base}/Users/${id}`, type: 'User' };
  return display === undefined ? member : { ...member, display };
}

/**
 * SPEC 5: a group's id, and unknown members to add, are `invalidValue`. Members are a set, so it is the set that a request
 * leaves which is asked: whoever is added and removed again was not added. The documents leave it open.
 */
export function checkMembers(members: Elements, world: World): void {
  const wrong = members.filter((one) => !world.people.some((person) => person.id === one.value));
  if (wrong.length > 0) refuse('invalidValue', `no such people: ${wrong.map((one) => textOf(one.value)).join()}`);
}
