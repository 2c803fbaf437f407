// A page as a ListResponse: RFC 7644 section 3.4.2.
import { fold } from '../attribute/attributeType.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { type PageQuery } from '../directory/page.js';
import { filterToSql } from '../filter/filterToSql.js';
import { type ResolvedFilter } from '../filter/resolvedFilter.js';
import { type ListRequest } from './listRequest.js';

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** Everything of a ListResponse but its resources. */
export const listHead = (total: number, { startIndex }: Pick<ListRequest, 'startIndex'>, itemsPerPage: number) => ({
  schemas: [LIST_RESPONSE],
  totalResults: total,
  startIndex,
  itemsPerPage,
});

/** A whole ListResponse. `Resources` is there even when it is empty: Entra expects it. */
export const listResponse = (
  resources: readonly unknown[],
  total: number,
  request: Pick<ListRequest, 'startIndex'>,
) => ({
  ...listHead(total, request, resources.length),
  Resources: resources,
});

/** The request as SQL over a table called `row`. */
export function pageQuery(type: ResourceType, request: ListRequest, row: string, tenantId: string): PageQuery {
  const params: unknown[] = [tenantId];
  const param = (value: unknown) => `$${params.push(value)}`;
  const text = request.filter && filterToSql(request.filter, type, { param }, row, '$1');
  return {
    ...(text === undefined ? {} : { condition: { text, params } }),
    ...(request.sort ? { orderBy: orderBy(request.sort, row) } : {}),
    offset: request.startIndex - 1,
    limit: request.count,
  };
}

/** RFC 7644 section 3.4.2.3: case counts only where the attribute says so; unassigned values are last when ascending. */
function orderBy({ attribute, sub, descending }: NonNullable<ListRequest['sort']>, row: string): string {
  const { store, type, caseExact } = sub ?? attribute;
  if (store.kind !== 'column') throw new Error(`${attribute.name} is not kept in a column`);
  const column = `${row}.${store.key ?? store.column}`;
  const isText = type === 'string' || type === 'reference';
  const folded = isText && !caseExact && !store.key ? `fold(${column})` : column;
  const collated = isText && store.column !== 'id' && store.column !== 'version' ? `${folded} collate "C"` : folded;
  return `${collated} ${descending ? 'desc nulls first' : 'asc nulls last'}`;
}

/** The folded userName of a filter that is `userName eq "…"` and nothing else: Entra's own question, answered fastest. */
export function soleUserName(filter: ResolvedFilter | undefined): string | undefined {
  if (filter?.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  const { attribute, sub } = filter.target;
  return attribute.name === 'userName' && !sub && typeof filter.value === 'string' ? fold(filter.value) : undefined;
}
