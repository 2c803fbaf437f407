// The statements of lists: a page, and the number of all. `$1` is the tenant; of lists of parents `$2` are their ids.
import { filterToSql } from '../filter/filterToSql.js';
import { conjuncts, type ResolvedFilter } from '../filter/resolvedFilter.js';
import { peopleBelow } from '../filter/sqlRelated.js';
import { type Changed, changedIn, changedLately, changedSinceSql, type LATELY } from './changedLately.js';
import { keysOf, orderBy, type Position, positionSql, rangesAfter, type SortTerm } from './keyset.js';
import { type Source } from './sources.js';

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

type Keys = ReturnType<typeof keysOf>;

/** A page of a list; of lists of parents with `part` and `place`, for the order of the page. */
export function pageSql<Row>(source: Source<Row>, query: ListQuery, now: Date, params: unknown[]): string {
  const { row, id = `${row}.id`, type } = source;
  const keys = keysOf(query.sort, { type, alias: row, tenant: '$1' }, id, query.backward ?? false);
  const brief = keys.every(({ sql }) => BRIEF.test(sql)) ? briefOf(source, query, params) : undefined;
  if (brief !== undefined) return briefSql(source, brief, query, keys, params);
  const changed = changedOf(source, query, now, query.sort.length === 0 ? 'page' : 'all');
  if (!changed) return wholeSql(source, query, keys, params);
  if (query.sort.length > 0) return wholeSql(narrowed(source, changed), query, keys, params);
  return latelySql(source, query, changed, keys, params);
}

/** How many rows a list has, as `total`; of lists of parents for each `parent` that has some. */
export function countSql<Row>(source: Source<Row>, selection: Selection, now: Date, params: unknown[]): string {
  const { row, parent, lateral } = source;
  const brief = briefOf(source, selection, params);
  const changed = changedOf(source, selection, now, 'all');
  const { from } = changed ? narrowed(source, changed) : source;
  const where = () => `where ${selected(source, selection, params)}`;
  const total = () => `select count(*) as total from ${brief === undefined ? `${from} ${where()}` : `${brief} ${row}`}`;
  if (parent === undefined) return total();
  if (lateral)
    return `select parent.id as parent, counted.total from ${PARENTS} cross join lateral (${total()}) counted`;
  return `select ${parent} as parent, count(*) as total from ${from} ${where()} and ${parent} = any ($2::uuid[]) group by 1`;
}

/** The parents of lists. */
export const PARENTS = 'unnest($2::uuid[]) as parent (id)';

/** What a list may be ordered by for its page to be found in what `briefOf` gives. */
const BRIEF = /^\w+\.(?:id|display_name_key collate "C")$/;

/** Of everybody below somebody, and nothing else asked, each person need not be looked up to be counted and put in order. */
function briefOf<Row>({ brief, parent }: Source<Row>, { filter }: Selection, params: unknown[]): string | undefined {
  const [sole, ...others] = conjuncts(filter);
  if (!sole) return brief;
  if (sole.kind !== 'related' || sole.relation !== 'above' || others.length > 0 || parent !== undefined)
    return undefined;
  const condition = filterToSql(sole.filter, sole.type, { param: (value) => `$${params.push(value)}` }, 'above', '$1');
  return peopleBelow(
    `array(select above.id from directory_user above where above.tenant_id = $1 and above.status <> 'DELETED' and ${condition})`,
    '$1',
  );
}

/** The ids of the page in their order, then each of its rows by its key. */
function briefSql<Row>(source: Source<Row>, brief: string, query: ListQuery, keys: Keys, params: unknown[]): string {
  const { row, columns, type } = source;
  const { after, offset = 0, limit } = query;
  const ranges = after ? rangesAfter(keys, after, (value) => `$${params.push(value)}`) : ['true'];
  const order = orderBy(keys);
  const ids = `select ${row}.id from ${brief} ${row} where ${ranges.join(' or ')} order by ${order} limit ${limit} offset ${offset}`;
  const byKey = `select * from ${type.table} one where one.tenant_id = $1 and one.id = page.id limit 1`;
  return `select ${columns}, ${positionSql(keys)} as position, 0 as part, row_number() over (order by ${order}) as place
    from (${ids}) page cross join lateral (${byKey}) ${row} order by place`;
}

function changedOf<Row>(
  { changed, parent }: Source<Row>,
  { filter }: Selection,
  now: Date,
  what: keyof typeof LATELY,
): Changed | undefined {
  const since = changed && parent === undefined ? changedLately(filter, now, what) : undefined;
  return changed && since && { name: changed, since };
}

/** The same rows, those that have not changed since an hour excepted. */
const narrowed = <Row>(source: Source<Row>, changed: Changed): Source<Row> => ({
  ...source,
  from: changedSinceSql(changed, source.type.table, source.row),
});

function wholeSql<Row>(source: Source<Row>, query: ListQuery, keys: Keys, params: unknown[]): string {
  const { columns, from, parent } = source;
  const { after, offset = 0, limit } = query;
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
function latelySql<Row>(
  source: Source<Row>,
  query: ListQuery,
  changed: Changed,
  keys: Keys,
  params: unknown[],
): string {
  const { row, columns, from } = source;
  const { after, offset = 0, limit, backward = false } = query;
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
