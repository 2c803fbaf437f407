// Lists of people and groups in keyset order: of a whole tenant, or of many parents (the reports of managers, the
// members of groups, the groups of people) in one statement.
import { type QueryResultRow } from 'pg';
import { type ResourceType } from '../attribute/resourceType.js';
import { filterToSql } from '../filter/filterToSql.js';
import { type ResolvedFilter } from '../filter/resolvedFilter.js';
import { everybodyBelow } from '../filter/sqlRelated.js';
import { type Changed, changedIn, changedLately, changedSinceSql } from './changedLately.js';
import { type GroupRow, groupColumns } from './group/groups.js';
import { keysOf, orderBy, type Position, positionSql, rangesAfter, type SortTerm } from './keyset.js';
import { groupType, userType } from './resourceTypes.js';
import { type ReadScope } from './scope.js';
import { shownColumns, type Instant, shownColumnsWithoutGroups, userColumns, type UserRow } from './user/userRow.js';

/** A person's own columns; the others are there under the names of their properties. */
export type PersonRow = Pick<
  UserRow,
  'id' | 'userName' | 'emails' | 'phoneNumbers' | 'matchEmailKey' | 'manager' | 'managerId' | 'status' | 'origin'
>;

/** What is selected. */
export interface Selection {
  readonly filter: ResolvedFilter;
  readonly withDeleted: boolean;
}

export interface ListQuery extends Selection {
  readonly sort: readonly SortTerm[];
  /** Turns the order around: the rows before a position, the nearest first. */
  readonly backward?: boolean;
  readonly after: Position | undefined;
  /** Rows to skip, 0 where it is absent: costs as much as reading them. Only for a list of the tenant, without `after`. */
  readonly offset?: number;
  readonly limit: number;
}

/** A row with its place in the list. */
export type Placed<Row> = Row & { readonly position: Position };

/** Where rows come from; `parent` is the column that says whose they are. */
export interface Source<Row> {
  readonly type: Pick<ResourceType, 'table'>;
  /** What `changed_hour` calls these rows; absent where it has none of them. */
  readonly changed?: ResourceType['name'];
  readonly row: string;
  readonly columns: string;
  readonly from: string;
  readonly live: string | undefined;
  readonly parent?: string;
  /** `from` itself begins at `parent.id`. */
  readonly lateral?: true;
  /** SQL of the id, where an index has it beside the parent. */
  readonly id?: string;
  /** Only says what a row is. */
  readonly of?: Row;
}

const people = {
  type: userType,
  changed: userType.name,
  row: 'u',
  columns: userColumns('u'),
  live: "u.status <> 'DELETED'",
};
const groups = { type: groupType, changed: groupType.name, row: 'g', columns: groupColumns('g'), live: undefined };

export const allUsers: Source<PersonRow> = { ...people, from: 'directory_user u' };
/** A condition with a parameter would not be known to be that of the indexes of deleted people. */
export const deletedUsers: Source<PersonRow> = { ...allUsers, live: "u.status = 'DELETED'" };
export const allGroups: Source<GroupRow> = { ...groups, from: 'directory_group g' };
/** People with everything SCIM shows. */
export const shownUsers: Source<UserRow> = { ...people, from: 'directory_user u', columns: shownColumns };
export const shownUsersWithoutGroups: Source<UserRow> = { ...shownUsers, columns: shownColumnsWithoutGroups };
export const reportsOf: Source<PersonRow> = { ...allUsers, parent: 'u.manager_id' };
export const allReportsOf: Source<PersonRow> = {
  ...people,
  from: `(${everybodyBelow('parent.id', '$1')} select top, id from below) below
    join directory_user u on u.tenant_id = $1 and u.id = below.id`,
  parent: 'below.top',
  lateral: true,
};
/** A person in a group: since when, and by which app integration or person; null where that is not known. */
export interface GroupMember extends PersonRow {
  readonly addedAt: Instant;
  readonly addedBy: string | null;
}

export const membersOf: Source<GroupMember> = {
  ...people,
  columns: `${people.columns}, m.added_at as "addedAt", m.added_by as "addedBy"`,
  from: 'membership m join directory_user u on u.tenant_id = m.tenant_id and u.id = m.user_id and m.tenant_id = $1',
  parent: 'm.group_id',
  id: 'm.user_id',
};
export const groupsOf: Source<GroupRow> = {
  ...groups,
  from: 'membership m join directory_group g on g.tenant_id = m.tenant_id and g.id = m.group_id and m.tenant_id = $1',
  parent: 'm.user_id',
  id: 'm.group_id',
};

/** The first rows of a list. */
export async function listRows<Row>(scope: ReadScope, source: Source<Row>, query: ListQuery): Promise<Placed<Row>[]> {
  const params: unknown[] = [scope.tenantId];
  const changed = changedOf(scope, source, query);
  const text =
    changed && query.sort.length === 0
      ? latelySql(source, query, changed, params)
      : pageSql(changed ? narrowed(source, changed) : source, query, params);
  return scope.send<Placed<Row> & QueryResultRow>({ text }, params);
}

function changedOf<Row>({ request }: ReadScope, { changed }: Source<Row>, { filter }: Selection): Changed | undefined {
  const since = changed && changedLately(filter, request.now);
  return since && { name: changed, since };
}

/** The same rows, those that have not changed since an hour excepted. */
const narrowed = <Row>(source: Source<Row>, changed: Changed): Source<Row> => ({
  ...source,
  from: changedSinceSql(changed, source.type.table, source.row),
});

