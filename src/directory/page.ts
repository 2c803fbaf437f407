// A page of a list with the number of all that are in it: by index, or after the position of a row.
import { type Position, type SortTerm } from './keyset.js';
import { countRows, listRows, type Placed } from './lists.js';
import { type Selection } from './pageSql.js';
import { type Source } from './sources.js';
import { type ReadScope } from './scope.js';

export interface PageRequest extends Selection {
  readonly sort: readonly SortTerm[];
  readonly limit: number;
  /** Where the page begins: so many rows on, or after this one. Nothing of both is the first page. */
  readonly offset?: number;
  readonly after?: Position;
  /** The number of all, where an earlier page has counted it. */
  readonly total?: number;
}

export interface Page<Row> {
  readonly rows: readonly Placed<Row>[];
  readonly total: number;
  /** Whether others follow. */
  readonly more: boolean;
}

/** All is counted only where neither the request nor the page itself tells it. */
export async function findPage<Row>(
  scope: ReadScope,
  source: Source<Row>,
  { limit, offset = 0, after, total, ...list }: PageRequest,
): Promise<Page<Row>> {
  // One more than the page has tells whether others follow.
  const found = limit === 0 ? [] : await listRows(scope, source, { ...list, offset, after, limit: limit + 1 });
  const more = found.length > limit;
  const rows = more ? found.slice(0, limit) : found;
  const isEnd = limit > 0 && !more && after === undefined && (rows.length > 0 || offset === 0);
  return { rows, more, total: total ?? (isEnd ? offset + rows.length : await countRows(scope, source, list)) };
}
