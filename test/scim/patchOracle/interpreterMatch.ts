// Whether an element matches the filter of a value path: RFC 7644, 3.4.2.2, table 3.
import { type Comparator, type Filter } from './interpreterFilter.js';
import { isUnassigned, type Json, type JsonObject, textOf } from './interpreterState.js';

/**
 * SPEC 6 "filter": `ne` also matches the unassigned, `eq null` is unassigned. Where `primary` is not there, `eq false`
 * does not match: RFC 7643, 2.4 would have it false, SPEC says "unassigned" of all alike; decided as SPEC has it.
 */
export function matches(filter: Filter, element: JsonObject): boolean {
  switch (filter.kind) {
    case 'pr':
      return !isUnassigned(element[filter.part.name]) && element[filter.part.name] !== '';
    case 'not':
      return !matches(filter.inner, element);
    case 'and':
      return matches(filter.left, element) && matches(filter.right, element);
    case 'or':
      return matches(filter.left, element) || matches(filter.right, element);
    case 'compare':
      return holds(filter.comparator, element[filter.part.name], filter.literal, filter.part.caseExact);
  }
}

function holds(comparator: Comparator, value: Json | undefined, literal: Json, caseExact: boolean): boolean {
  if (comparator === 'ne') return !holds('eq', value, literal, caseExact);
  if (literal === null || value === undefined || value === null) return literal === null && isUnassigned(value);
  if (typeof literal === 'boolean') return value === literal;
  const fold = (text: Json) => (caseExact ? textOf(text) : textOf(text).toLowerCase());
  const [held, sought] = [fold(value), fold(literal)];
  switch (comparator) {
    case 'eq':
      return held === sought;
    case 'co':
      return held.includes(sought);
    case 'sw':
      return held.startsWith(sought);
    case 'ew':
      return held.endsWith(sought);
    case 'gt':
      return held > sought;
    case 'ge':
      return held >= sought;
    case 'lt':
      return held < sought;
    case 'le':
      return held <= sought;
  }
}
