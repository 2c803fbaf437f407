// One operation on one attribute, by the sentences of RFC 7644, 3.5.2.1 (add), 3.5.2.2 (remove) and 3.5.2.3 (replace).
import { type Operation } from './interpreterEnvelope.js';
import { type Filter, resolveFilter } from './interpreterFilter.js';
import { described, type Elements, emptied, notYetIn, onePrimary, type Step } from './interpreterLists.js';
import { matches } from './interpreterMatch.js';
import { withMembers } from './interpreterMembers.js';
import { ruleNamed, type Rule } from './interpreterSchema.js';
import {
  isList,
  isObject,
  isUnassigned,
  type Json,
  type JsonObject,
  refuse,
  sameJson,
  textOf,
  withMember,
  type World,
} from './interpreterState.js';
import { clears, elementsOf, partsGiven, simpleValue, unwrapped } from './interpreterValue.js';

type Op = Operation['op'];

export interface Aim {
  readonly rule: Rule;
  readonly part?: Rule;
  readonly filter?: Filter<string>;
}

/** What an operation may know beside the attribute: the tenant, and where this request has set a primary mark already. */
export interface Surroundings {
  readonly world: World;
  readonly marked: Set<string>;
}

/** The attributes of the resource (or of its extension) after the operation. */
export function perform(op: Op, aim: Aim, value: Json | undefined, held: JsonObject, around: Surroundings): JsonObject {
  const { rule, part } = aim;
  // 3.5.2: "a client MUST NOT modify an attribute that has mutability "readOnly" or "immutable"".
  if (rule.mutability !== 'readWrite' || (part && part.mutability !== 'readWrite'))
    return refuse('mutability', `${rule.name} is ${rule.mutability}`);
  return withMember(held, rule.name, after(op, aim, value, held[rule.name], around));
}

function after(
  op: Op,
  aim: Aim,
  value: Json | undefined,
  held: Json | undefined,
  around: Surroundings,
): Json | undefined {
  const { rule, filter } = aim;
  const isComplex = (aim.part ?? rule).kind === 'complex';
  const elements = isList(held) ? held.filter(isObject) : [];
  if (rule.name === 'members') return withMembers(op, aim, value, elements, around.world);
  // Figure 7 reads a filter after any attribute; 3.5.2.3 gives it a meaning for multi-valued ones only.
  if (filter && !rule.many) return refuse('invalidPath', `${rule.name} has one value`);
  // SPEC 6: `{}` clears in profile ENTRA and is `invalidValue` in profile RFC.
  if (around.world.profile === 'RFC' && op !== 'remove' && isComplex && isEmptyObject(value))
    return refuse('invalidValue', '{} says nothing');
  if (rule.many) return many(op, aim, value, elements, around);
  return rule.kind === 'complex'
    ? single(op, aim, value ?? null, isObject(held) ? held : {}, around.world)
    : simple(op, rule, value ?? null, held, around.world);
}

const isEmptyObject = (value: Json | undefined): boolean => isObject(value) && Object.keys(value).length === 0;

function simple(op: Op, rule: Rule, value: Json, held: Json | undefined, world: World): Json | undefined {
  // 3.5.2.2: "If an attribute is removed ... and is defined as a required attribute ... "mutability"".
  if (op === 'remove' && rule.required) return refuse('mutability', `${rule.name} is required`);
  // 3.5.2.1 and 3.5.2.3: single-valued: "the existing value is replaced".
  const given = op === 'remove' ? undefined : simpleValue(rule, value, world.profile);
  // `active` is never unassigned (SPEC 4: "a PUT without `active` leaves it as it is"); PATCH is left open: the same.
  return given === undefined && rule.name === 'active' ? held : given;
}

/** A complex attribute with one value. */
function single(op: Op, { rule, part }: Aim, value: Json, held: JsonObject, world: World): Json | undefined {
  const isManager = rule.name === 'manager';
  if (isManager && part) {
    const given = op === 'remove' ? undefined : simpleValue(part, value, world.profile);
    return managerOf([[part.name, given]]);
  }
  if (part) return withMember(held, part.name, op === 'remove' ? undefined : simpleValue(part, value, world.profile));
  const only = unwrapped(value, world.profile);
  if (op === 'remove' || clears(only, world.profile)) return undefined;
  // SPEC 4 "Manager": "in profile ENTRA also as bare string or as array of one".
  const object = isManager && world.profile === 'ENTRA' && typeof only === 'string' ? { value: only } : only;
  // 3.5.2.3: "a set of sub-attributes ... that replaces any existing values or adds where [one] did not previously exist".
  const parts = partsGiven(rule, object, world.profile);
  // An object that names neither says nothing of the manager.
  if (isManager) return parts.length === 0 ? held : managerOf(parts);
  return parts.reduce<JsonObject>((all, [name, one]) => withMember(all, name, one), held);
}

/**
 * A manager is one fact, told as `value` and as `$ref`, both of which RFC 7643, 8.7.1 lets a client write; `displayName`
 * follows. `value` counts where both are given.
 */
