// Filter and resource type to resolved filter: attributes exist, operators suit their types, values are of their types.
import { type Attribute } from '../attribute/attribute.js';
import { type AttributePath, type Target, byName, findAttribute } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { Refusal } from '../refusal.js';
import { compareResourceType, compareSchemas, computedKind, endOfAddress } from './computedAttributes.js';
import {
  type Comparison,
  type Filter,
  type FilterLeniency,
  type Literal,
  type Presence,
  type Within,
} from './filter.js';
import { EVERYTHING, NOTHING, type ResolvedFilter, type ResolvedOperator, not } from './resolvedFilter.js';
import { resolveValue } from './resolveValue.js';

export interface ResolveOptions {
  /** Profile ENTRA: enterprise attributes without their URN, "True" for true, 70077 for "70077". */
  readonly shortNames: boolean;
  /** In a list of several types: an attribute that only these have is unassigned here (RFC 7644 section 3.4.2.1). */
  readonly otherTypes?: readonly ResourceType[];
  /** Told each leniency used. */
  readonly note?: (leniency: FilterLeniency) => void;
}

export interface ElementOptions {
  /** Entra sends `roles[primary eq "True"].value`. */
  readonly looseBooleans: boolean;
  readonly note?: (leniency: FilterLeniency) => void;
}

/** RFC 7644 section 3.4.2.2. Refuses with `invalidFilter`, naming the attribute and the column. */
export function resolveFilter(filter: Filter, type: ResourceType, options: ResolveOptions): ResolvedFilter {
  const find = (path: AttributePath) => findIn(type, path, options);
  const isElsewhere = (path: AttributePath) =>
    options.otherTypes?.some((other) => findAttribute(other, path, options) !== undefined) ?? false;
  return resolve(filter, { find, isElsewhere, type, within: false, loose: options.shortNames, note: options.note });
}

/**
 * What the brackets of a PATCH path hold, for the elements of that attribute: RFC 7644 section 3.5.2. Refuses with
 * `invalidFilter`, which table 9 has for PATCH too.
 */
export function resolveElementFilter(filter: Filter, attribute: Attribute, options: ElementOptions): ResolvedFilter {
  const find = (path: AttributePath) => findPart(attribute, path);
  return resolve(filter, {
    find,
    isElsewhere: () => false,
    within: true,
    loose: options.looseBooleans,
    note: options.note,
  });
}

/** Where names are looked up: in a resource type, or in one attribute. */
interface Names {
  readonly find: (path: AttributePath) => Target | undefined;
  /** Whether a path that `find` does not know is one of another type in the same list. */
  readonly isElsewhere: (path: AttributePath) => boolean;
  readonly type?: ResourceType;
  /** Inside brackets already. */
  readonly within: boolean;
  readonly loose: boolean;
  readonly note: ((leniency: FilterLeniency) => void) | undefined;
}

function resolve(filter: Filter, names: Names): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, filters: filter.filters.map((one) => resolve(one, names)) };
    case 'not':
      return not(resolve(filter.filter, names));
    case 'present':
      return isUnassigned(filter, names) ? NOTHING : present(targetOf(filter, names));
    case 'compare':
      return resolveComparison(filter, names);
    case 'within':
      return resolveWithin(filter, names);
  }
}

function resolveWithin(filter: Within, names: Names): ResolvedFilter {
  if (names.within) throw refusal('brackets within brackets are not allowed', filter.column);
  if (isUnassigned(filter, names)) return NOTHING;
  const target = targetOf(filter, names);
  const { schema, attribute } = target;
  if (!attribute.subAttributes) throw refusal(`"${filter.path.text}" has no sub-attributes`, filter.column);
  const inside = (find: Names['find']) =>
    resolve(filter.filter, { ...names, find, isElsewhere: () => false, within: true });
  if (attribute.multiValued) return { kind: 'within', target, filter: inside((path) => findPart(attribute, path)) };
  // The brackets of a single value choose that value or nothing.
  const inValue = inside((path) => {
    const sub = findPart(attribute, path)?.attribute;
    return sub && { schema, attribute, sub };
  });
  return { kind: 'and', filters: [present(target), inValue] };
}

