// One list of people and groups, in order of creation: RFC 7644 section 3.4.2.1. First who is on the page, then the rows.
import { type QueryResultRow } from 'pg';
import { type ResourceType } from '../attribute/resourceType.js';
import { type ResolvedFilter } from '../filter/resolvedFilter.js';
import { type GroupRow } from './group/groups.js';
import { type Position } from './keyset.js';
import { countRows } from './lists.js';
import { selected, type Selection } from './pageSql.js';
import { allGroups, shownUsers, type Source } from './sources.js';
import { groupType, userType } from './resourceTypes.js';
import { type ReadScope } from './scope.js';
import { type UserRow } from './user/userRow.js';

export interface MixedRequest {
  readonly users: ResolvedFilter;
  readonly groups: ResolvedFilter;
  readonly limit: number;
  readonly offset?: number;
  readonly after?: Position;
  /** The number of all, where an earlier page has counted it. */
  readonly total?: number;
}

export type MixedRow = ({ readonly user: UserRow } | { readonly group: GroupRow }) & { readonly position: Position };

export interface MixedPage {
  readonly rows: readonly MixedRow[];
  readonly total: number;
  readonly more: boolean;
}

const ofType = (filter: ResolvedFilter): Selection => ({ filter, withDeleted: false });

/** A page of people and groups. Ids are in order of creation, whatever they are of. */
export async function findMixedPage(scope: ReadScope, request: MixedRequest): Promise<MixedPage> {
  const { limit, total } = request;
  const found = limit === 0 ? [] : await placesOf(scope, request);
  const places = found.slice(0, limit);
  const [users, groups] = await Promise.all([
    rowsById(scope, shownUsers, idsOf(places, userType)),
    rowsById(scope, allGroups, idsOf(places, groupType)),
  ]);
  const rows = places.flatMap(({ id }): MixedRow[] => {
    const user = users.get(id);
    const group = groups.get(id);
    const position = [id];
    return [...(user ? [{ user, position }] : []), ...(group ? [{ group, position }] : [])];
  });
  return { rows, more: found.length > limit, total: total ?? (await countBoth(scope, request)) };
}

interface Place {
  readonly type: ResourceType['name'];
  readonly id: string;
}

function placesOf(scope: ReadScope, { users, groups, limit, offset = 0, after }: MixedRequest): Promise<Place[]> {
  const params: unknown[] = [scope.tenantId];
  const from = after ? `$${params.push(after[0])}::uuid` : undefined;
  const part = <Row>({ name }: ResourceType, source: Source<Row>, filter: ResolvedFilter) => {
    const { row } = source;
    const later = from === undefined ? '' : ` and ${row}.id > ${from}`;
    return `(select '${name}' as type, ${row}.id from ${source.from}
      where ${selected(source, ofType(filter), params)}${later} order by ${row}.id limit ${offset + limit + 1})`;
  };
  const text = `select type, id from (${part(userType, shownUsers, users)} union all ${part(groupType, allGroups, groups)}) both_types
    order by id limit ${limit + 1} offset ${offset}`;
  return scope.send<Place & QueryResultRow>({ text }, params);
}

const idsOf = (places: readonly Place[], { name }: ResourceType): string[] =>
  places.filter(({ type }) => type === name).map(({ id }) => id);

async function rowsById<Row extends { readonly id: string }>(
  scope: ReadScope,
  { columns, from, row }: Source<Row>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  if (ids.length === 0) return new Map();
  const text = `select ${columns} from ${from} where ${row}.tenant_id = $1 and ${row}.id = any ($2::uuid[])`;
  const rows = await scope.send<Row & QueryResultRow>({ text }, [scope.tenantId, ids]);
  return new Map(rows.map((one) => [one.id, one]));
}

async function countBoth(scope: ReadScope, { users, groups }: MixedRequest): Promise<number> {
  const counts = await Promise.all([
    countRows(scope, shownUsers, ofType(users)),
    countRows(scope, allGroups, ofType(groups)),
  ]);
  return counts[0] + counts[1];
}