function managerOf(parts: readonly (readonly [string, Json | undefined])[]): Json | undefined {
  const given = new Map(parts);
  const [value, address] = [given.get('value'), given.get('$ref')];
  if (value !== undefined) return { value };
  if (address === undefined) return undefined;
  const [, id] = /(?:^|\/)Users\/([^/]+)$/.exec(textOf(address)) ?? [];
  return id === undefined ? refuse('invalidValue', 'no address of a user') : { value: id };
}

/** A complex attribute with many values. */
function many(op: Op, aim: Aim, value: Json | undefined, held: Elements, around: Surroundings): Elements {
  const { rule, part, filter } = aim;
  const old = held.find((one) => one.primary === true);
  if (filter || part) return onePrimary(rule, selected(op, aim, value ?? null, held, around.world), old, around.marked);
  if (op === 'remove') return removed(value, rule, held, around.world);
  // SPEC 6 "PATCH": "`null` and `[]` clear", here whatever the op: the sentence makes no difference.
  if (clears(value ?? null, around.world.profile)) return [];
  const given = elementsOf(rule, value ?? null, around.world.profile);
  if (given.filter((one) => one.primary === true).length > 1) return refuse('invalidValue', 'two primaries');
  // 3.5.2.1: "a new value is added to the attribute"; 3.5.2.3: "the attribute and all values are replaced".
  const fresh = op === 'add' ? notYetIn(held, given) : given;
  const kept = op === 'add' ? held.map((one): Step => ({ from: one, to: one, named: false })) : [];
  return onePrimary(rule, [...kept, ...fresh.map((to): Step => ({ to, named: true }))], old, around.marked);
}

/** 3.5.2.2: "no filter is specified, the attribute and all values are removed". */
function removed(value: Json | undefined, rule: Rule, held: Elements, { profile }: World): Elements {
  if (value === undefined || (clears(value, profile) && !isList(value))) return [];
  // SPEC 6: "`invalidValue` (a value list on `remove` too)" in profile RFC.
  if (profile === 'RFC') return refuse('invalidValue', 'remove takes no value');
  // SPEC 6 has a value list name whom to remove for `members` in profile ENTRA; that other lists are no different, and a
  // single value a list of one, is left open, and less is lost so.
  const named = isList(value) ? value : [value];
  return held.filter((one) => !named.some((other) => isMeant(rule, other, one)));
}

/** The same value, or the same in all; what is no element of this attribute means none. */
function isMeant(rule: Rule, given: Json, one: JsonObject): boolean {
  const named = isObject(given) ? given : { value: given };
  const parts: JsonObject = Object.fromEntries(
    Object.entries(named).flatMap(([name, part]) => {
      const known = ruleNamed(rule.parts, name);
      return known && part !== '' ? [[known.name, unwrapped(part, 'ENTRA')]] : [];
    }),
  );
  return sameJson(parts, one) || (typeof parts.value === 'string' && parts.value === one.value);
}

/** With a filter, or a part of all elements: what becomes of each. */
function selected(op: Op, { rule, part, filter }: Aim, value: Json, held: Elements, world: World): readonly Step[] {
  const chosen = filter && resolveFilter(filter, rule.parts, world.profile);
  const fits = (one: JsonObject) => !chosen || matches(chosen, one);
  const clearing = op === 'remove' || clears(part ? unwrapped(value, world.profile) : value, world.profile);
  const change = clearing
    ? (one: JsonObject) => emptied(one, part, world.profile)
    : elementChange(op, rule, part, value, world);
  // 3.5.2.2: "the matching records are removed"; 3.5.2.3: "the matching sub-attribute of all matching records is replaced".
  const after = held.flatMap((from) =>
    fits(from) ? change(from).map((to) => ({ from, to, named: true })) : [{ from, to: from, named: false }],
  );
  if (op === 'remove' || held.some(fits)) return after;
  // SPEC 6: "`remove` with no match succeeds"; in profile ENTRA what clears is no different.
  if (clearing && world.profile === 'ENTRA') return after;
  // 3.5.2.3: "no record match was made ... 400 and "noTarget""; SPEC 6: for `add` too; profile ENTRA makes what is named.
  const missing = world.profile === 'ENTRA' && chosen ? described(chosen) : undefined;
  if (!missing) return refuse('noTarget', 'no element matches');
  // It is what the filter names, and what the value says: whatever the op, there is nothing to replace in it.
  const made = clearing ? [] : elementChange('add', rule, part, value, world)(missing);
  return [...after, ...made.map((to) => ({ to, named: true }))];
}

/** "all matching record values SHALL be replaced"; an `add` adds to the record; a part is replaced alone. */
function elementChange(
  op: Op,
  rule: Rule,
  part: Rule | undefined,
  value: Json,
  { profile }: World,
): (one: JsonObject) => Elements {
  if (part) {
    const given = simpleValue(part, value, profile);
    return (one) => [withMember(one, part.name, given)];
  }
  const given = partsGiven(rule, bareText(rule, value, profile), profile);
  return (one) =>
    [
      given.reduce<JsonObject>((all, [name, inner]) => withMember(all, name, inner), op === 'replace' ? {} : one),
    ].filter((all) => !isUnassigned(all));
}

const bareText = (rule: Rule, value: Json, profile: Profile): Json =>
  profile === 'ENTRA' && typeof value === 'string' && rule.parts.some(({ name }) => name === 'value')
    ? { value }
    : value;
type Profile = World['profile'];
