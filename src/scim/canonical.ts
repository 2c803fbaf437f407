// Reads JSON as the attributes of a resource type: names in any case become the declared ones, what does not exist here
// is left out and noted, read-only values are left out. Types are not checked here: AJV does that afterwards.
import { type Attribute, MAX_VALUES } from '../attribute/attribute.js';
import { byName } from '../attribute/attributePath.js';
import { emptyAsUnassigned, isNothing, stringAsBoolean, textAsComplex, unwrapSingleValue } from './entraDialect.js';
import { Refusal } from '../refusal.js';
import { type Json, isObject } from './json.js';
import { type Notes } from './notes.js';

/** How a request is read: by the integration's profile. */
export interface Reading {
  /** Profile ENTRA. */
  readonly lenient: boolean;
  readonly notes: Notes;
  /** Inside a Bulk request: the ids that references stand for, one each. */
  readonly idsFor?: (references: readonly string[]) => readonly string[];
}

/** A value of an attribute, with the names inside it as declared and, in profile ENTRA, Entra's shapes made plain. */
export function canonicalValue(attribute: Attribute, value: unknown, reading: Reading): unknown {
  const canonical = canonicalShape(attribute, value, reading);
  const refers = attribute.store.kind === 'link' || attribute.store.kind === 'edge';
  return reading.idsFor && refers ? withIds(canonical, reading.idsFor) : canonical;
}

function canonicalShape(attribute: Attribute, value: unknown, reading: Reading): unknown {
  const { lenient, notes } = reading;
  if (!attribute.multiValued) {
    const single = lenient ? unwrapSingleValue(attribute, value, notes) : value;
    return canonicalElement(attribute, single, reading);
  }
  if (value === null) return null;
  if (!Array.isArray(value)) {
    if (!lenient) return value;
    if (isNothing(value)) return emptyAsUnassigned(notes);
    notes.leniencies.add('singleValueForList');
    return [canonicalElement(attribute, value, reading)];
  }
  refuseTooMany(attribute, value.length);
  return value.map((element) => canonicalElement(attribute, element, reading));
}

/** Refuses with `invalidValue` a list longer than the directory keeps in one row. */
export function refuseTooMany({ name, store }: Attribute, count: number): void {
  if (store.kind === 'list' && count > MAX_VALUES)
    throw new Refusal('invalidValue', `${name} may have ${MAX_VALUES} values; these are ${count}.`);
}

/** One element of a multi-valued attribute, or the value of a single-valued one. */
export function canonicalElement(attribute: Attribute, value: unknown, reading: Reading): unknown {
  const { lenient, notes } = reading;
  const { type, required, subAttributes = [] } = attribute;
  if (isObject(value)) {
    const unassigned = lenient && !required && isNothing(value) ? emptyAsUnassigned(notes) : value;
    return type === 'complex' ? canonicalObject(attribute, value, reading) : unassigned;
  }
  if (!lenient || typeof value !== 'string') return value;
  if (value === '' && !required) return emptyAsUnassigned(notes);
  if (type === 'complex') return byName(subAttributes, 'value') ? textAsComplex(attribute, value, notes) : value;
  return type === 'boolean' ? stringAsBoolean(value, notes) : value;
}

function canonicalObject({ name, subAttributes = [] }: Attribute, value: Json, reading: Reading): Json {
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const sub = byName(subAttributes, key);
    if (!sub) reading.notes.ignored.add(`${name}.${key}`);
    else if (sub.mutability !== 'readOnly') entries.push([sub.name, canonicalValue(sub, inner, reading)]);
  }
  return Object.fromEntries(entries);
}

/** References whose value, or else the end of whose address, is a bulkId say the id instead: RFC 7644 section 3.7.2. */
function withIds(value: unknown, idsFor: NonNullable<Reading['idsFor']>): unknown {
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  const references = elements.map((element) => (isObject(element) ? referenceIn(element) : ''));
  const ids = idsFor(references);
  const named = elements.map((element, index) =>
    isObject(element) && ids[index] !== references[index] ? { ...element, value: ids[index] } : element,
  );
  return Array.isArray(value) ? named : named[0];
}

function referenceIn({ value, $ref }: Json): string {
  const given = value ?? (typeof $ref === 'string' ? $ref.slice($ref.lastIndexOf('/') + 1) : undefined);
  return typeof given === 'string' ? given : '';
}
