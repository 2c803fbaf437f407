// What one PATCH operation makes of the value of one attribute: RFC 7644 sections 3.5.2.1 to 3.5.2.3.
import { type Attribute } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { equalValues } from '../attribute/change.js';
import { type Filter, type FilterLeniency } from '../filter/filter.js';
import { filterMatches } from '../filter/filterMatches.js';
import { resolveElementFilter } from '../filter/resolveFilter.js';
import { Refusal } from '../refusal.js';
import { type Reading, canonicalElement, canonicalValue } from './canonical.js';
import { type Operation, isNothing } from './entraDialect.js';
import { type Json, compact, isObject } from './json.js';
import { storedValue } from './resourceBody.js';
import { validateValue } from './validateMessage.js';

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

/** The value afterwards, as the directory keeps it; null is unassigned. */
export function patchedValue(step: Step): unknown {
  const { target, filter, before } = step;
  const { attribute } = target;
  if (attribute.multiValued) {
    const after = settled(step, list(before), onePrimary(step, list(before), patchedList(step, list(before))));
    return after.length > 0 ? after : null;
  }
  if (filter)
    throw new Refusal(
      'invalidPath',
      `${step.text}: ${attribute.name} has one value, so nothing can be selected in it.`,
    );
  return patchedSingle(step);
}

function patchedSingle({ operation, target, text, before, reading }: Step): unknown {
  const { attribute, sub } = target;
  const { op, value } = operation;
  if (attribute.store.kind === 'link') {
    // A reference is one fact, told as `value` and as `$ref`: neither can be removed without the other.
    if (op === 'remove') return null;
    const given = compact(canonicalValue(attribute, sub ? { [sub.name]: value } : value, reading));
    validateValue(attribute, given, text);
    return storedValue(attribute, given);
  }
  const named = sub ?? attribute;
  const given = op === 'remove' ? null : settledSingle(named, canonicalValue(named, value, reading));
  if (given !== null || attribute.required) validateRequired(named, given, text, op);
  if (sub) return compact({ ...(before as Json | null), [sub.name]: given });
  // RFC 7644 section 3.5.2.3: parts that are not named stay.
  return isObject(given) && isObject(before) ? compact({ ...before, ...given, ...nulls(value, given) }) : given;
}

/** An empty list is unassigned (RFC 7643 section 2.5); of a complex value, what says nothing is left out. */
const settledSingle = ({ type }: Attribute, value: unknown): unknown =>
  type === 'complex' || (Array.isArray(value) && value.length === 0) ? compact(value) : value;

/** Parts named with null are cleared, although `compact` left them out. */
const nulls = (value: unknown, given: Json): Json =>
  Object.fromEntries(
    Object.keys(isObject(value) ? value : {})
      .filter((key) => !(key in given))
      .map((key) => [key, null]),
  );

function validateRequired(attribute: Attribute, given: unknown, text: string, op: Operation['op']): void {
  if (given === null && (op === 'remove' || attribute.required)) {
    throw new Refusal('mutability', `${text} is required and cannot be removed; replace it.`);
  }
  validateValue(attribute, given, text);
}

/** Each element at its place: what was there first, changed or not, then what has come. Only `remove` and `replace` of the list leave places out. */
function patchedList(step: Step, before: readonly Json[]): readonly Json[] {
  const { filter, target, operation } = step;
  if (filter || target.sub) return patchedElements(step, before);
  const { attribute } = target;
  if (operation.op === 'remove') return removedFromList(step, before);
  const given = elements(attribute, operation.value, step);
  if (operation.op === 'replace' || isCleared(operation.value, given)) return given;
  return given.reduce<readonly Json[]>(
    (all, element) => (all.some((other) => equalValues(other, element)) ? all : [...all, element]),
    before,
  );
}

/** `null` and `[]` clear; a list of nothing, `[{}]`, adds nothing. */
const isCleared = (value: unknown, given: readonly Json[]): boolean =>
  given.length === 0 && !(Array.isArray(value) && value.length > 0);

/** In profile ENTRA a value on `remove` says which elements to remove; in the RFC there is none. */
function removedFromList({ operation, reading, target, text }: Step, before: readonly Json[]): readonly Json[] {
  const { value } = operation;
  if (value === undefined || value === null || (reading.lenient && isNothing(value))) return [];
  if (!reading.lenient) throw new Refusal('invalidValue', `${text}: a remove operation takes no value.`);
  reading.notes.leniencies.add('removeWithValueList');
  const gone = list(canonicalValue(target.attribute, value, reading));
  return before.filter(
    (element) =>
      !gone.some((one) => equalValues(one, element) || (one.value !== undefined && one.value === element.value)),
  );
}