/** The first rows of each parent's list; a parent without rows is missing. */
export async function listRowsOf<Row>(
  scope: ReadScope,
  source: Source<Row>,
  parents: readonly string[],
  query: ListQuery,
): Promise<ReadonlyMap<string, Placed<Row>[]>> {
  const params: unknown[] = [scope.tenantId, parents];
  const text = `select parent.id as "parentId", page.* from unnest($2::uuid[]) as parent (id)
    cross join lateral (${pageSql(source, query, params)}) page order by page.part, page.place`;
  const rows = await scope.send<Placed<Row> & QueryResultRow & { parentId: string }>({ text }, params);
  return Map.groupBy(rows, ({ parentId }) => parentId);
}

/** How many rows a list has. */
export async function countRows<Row>(scope: ReadScope, source: Source<Row>, selection: Selection): Promise<number> {
  const params: unknown[] = [scope.tenantId];
  const changed = changedOf(scope, source, selection);
  const { from } = changed ? narrowed(source, changed) : source;
  const text = `select count(*) as total from ${from} where ${selected(source, selection, params)}`;
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
  const { parent = '', lateral } = source;
  const text = lateral
    ? `select parent.id as parent, counted.total from unnest($2::uuid[]) as parent (id)
    cross join lateral (select count(*) as total from ${source.from} where ${selected(source, selection, params)}) counted`
    : `select ${parent} as parent, count(*) as total from ${source.from}
    where ${parent} = any ($2::uuid[]) and ${selected(source, selection, params)} group by 1`;
  const rows = await scope.send<{ parent: string; total: string }>({ text }, params);
  return new Map(rows.map((row) => [row.parent, Number(row.total)]));
}

/** People by id, deleted ones excepted; who is not in this tenant is missing. */
export async function peopleById(scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, PersonRow>> {
  const rows = await scope.send<PersonRow & QueryResultRow>(PEOPLE_BY_ID, [scope.tenantId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

const PEOPLE_BY_ID = {
  name: 'people_by_id',
  text: `select ${people.columns} from directory_user u
    where u.tenant_id = $1 and u.id = any ($2::uuid[]) and ${people.live}`,
};

function pageSql<Row>(source: Source<Row>, query: ListQuery, params: unknown[]): string {
  const { row, id = `${row}.id`, columns, from, parent, type } = source;
  const { sort, backward = false, after, offset = 0, limit } = query;
  const keys = keysOf(sort, { type, alias: row, tenant: '$1' }, id, backward);
  const order = orderBy(keys);
  const condition = [...(parent ? [`${parent} = parent.id`] : []), selected(source, query, params)].join(' and ');
  const ranges = after ? rangesAfter(keys, after, (value) => `$${params.push(value)}`) : ['true'];
  const select = `select ${columns}, ${positionSql(keys)} as position`;
  if (ranges.length === 1 && parent === undefined) {
    return `${select} from ${from} where ${condition} and ${ranges[0] ?? 'true'} order by ${order} limit ${limit} offset ${offset}`;
  }
  const parts = ranges.map(
    (range, part) => `(${select}, ${part} as part, row_number() over (order by ${order}) as place
      from ${from} where ${condition} and ${range} order by ${order} limit ${limit})`,
  );
  return `select * from (${parts.join(' union all ')}) part order by part, place limit ${limit}`;
}

/**
 * A page in order of creation of what changed lately: the first of each hour, of which the first are the page. PostgreSQL
 * by itself would read the tenant from its beginning until it met enough of them, or sort all that changed.
 */
function latelySql<Row>(source: Source<Row>, query: ListQuery, changed: Changed, params: unknown[]): string {
  const { row, columns, from, type } = source;
  const { after, offset = 0, limit, backward = false } = query;
  const keys = keysOf([], { type, alias: row, tenant: '$1' }, `${row}.id`, backward);
  const order = `id${backward ? ' desc' : ''}`;
  const ranges = after ? rangesAfter(keys, after, (value) => `$${params.push(value)}`) : [];
  const condition = [selected(source, query, params), ...ranges].join(' and ');
  const { hours, ofHour } = changedIn(changed);
  // Each row by its key: as a join, a tenant not yet in the statistics would be read whole.
  const byKey = (id: string) => `from ${from} where ${row}.tenant_id = $1 and ${row}.id = ${id}`;
  return `select found.* from (
      select page.id from ${hours} cross join lateral (
        select changed.id from ${ofHour} cross join lateral (select 1 ${byKey('changed.id')} and ${condition} limit 1) fits
          order by changed.${order} limit ${offset + limit}
      ) page order by page.${order} limit ${limit} offset ${offset}
    ) page cross join lateral (
      select ${columns}, ${positionSql(keys)} as position ${byKey('page.id')} limit 1
    ) found order by found.${order}`;
}

/** The condition that a row of a source is selected; `$1` is the tenant. */
export function selected<Row>(source: Source<Row>, { filter, withDeleted }: Selection, params: unknown[]): string {
  const { row, type, live } = source;
  const param = (value: unknown) => `$${params.push(value)}`;
  const conditions = [
    `${row}.tenant_id = $1`,
    ...(live === undefined || withDeleted ? [] : [live]),
    filterToSql(filter, type, { param }, row, '$1'),
  ];
  return conditions.join(' and ');
}
