// A resolved filter read in memory: over one element for the brackets of a PATCH path, or over a whole resource.
import { type Attribute } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { parseDateTime } from '../attribute/attributeType.js';
import { compareValues } from './compareValues.js';
import { type ResolvedFilter } from './resolvedFilter.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Whether the value satisfies the filter: RFC 7644 section 3.4.2.2. `element` is JSON in SCIM's shape and spelling: an
 * element of the attribute for a filter of `resolveElementFilter`, else a resource.
 */
export function filterMatches(filter: ResolvedFilter, element: Json): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((one) => filterMatches(one, element));
    case 'or':
      return filter.filters.some((one) => filterMatches(one, element));
    case 'not':
      return !filterMatches(filter.filter, element);
    case 'present':
      return isAssigned(valueAt(filter.target, element));
    case 'compare': {
      const leaf = filter.target.sub ?? filter.target.attribute;
      return compareValues(typed(leaf, valueAt(filter.target, element)), filter.operator, filter.value, leaf.caseExact);
    }
    case 'within': {
      const elements = valueAt(filter.target, element);
      return Array.isArray(elements) && elements.some((one) => isObject(one) && filterMatches(filter.filter, one));
    }
    case 'related':
    case 'word':
      throw new Error('what is asked of other rows and of words is answered by the database');
  }
}

function valueAt({ schema, attribute, sub }: Target, element: Json): unknown {
  // Values of an extension are under its URN, values of the core schema are not: RFC 7643 section 3.
  const extension = schema && element[schema.id];
  const holder = isObject(extension) ? extension : element;
  const value = holder[attribute.name];
  if (!sub) return value;
  return isObject(value) ? value[sub.name] : undefined;
}

/** RFC 7643 section 2.5: null and the empty list are unassigned, and so is an object without parts. */
function isAssigned(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

const typed = ({ type }: Attribute, value: unknown): unknown =>
  type === 'dateTime' && typeof value === 'string' ? parseDateTime(value) : value;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
