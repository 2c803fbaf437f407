// A resolved filter as a condition that PostgreSQL evaluates on a row. Whatever the filter holds goes into parameters;
// only names that the attributes declare become SQL.
import { type ResourceType } from '../attribute/resourceType.js';
import { compareToSql } from './compareToSql.js';
import { type ResolvedFilter } from './resolvedFilter.js';
import { type Places, type SqlParameters } from './sqlPlace.js';
import { rowPlaces } from './sqlRow.js';

/**
 * A boolean SQL expression for the rows of the type: RFC 7644 section 3.4.2.2. `param` takes a value and returns its
 * placeholder; `alias` names the row; `tenant` is the SQL of the tenant's id. The expression may be null, which selects
 * nothing, and says nothing of tenant or status.
 */
export function filterToSql(
  filter: ResolvedFilter,
  type: Pick<ResourceType, 'table'>,
  sql: SqlParameters,
  alias: string,
  tenant: string,
): string {
  return conditionOf(filter, rowPlaces({ type, sql, alias, tenant, conditionOf }), sql);
}

function conditionOf(filter: ResolvedFilter, places: Places, sql: SqlParameters): string {
  switch (filter.kind) {
    case 'and':
      return joined(filter.filters, ' and ', places, sql) ?? 'true';
    case 'or':
      return joined(filter.filters, ' or ', places, sql) ?? 'false';
    case 'not':
      // SQL's own `not` would lose the rows where the condition is null.
      return `((${conditionOf(filter.filter, places, sql)}) is not true)`;
    case 'present':
      return places.present(filter.target);
    case 'compare':
      return compareToSql(places.place(filter.target), filter.operator, filter.value, sql);
    case 'within':
      return places.within(filter.target, filter.filter);
    case 'related':
      return places.related(filter);
    case 'word':
      return places.word(filter.prefix);
  }
}

function joined(
  filters: readonly ResolvedFilter[],
  word: string,
  places: Places,
  sql: SqlParameters,
): string | undefined {
  if (filters.length === 0) return undefined;
  return `(${filters.map((one) => conditionOf(one, places, sql)).join(word)})`;
}