function resolveComparison(filter: Comparison, names: Names): ResolvedFilter {
  const { operator, literal, column } = filter;
  // `ne` also matches the unassigned, and of several values none may be equal: exactly what is not `eq`.
  if (operator === 'ne') return not(resolveComparison({ ...filter, operator: 'eq' }, names));
  if (isUnassigned(filter, names)) return literal === null && operator === 'eq' ? EVERYTHING : NOTHING;
  const target = targetOf(filter, names);
  if (literal === null) {
    if (operator !== 'eq') throw refusal(`"${operator}" does not suit null`, column);
    return not(present(target));
  }
  const compared = withValue(target, filter);
  const leaf = compared.sub ?? compared.attribute;
  const value = resolveValue(leaf, { ...filter, operator, literal }, names);
  const among = value instanceof Date && isBetweenMilliseconds(literal) ? AMONG_MILLISECONDS[operator] : operator;
  if (!among) return NOTHING;
  const plain = (at: Target): ResolvedFilter => ({ kind: 'compare', target: at, operator: among, value });
  const computed = computedKind(compared);
  if (!computed) return anyOf(compared, plain);
  if (computed === 'address') return anyOf(compared, (at) => compareAddress(at, filter, String(value), names));
  if (!names.type) return plain(compared);
  const compare = computed === 'schemas' ? compareSchemas : compareResourceType;
  return compare(names.type, operator, String(value));
}

// Moments are kept by the millisecond: none is equal to one between two of them, of which `value` is the earlier.
const AMONG_MILLISECONDS: Partial<Record<ResolvedOperator, ResolvedOperator>> = {
  gt: 'gt',
  ge: 'gt',
  lt: 'le',
  le: 'le',
};

const isBetweenMilliseconds = (literal: Literal): boolean => /\.\d{3}\d*[1-9]/.test(String(literal));

function compareAddress(target: Target, filter: Comparison, address: string, names: Names): ResolvedFilter {
  const { path, operator, column } = filter;
  if (operator !== 'eq') throw refusal(`"${operator}" does not suit "${path.text}"`, column);
  const leaf = target.sub ?? target.attribute;
  const end = endOfAddress(address, leaf.referenceTypes?.[0] ?? names.type?.name ?? '');
  return end === undefined ? NOTHING : { kind: 'compare', target, operator: 'ew', value: end };
}

/** `pr`, RFC 7644 table 3: a value, or an element. */
function present(target: Target): ResolvedFilter {
  const { attribute, sub } = target;
  if (attribute.name === 'schemas' || attribute.name === 'meta') return EVERYTHING;
  return sub ? anyOf(target, (at) => ({ kind: 'present', target: at })) : { kind: 'present', target };
}

// A sub-attribute of a multi-valued attribute is that of some element.
function anyOf({ schema, attribute, sub }: Target, leaf: (target: Target) => ResolvedFilter): ResolvedFilter {
  if (!sub || !attribute.multiValued) return leaf({ schema, attribute, ...(sub ? { sub } : {}) });
  return { kind: 'within', target: { schema, attribute }, filter: leaf({ schema, attribute: sub }) };
}

/** What a complex attribute is compared by: its `value`. RFC 7644 section 3.4.2.2 asks that of multi-valued ones. */
function withValue(target: Target, { path, column }: Comparison): Target {
  if (target.sub || target.attribute.type !== 'complex') return target;
  const sub = byName(target.attribute.subAttributes ?? [], 'value');
  if (sub) return { ...target, sub };
  throw refusal(`"${path.text}" can only be compared by one of its sub-attributes`, column);
}

/** What another type has, and this one has not: the other type's reading says whether operator and value suit it. */
const isUnassigned = ({ path }: Comparison | Presence | Within, { find, isElsewhere }: Names): boolean =>
  isElsewhere(path) && find(path) === undefined;

function targetOf({ path, column }: Comparison | Presence | Within, names: Names): Target {
  const target = names.find(path);
  if (!target) throw refusal(`there is no attribute "${path.text}" here`, column);
  return target;
}

function findIn(type: ResourceType, path: AttributePath, { shortNames, note }: ResolveOptions): Target | undefined {
  const target = findAttribute(type, path, { shortNames });
  if (target?.schema && path.schema === undefined && type.extensions.includes(target.schema))
    note?.('enterpriseNameWithoutUrn');
  return target;
}

function findPart({ subAttributes = [] }: Attribute, path: AttributePath): Target | undefined {
  const attribute = path.schema === undefined && path.sub === undefined ? byName(subAttributes, path.name) : undefined;
  return attribute && { schema: undefined, attribute };
}

const refusal = (message: string, column: number): Refusal =>
  new Refusal('invalidFilter', `${message} at column ${column}`);
