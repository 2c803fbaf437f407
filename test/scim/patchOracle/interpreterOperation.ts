// One operation on one attribute, by the sentences of RFC 7644, 3.5.2.1 (add), 3.5.2.2 (remove) and 3.5.2.3 (replace).
import { type Operation } from './interpreterEnvelope.js';
import { matches, type Filter } from './interpreterFilter.js';
import { added, changed, elementFrom, type Elements, partSet, replaced, without } from './interpreterLists.js';
import { idsGiven, membersOf } from './interpreterMembers.js';
import { type Rule } from './interpreterSchema.js';
import { isList, isObject, type Json, type JsonObject, refuse, withMember, type World } from './interpreterState.js';
import { elementOf, elementsOf, partsGiven, simpleValue } from './interpreterValue.js';

export interface Aim {
  readonly rule: Rule;
  readonly part?: Rule;
  readonly filter?: Filter;
}

/** The attributes of the resource (or of its extension) after the operation. */
export function perform(
  op: Operation['op'],
  aim: Aim,
  value: Json | undefined,
  held: JsonObject,
  world: World,
): JsonObject {
  const { rule, part } = aim;
  // 3.5.2: "a client MUST NOT modify an attribute that has mutability "readOnly" or "immutable"".
  if (rule.mutability !== 'readWrite' || (part && part.mutability !== 'readWrite'))
    return refuse('mutability', `${rule.name} is ${rule.mutability}`);
  if (op !== 'remove' && value === undefined) return refuse('invalidValue', 'a value is required');
  const after =
    rule.kind !== 'complex'
      ? simple(op, rule, value, world)
      : rule.many
        ? many(op, aim, value, elementsIn(held[rule.name]), world)
        : single(op, aim, value, objectIn(held[rule.name]), world);
  return withMember(held, rule.name, after);
}

const elementsIn = (value: Json | undefined): Elements => (isList(value) ? value.filter(isObject) : []);
const objectIn = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

function simple(op: Operation['op'], rule: Rule, value: Json | undefined, world: World): Json | undefined {
  // 3.5.2.2: "If an attribute is removed ... and is defined as a required attribute ... "mutability"".
  if (op === 'remove') return rule.required ? refuse('mutability', `${rule.name} is required`) : undefined;
  // 3.5.2.1 and 3.5.2.3: single-valued: "the existing value is replaced".
  return simpleValue(rule, value ?? null, world.profile);
}

/** A complex attribute with one value. */
function single(
  op: Operation['op'],
  aim: Aim,
  value: Json | undefined,
  held: JsonObject,
  world: World,
): Json | undefined {
  const { rule, part, filter } = aim;
  // Figure 7 reads a filter after any attribute; 3.5.2.3 gives it a meaning for multi-valued ones only.
  if (filter) return refuse('invalidPath', `${rule.name} has one value`);
  if (part)
    return withMember(held, part.name, op === 'remove' ? undefined : simpleValue(part, value ?? null, world.profile));
  if (op === 'remove' || value === null) return undefined;
  const given = rule.name === 'manager' && world.profile === 'ENTRA' ? managerGiven(value ?? null) : value;
  if (given === '' && world.profile === 'ENTRA') return undefined;
  const parts = partsGiven(rule, given ?? null, world.profile);
  // SPEC 6 "PATCH, profile ENTRA": `{}` and `{"value": ""}` clear.
  if (world.profile === 'ENTRA' && parts.every(([, one]) => one === undefined)) return undefined;
  // 3.5.2.3: "a set of sub-attributes ... that replaces any existing values or adds where [one] did not previously exist".
  return parts.reduce<JsonObject>((all, [name, one]) => withMember(all, name, one), held);
}

/** SPEC 4 "Manager": in profile ENTRA also a bare string or an array of one. */
function managerGiven(value: Json): Json {
  const one = isList(value) && value.length === 1 ? (value[0] ?? null) : value;
  return typeof one === 'string' && one !== '' ? { value: one } : one;
}

/** A complex attribute with many values. */
function many(op: Operation['op'], aim: Aim, value: Json | undefined, held: Elements, world: World): Elements {
  const { rule, part, filter } = aim;
  if (op === 'remove') {
    if (part) return changed(held, filter, partSet(part, undefined));
    if (filter) return without(held, filter);
    return removedAll(rule, value, held, world);
  }
  if (filter) return selected(op, { ...aim, filter }, value ?? null, held, world);
  if (part) return changed(held, undefined, partSet(part, simpleValue(part, value ?? null, world.profile)));
  const given =
    rule.name === 'members' ? membersOf(rule, value ?? null, world) : elementsOf(rule, value ?? null, world.profile);
  // SPEC 6 "PATCH": "`null` and `[]` clear", whatever the op.
  return op === 'add' && given.length > 0 ? added(held, given) : replaced(given);
}

/** 3.5.2.2: "no filter is specified, the attribute and all values are removed". */
function removedAll(rule: Rule, value: Json | undefined, held: Elements, world: World): Elements {
  if (value === undefined) return [];
  // SPEC 5: "`remove` of `members` with `[]` removes nobody".
  if (rule.name === 'members' && isList(value) && value.length === 0) return held;
  // SPEC 6: "`invalidValue` (a value list on `remove` too)" in profile RFC; in profile ENTRA it names whom to remove.
  if (world.profile === 'RFC' && isList(value)) return refuse('invalidValue', 'remove takes no value');
  if (rule.name !== 'members') return [];
  const ids = idsGiven(rule, value);
  return held.filter((one) => !ids.includes(String(one.value)));
}

/** A value path: 3.5.2.3, the three sentences about a "valuePath" filter. */
function selected(
  op: 'add' | 'replace',
  { rule, part, filter }: Aim & { readonly filter: Filter },
  value: Json,
  held: Elements,
  world: World,
): Elements {
  // RFC 7643, 4.2: what a member consists of is immutable.
  if (rule.name === 'members') return refuse('mutability', 'a member is added or removed');
  const found = held.some((one) => matches(filter, one));
  const made = found ? undefined : elementFrom(filter);
  // "no record match was made ... 400 and "noTarget""; SPEC 6: for `add` too; profile ENTRA makes a missing element.
  if (!found && (world.profile === 'RFC' || !made)) return refuse('noTarget', 'no element matches');
  const change = part ? partSet(part, simpleValue(part, value, world.profile)) : elementChange(op, rule, value, world);
  return made ? added(held, [change(made)]) : changed(held, filter, change);
}

/** "all matching record values SHALL be replaced"; an `add` adds to the record. */
function elementChange(op: 'add' | 'replace', rule: Rule, value: Json, world: World): (one: JsonObject) => JsonObject {
  if (value === null) return () => ({});
  const given = elementOf(rule, value, world.profile);
  return op === 'replace' ? () => given : (one) => ({ ...one, ...given });
}
