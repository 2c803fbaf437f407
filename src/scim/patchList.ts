// What one PATCH operation makes of the values of a multi-valued attribute: RFC 7644 sections 3.5.2.1 to 3.5.2.3.
import { type Attribute } from '../attribute/attribute.js';
import { equalValues } from '../attribute/change.js';
import { type Filter, type FilterLeniency } from '../filter/filter.js';
import { filterMatches } from '../filter/filterMatches.js';
import { resolveElementFilter } from '../filter/resolveFilter.js';
import { Refusal } from '../refusal.js';
import { canonicalElement, canonicalValue, refuseTooMany } from './canonical.js';
import { isNothing } from './entraDialect.js';
import { type Json, compact, isObject } from './json.js';
import { type Step, clears } from './patchStep.js';
import { storedValue } from './resourceBody.js';
import { validateValue } from './validateMessage.js';

/** The list afterwards; null is unassigned. */
export function patchedList(step: Step): readonly Json[] | null {
  const before = list(step.before);
  const after = onePrimary(step, before, changedList(step, before));
  refuseTooMany(step.target.attribute, after.length);
  return after.length > 0 ? after : null;
}

function changedList(step: Step, before: readonly Json[]): readonly Json[] {
  const { filter, target, operation } = step;
  if (filter || target.sub) return patchedElements(step, before);
  const { attribute } = target;
  if (operation.op === 'remove') return removedFromList(step, before);
  const given = elements(attribute, operation.value, step);
  if (operation.op === 'replace') return given;
  if (given.length === 0) return clears(operation.value, step.reading) ? [] : before;
  return given.reduce<readonly Json[]>(
    (all, element) => (all.some((other) => sameElement(other, element)) ? all : [...all, element]),
    before,
  );
}

/** RFC 7643 section 2.4: where `primary` is not given it is false. */
const sameElement = (one: Json, other: Json): boolean =>
  one.value === other.value &&
  equalValues({ ...one, primary: one.primary ?? false }, { ...other, primary: other.primary ?? false });

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
  const { attribute } = target;
  const note = (leniency: FilterLeniency) => void reading.notes.leniencies.add(leniency);
  const selected = filter && resolveElementFilter(filter, attribute, { looseBooleans: reading.lenient, note });
  const matches = (element: Json) => selected === undefined || filterMatches(selected, element);
  const clearing = operation.op === 'remove' || clears(operation.value, reading, target.sub !== undefined);
  const change = clearing ? (element: Json) => emptied(element, step) : elementChange(step);
  const changed = (element: Json): readonly Json[] => list([compact(change(element))]);
  if (operation.op === 'remove' || before.some(matches))
    return before.flatMap((element) => (matches(element) ? changed(element) : [element]));
  if (clearing && reading.lenient) return before;
  const described = reading.lenient && filter ? selectedBy(filter, attribute) : {};
  // Made is what the filter names; one that names nothing, or contradicts itself, would be made again each time.
  if (Object.keys(described).length === 0 || !matches(described))
    throw new Refusal('noTarget', `${text} selects no value: there is nothing to change. Add the value first.`);
  reading.notes.leniencies.add('elementCreated');
  const made = elementChange({ ...step, operation: { ...operation, op: 'add' } })(described);
  return [...before, ...list([compact(made)])];
}

/** An element without the part that is cleared, or nothing; in profile ENTRA it goes when only type and mark are left. */
function emptied(element: Json, { target: { sub }, reading }: Step): Json | null {
  if (!sub) return null;
  const rest = Object.entries(element).filter(([part]) => part !== sub.name);
  const says = rest.some(([part]) => !reading.lenient || (part !== 'type' && part !== 'primary'));
  return says ? Object.fromEntries(rest) : null;
}

/** What `add` or `replace` makes of an element. */
function elementChange({ operation, target, text, reading }: Step): (element: Json) => Json | null {
  const { attribute, sub } = target;
  const { op, value } = operation;
  const given = sub ? canonicalValue(sub, value, reading) : canonicalElement(attribute, value, reading);
  if (given !== null) validateValue(sub ?? attribute, given, text, sub ? 'value' : 'element');
  if (sub) return (element) => ({ ...element, [sub.name]: given });
  return (element) => (op === 'replace' ? (given as Json | null) : { ...element, ...(given as Json | null) });
}

/** The element that a filter describes: Entra names `emails[type eq "work"].value` before there is such an address. */
function selectedBy(filter: Filter, attribute: Attribute): Json {
  if (filter.kind === 'and')
    return Object.assign({}, ...filter.filters.map((one) => selectedBy(one, attribute))) as Json;
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return {};
  const { path, literal, digits } = filter;
  const sub = attribute.subAttributes?.find(({ name }) => name.toLowerCase() === path.name.toLowerCase());
  if (!sub || literal === null) return {};
  return { [sub.name]: sub.type === 'boolean' ? String(literal).toLowerCase() === 'true' : (digits ?? literal) };
}

function elements(attribute: Attribute, value: unknown, { reading, text }: Step): readonly Json[] {
  const many = reading.lenient || Array.isArray(value) || value === null ? value : [value];
  const given = canonicalValue(attribute, many, reading);
  validateValue(attribute, given, text);
  return list(storedValue(attribute, given));
}

/** A value newly marked primary takes the mark from the others; two in one request are refused. */
function onePrimary(step: Step, before: readonly Json[], after: readonly Json[]): readonly Json[] {
  const { attribute } = step.target;
  // What an operation does not touch is the same object before and after.
  const marked = after.filter((element) => element.primary === true && !before.includes(element));
  const [chosen] = marked;
  if (!chosen) return after;
  const moves = movesMark(step, before, after, chosen);
  if (marked.length > 1 || (moves && step.primaries.has(attribute))) {
    throw new Refusal(
      'invalidValue',
      `${step.text}: more than one value of ${attribute.name} would be primary; mark one only.`,
    );
  }
  if (moves) step.primaries.add(attribute);
  return after.map((one) => (one !== chosen && one.primary === true ? { ...one, primary: false } : one));
}

/** Whether another element than before is primary now; a list that is replaced may name the same one again. */
function movesMark({ filter, target }: Step, before: readonly Json[], after: readonly Json[], chosen: Json): boolean {
  const old = before.find((element) => element.primary === true);
  if (!old || after.includes(old)) return true;
  if (filter || target.sub) return false;
  return old.value === undefined ? !equalValues(old, chosen) : old.value !== chosen.value;
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