function patchedElements(step: Step, before: readonly Json[]): readonly Json[] {
  const { filter, target, operation, text, reading } = step;
  const { attribute, sub } = target;
  const note = (leniency: FilterLeniency) => void reading.notes.leniencies.add(leniency);
  const selected = filter && resolveElementFilter(filter, attribute, { looseBooleans: reading.lenient, note });
  const matches = (element: Json) => selected === undefined || filterMatches(selected, element);
  if (operation.op === 'remove') {
    if (!sub) return before.filter((element) => !matches(element));
    return before.map((element) => (matches(element) ? without(element, sub) : element));
  }
  const given = sub
    ? canonicalValue(sub, operation.value, reading)
    : canonicalElement(attribute, operation.value, reading);
  if (given !== null) validateValue(sub ?? attribute, given, text, sub ? 'value' : 'element');
  const changed = (element: Json): Json => {
    if (sub) return { ...element, [sub.name]: given };
    // Null is unassigned: what is replaced by it goes, what it is added to stays.
    return operation.op === 'replace' ? ((given as Json | null) ?? {}) : { ...element, ...(given as Json | null) };
  };
  if (before.some(matches)) {
    if (marksPrimary(given, sub) && before.filter(matches).length > 1) throw twoPrimaries(step);
    return before.map((element) => (matches(element) ? changed(element) : element));
  }
  if (!reading.lenient || !filter)
    throw new Refusal('noTarget', `${text} selects no value: there is nothing to change. Add the value first.`);
  if (given === null) return before;
  reading.notes.leniencies.add('elementCreated');
  return [...before, changed(selectedBy(filter, attribute))];
}

/** The element that a filter describes: Entra names `emails[type eq "work"].value` before there is such an address. */
function selectedBy(filter: Filter, attribute: Attribute): Json {
  if (filter.kind === 'and')
    return Object.assign({}, ...filter.filters.map((one) => selectedBy(one, attribute))) as Json;
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return {};
  const { path, literal } = filter;
  const sub = attribute.subAttributes?.find(({ name }) => name.toLowerCase() === path.name.toLowerCase());
  if (!sub || literal === null) return {};
  return { [sub.name]: sub.type === 'boolean' ? String(literal).toLowerCase() === 'true' : literal };
}

/**
 * Without what a value path has emptied: in profile ENTRA an element of which only its type is left goes as well. One
 * that has just come may still be filled by the operations that follow.
 */
function settled(step: Step, before: readonly Json[], after: readonly Json[]): readonly Json[] {
  const { filter, target, operation, reading } = step;
  if (!(filter || target.sub) || (operation.op === 'remove' && !target.sub)) return after;
  const says = (part: string) => !reading.lenient || (part !== 'type' && part !== 'primary');
  const kept = after.slice(0, before.length).map(compact).filter(isObject);
  return [...kept.filter((element) => Object.keys(element).some(says)), ...after.slice(before.length)];
}

const without = (element: Json, { name }: Attribute): Json =>
  Object.fromEntries(Object.entries(element).filter(([part]) => part !== name));

function elements(attribute: Attribute, value: unknown, { reading, text }: Step): readonly Json[] {
  const many = reading.lenient || Array.isArray(value) || value === null ? value : [value];
  const given = canonicalValue(attribute, many, reading);
  validateValue(attribute, given, text);
  return list(storedValue(attribute, given));
}

/** A value newly marked primary takes the mark from the others; two in one request are refused. */
function onePrimary(step: Step, before: readonly Json[], after: readonly Json[]): readonly Json[] {
  const { target, filter, operation, primaries } = step;
  if (operation.op === 'remove') return after;
  const isNewList = operation.op === 'replace' && !filter && !target.sub;
  const wasPrimary = (element: Json, place: number) =>
    isNewList
      ? before.some((one) => one.primary === true && one.value === element.value)
      : before[place]?.primary === true;
  const marked = after.filter((element, place) => element.primary === true && !wasPrimary(element, place));
  const [chosen] = marked;
  if (!chosen) return after;
  if (marked.length > 1 || primaries.has(target.attribute)) throw twoPrimaries(step);
  primaries.add(target.attribute);
  return after.map((one) => (one !== chosen && one.primary === true ? { ...one, primary: false } : one));
}

const marksPrimary = (given: unknown, sub: Attribute | undefined): boolean =>
  sub ? sub.name === 'primary' && given === true : isObject(given) && given.primary === true;

const twoPrimaries = ({ text, target }: Step): Refusal =>
  new Refusal(
    'invalidValue',
    `${text}: more than one value of ${target.attribute.name} would be primary; mark one only.`,
  );

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
