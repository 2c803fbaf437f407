// What a list request asks for: RFC 7644 sections 3.4.2 and 3.4.3, from query parameters. All clamping is here.
import { type Attribute } from '../attribute/attribute.js';
import { findAttribute, parseAttributePath } from '../attribute/attributePath.js';
import { type Projection, projection } from '../attribute/projection.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { type FilterLeniency } from '../filter/filter.js';
import { parseFilter } from '../filter/parseFilter.js';
import { type ResolvedFilter } from '../filter/resolvedFilter.js';
import { resolveFilter } from '../filter/resolveFilter.js';
import { Refusal } from '../refusal.js';
import { type Reading } from './canonical.js';

export interface ListRequest {
  readonly filter: ResolvedFilter | undefined;
  readonly sort: { readonly attribute: Attribute; readonly sub?: Attribute; readonly descending: boolean } | undefined;
  /** 1-based. */
  readonly startIndex: number;
  readonly count: number;
  readonly projection: Projection;
}

const DEFAULT_COUNT = 100;
/** Published in ServiceProviderConfig. */
export const MAX_COUNT = 1000;

/** Query parameters in any case; the first of a repeated one counts. */
export function listRequest(type: ResourceType, query: URLSearchParams, reading: Reading): ListRequest {
  const parameters = parametersOf(query);
  const parameter = (name: string) => parameters.get(name);
  const filter = parameter('filter');
  return {
    filter: filter === undefined ? undefined : readFilter(type, filter, reading),
    sort: readSort(type, parameter('sortby'), parameter('sortorder'), reading),
    startIndex: Math.max(1, integer('startIndex', parameter('startindex'), 1)),
    count: Math.min(MAX_COUNT, Math.max(0, integer('count', parameter('count'), DEFAULT_COUNT))),
    projection: projection(type, parameter('attributes'), parameter('excludedattributes')),
  };
}

/** What one resource shows: the projection alone. */
export function requestedProjection(type: ResourceType, query: URLSearchParams): Projection {
  if (query.size === 0) return projection(type, undefined, undefined);
  const parameters = parametersOf(query);
  return projection(type, parameters.get('attributes'), parameters.get('excludedattributes'));
}

function parametersOf(query: URLSearchParams): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [key, value] of query) {
    const name = key.toLowerCase();
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

function readFilter(type: ResourceType, text: string, { lenient, notes }: Reading): ResolvedFilter {
  const note = (leniency: FilterLeniency) => void notes.leniencies.add(leniency);
  return resolveFilter(parseFilter(text, { unquotedStrings: lenient, note }), type, { shortNames: lenient, note });
}

function readSort(
  type: ResourceType,
  by: string | undefined,
  order: string | undefined,
  { lenient }: Reading,
): ListRequest['sort'] {
  const direction = (order ?? 'ascending').toLowerCase();
  if (direction !== 'ascending' && direction !== 'descending') {
    throw new Refusal('invalidValue', 'sortOrder must be ascending or descending.');
  }
  if (by === undefined || by.trim() === '') return undefined;
  const path = parseAttributePath(by.trim());
  const target = path && findAttribute(type, path, { shortNames: lenient });
  const sorted = target && (target.sub ?? target.attribute);
  if (!sorted || target.attribute.multiValued || sorted.store.kind !== 'column' || sorted.type === 'complex') {
    throw new Refusal(
      'invalidValue',
      `sortBy: "${by}" cannot be sorted by. Use a single-valued attribute such as userName or displayName.`,
    );
  }
  return {
    attribute: target.attribute,
    ...(target.sub ? { sub: target.sub } : {}),
    descending: direction === 'descending',
  };
}

function integer(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  if (!/^[+-]?\d{1,15}$/.test(text.trim())) throw new Refusal('invalidValue', `${name} must be a whole number.`);
  return Number(text.trim());
}
