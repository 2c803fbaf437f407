// How many people there are of each kind, by one or two of their attributes.
import { type QueryResultRow } from 'pg';
import { selected, type Selection } from '../pageSql.js';
import { allUsers } from '../sources.js';
import { type ReadScope } from '../scope.js';

/** What people can be counted by, and the column of it. */
const COLUMNS = {
  DEPARTMENT: 'u.department',
  DIVISION: 'u.division',
  COST_CENTER: 'u.cost_center',
  ORGANIZATION: 'u.organization',
  TITLE: 'u.title',
  USER_TYPE: 'u.user_type',
  PREFERRED_LANGUAGE: 'u.preferred_language',
  LOCALE: 'u.locale',
  MANAGER: 'u.manager_id',
  STATUS: 'u.status',
  ORIGIN: 'u.origin',
} as const;

export type DimensionName = keyof typeof COLUMNS;

export type HeadcountOrderName = 'COUNT_DESC' | 'COUNT_ASC' | 'KEY_ASC';

export interface HeadcountQuery extends Selection {
  readonly by: readonly DimensionName[];
  readonly order: HeadcountOrderName;
  readonly limit: number;
}

export interface HeadcountRow {
  /** A value for each dimension, in their order; an id for MANAGER; null where it is unassigned. */
  readonly keys: readonly (string | null)[];
  readonly people: number;
  readonly active: number;
}

export interface Headcount {
  readonly rows: readonly HeadcountRow[];
  /** People, those of rows beyond the limit too. */
  readonly total: number;
  /** Rows, those beyond the limit too. */
  readonly groups: number;
}

/** Counts in one pass over the people selected. */
export async function headcount(scope: ReadScope, query: HeadcountQuery): Promise<Headcount> {
  const { by, order, limit } = query;
  const params: unknown[] = [scope.tenantId];
  const columns = by.map((dimension) => COLUMNS[dimension]);
  const text = `select array[${columns.map((column) => `${column}::text`).join(', ')}] as keys, count(*)::int as people,
      (count(*) filter (where u.active))::int as active, (sum(count(*)) over ())::int as total, (count(*) over ())::int as groups
    from ${allUsers.from} where ${selected(allUsers, query, params)}
    group by ${columns.join(', ')} order by ${orderSql(order, columns)} limit ${limit}`;
  const rows = await scope.send<HeadcountRow & Omit<Headcount, 'rows'> & QueryResultRow>({ text }, params);
  const [first] = rows;
  return { rows, total: first?.total ?? 0, groups: first?.groups ?? 0 };
}

/** Rows of as many people are in order of their values, so that the same question has the same answer. */
function orderSql(order: HeadcountOrderName, columns: readonly string[]): string {
  const keys = columns.map((column) => `${column}::text collate "und-x-icu"`).join(', ');
  switch (order) {
    case 'COUNT_DESC':
      return `people desc, ${keys}`;
    case 'COUNT_ASC':
      return `people, ${keys}`;
    case 'KEY_ASC':
      return keys;
  }
}
