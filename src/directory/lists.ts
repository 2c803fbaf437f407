// Lists of people and groups in keyset order: of a whole tenant, or of many parents (the reports of managers, the
// members of groups, the groups of people) in one statement.
import { type QueryResultRow } from 'pg';
import { type Position } from './keyset.js';
import { countSql, type ListQuery, pageSql, PARENTS, type Selection } from './pageSql.js';
import { type ReadScope, type Statement } from './scope.js';
import { allUsers, type PersonRow, type Source } from './sources.js';

/** A row with its place in the list. */
export type Placed<Row> = Row & { readonly position: Position };

/** The first rows of a list. */
export async function listRows<Row>(scope: ReadScope, source: Source<Row>, query: ListQuery): Promise<Placed<Row>[]> {
  const params: unknown[] = [scope.tenantId];
  const text = pageSql(source, query, scope.request.now, params);
  return scope.send<Placed<Row> & QueryResultRow>({ text }, params);
}

/** The first rows of each parent's list; a parent without rows is missing. */
export async function listRowsOf<Row>(
  scope: ReadScope,
  source: Source<Row>,
  parents: readonly string[],
  query: ListQuery,
): Promise<ReadonlyMap<string, Placed<Row>[]>> {
  const params: unknown[] = [scope.tenantId, parents];
  const text = `select parent.id as "parentId", page.* from ${PARENTS}
    cross join lateral (${pageSql(source, query, scope.request.now, params)}) page order by page.part, page.place`;
  const rows = await scope.send<Placed<Row> & QueryResultRow & { parentId: string }>({ text }, params);
  return Map.groupBy(rows, ({ parentId }) => parentId);
}

/** How many rows a list has. */
export async function countRows<Row>(scope: ReadScope, source: Source<Row>, selection: Selection): Promise<number> {
  const params: unknown[] = [scope.tenantId];
  const text = countSql(source, selection, scope.request.now, params);
  const [counted] = await scope.send<{ total: string }>({ text }, params);
  return Number(counted?.total ?? 0);
}

/** How many rows each parent's list has; a parent without rows is missing. */
export async function countRowsOf<Row>(
  scope: ReadScope,
  source: Source<Row>,
  parents: readonly string[],
  selection: Selection,
): Promise<ReadonlyMap<string, number>> {
  const params: unknown[] = [scope.tenantId, parents];
  const text = countSql(source, selection, scope.request.now, params);
  const rows = await scope.send<{ parent: string; total: string }>({ text }, params);
  return new Map(rows.map((row) => [row.parent, Number(row.total)]));
}

/** People by id, deleted ones excepted; who is not in this tenant is missing. */
export const peopleById = (scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, PersonRow>> =>
  byId(scope, { name: 'people_by_id', text: PEOPLE_BY_ID(allUsers.columns) }, ids);

/** The same, with some of their columns. */
export const peopleByIdWith =
  (columns: string) =>
  (scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, PersonRow>> =>
    byId(scope, { text: PEOPLE_BY_ID(columns) }, ids);

async function byId(scope: ReadScope, statement: Statement, ids: readonly string[]) {
  const rows = await scope.send<PersonRow & QueryResultRow>(statement, [scope.tenantId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

const PEOPLE_BY_ID = (columns: string): string => `select ${columns} from directory_user u
  where u.tenant_id = $1 and u.id = any ($2::uuid[]) and ${allUsers.live ?? ''}`;
