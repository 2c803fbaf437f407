// What a list request asks for: RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865. All clamping is here.
import { findAttribute, parseAttributePath } from '../attribute/attributePath.js';
import { type Projection, projection } from '../attribute/projection.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { type SortTerm } from '../directory/keyset.js';
import { type FilterLeniency } from '../filter/filter.js';
import { parseFilter } from '../filter/parseFilter.js';
import { EVERYTHING, type ResolvedFilter } from '../filter/resolvedFilter.js';
import { resolveFilter } from '../filter/resolveFilter.js';
import { sortTarget } from '../filter/sortKey.js';
import { Refusal } from '../refusal.js';
import { type Reading } from './canonical.js';
import { type ListParameters, parametersOfQuery } from './listParameters.js';

export interface ListRequest {
  /** 1-based; 1 beside a cursor. */
  readonly startIndex: number;
  readonly count: number;
  /** The text of the cursor; empty for the first page of a walk. Undefined where pages go by index. */
  readonly cursor: string | undefined;
  /** Names the list: a cursor is good for the same one only. */
  readonly name: string;
}

const DEFAULT_COUNT = 100;
/** Published in ServiceProviderConfig. */
export const PAGE_SIZES = { usual: DEFAULT_COUNT, most: 1000 } as const;

/** The page that is asked for of the list at an endpoint. Refuses with `invalidValue` and `invalidCount`. */
export function listRequest(endpoint: string, parameters: ListParameters): ListRequest {
  const { cursor, count, startIndex, filter = '', sortBy = '', sortOrder = '' } = parameters;
  const wrongCount = cursor === undefined ? 'invalidValue' : 'invalidCount';
  return {
    startIndex: cursor === undefined ? Math.max(1, integer('startIndex', startIndex, 1, 'invalidValue')) : 1,
    count: Math.min(PAGE_SIZES.most, Math.max(0, integer('count', count, DEFAULT_COUNT, wrongCount))),
    cursor,
    name: JSON.stringify([endpoint, filter, sortBy.toLowerCase(), sortOrder.toLowerCase()]),
  };
}

/** The attributes that the request wants to see. */
export const requestedAttributes = (type: ResourceType, parameters: ListParameters): Projection =>
  projection(type, parameters.attributes, parameters.excludedAttributes);

/** What one resource shows. */
export const requestedProjection = (type: ResourceType, query: URLSearchParams): Projection =>
  requestedAttributes(type, query.size === 0 ? {} : parametersOfQuery(query));

/** The filter for one type. In a list of several types, what only the others have is unassigned. Refuses with `invalidFilter`. */
export function requestedFilter(
  type: ResourceType,
  { filter }: ListParameters,
  { lenient, notes }: Reading,
  otherTypes: readonly ResourceType[] = [],
): ResolvedFilter {
  if (filter === undefined) return EVERYTHING;
  const note = (leniency: FilterLeniency) => void notes.leniencies.add(leniency);
  const parsed = parseFilter(filter, { unquotedStrings: lenient, note });
  return resolveFilter(parsed, type, { shortNames: lenient, otherTypes, note });
}

/** The order; none where nothing is asked for. Refuses with `invalidValue`. */
export function requestedSort(type: ResourceType, parameters: ListParameters, { lenient }: Reading): SortTerm[] {
  refuseSortOrder(parameters);
  const { sortBy, sortOrder } = parameters;
  if (sortBy === undefined || sortBy.trim() === '') return [];
  const path = parseAttributePath(sortBy.trim());
  const found = path && findAttribute(type, path, { shortNames: lenient });
  const target = found && sortTarget(found);
  if (target) return [{ target, descending: sortOrder?.toLowerCase() === 'descending' }];
  throw new Refusal(
    'invalidValue',
    `sortBy: "${sortBy}" cannot be sorted by. Use an attribute with one value, such as userName, name.familyName or meta.lastModified, or the value of a multi-valued one, such as emails.`,
  );
}

/** Refuses with `invalidValue` what is neither. */
export function refuseSortOrder({ sortOrder = 'ascending' }: ListParameters): void {
  if (['ascending', 'descending'].includes(sortOrder.toLowerCase())) return;
  throw new Refusal('invalidValue', 'sortOrder must be ascending or descending.');
}

function integer(
  name: string,
  text: string | undefined,
  fallback: number,
  kind: 'invalidValue' | 'invalidCount',
): number {
  if (text === undefined || text === '') return fallback;
  if (!/^[+-]?\d{1,15}$/.test(text.trim())) throw new Refusal(kind, `${name} must be a whole number.`);
  return Number(text.trim());
}
