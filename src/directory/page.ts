// Index paging over a table of the directory, in order of creation unless sorted. The total is counted only when the
// page itself does not tell it.
import { type QueryResultRow } from 'pg';
import { type ReadScope } from './scope.js';

/** SQL under construction: the text of a condition and the parameters it names. `$1` is the tenant. */
export interface Condition {
  readonly text: string;
  readonly params: readonly unknown[];
}

export interface PageQuery {
  readonly condition?: Condition;
  /** SQL order, without the id that makes it total. */
  readonly orderBy?: string;
  /** 0-based. */
  readonly offset: number;
  readonly limit: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

interface Source {
  readonly select: string;
  readonly table: string;
  readonly row: string;
  readonly condition?: string;
}

/** Rows and the number of all that match. */
export async function findPage<Row extends QueryResultRow>(
  scope: ReadScope,
  query: PageQuery,
  source: Source,
): Promise<Page<Row>> {
  const { row, table } = source;
  const params = query.condition?.params ?? [scope.tenantId];
  const where = [`${row}.tenant_id = $1`, source.condition, query.condition?.text]
    .filter((part) => part !== undefined)
    .map((part) => `(${part})`)
    .join(' and ');
  const order = [query.orderBy, `${row}.id`].filter((part) => part !== undefined).join(', ');
  const rows =
    query.limit === 0
      ? []
      : await scope.send<Row>(
          { text: `${source.select} where ${where} order by ${order} limit ${query.limit} offset ${query.offset}` },
          params,
        );
  if (rows.length > 0 && rows.length < query.limit) return { rows, total: query.offset + rows.length };
  if (rows.length === 0 && query.offset === 0 && query.limit > 0) return { rows, total: 0 };
  const [counted] = await scope.send<{ total: string }>(
    { text: `select count(*) as total from ${table} ${row} where ${where}` },
    params,
  );
  return { rows, total: Number(counted?.total ?? 0) };
}
