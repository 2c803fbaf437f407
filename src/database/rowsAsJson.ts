// Rows of a table as lines of JSON, a thousand at a time: memory stays small however large the table is.
import { type Owner } from './owner.js';

export interface Selection {
  readonly table: string;
  readonly columns: readonly string[];
  readonly orderBy: readonly string[];
  /** SQL of our own; every row without it. */
  readonly where?: string;
}

const AT_ONCE = 1000;

/** Pages of rows, each a JSON text. To be read to its end, inside a transaction. */
export async function* rowsAsJson(
  owner: Owner,
  { table, columns, orderBy, where = 'true' }: Selection,
): AsyncGenerator<readonly string[]> {
  await owner.query(`declare wanted no scroll cursor for select row_to_json(r)::text as row
    from (select ${names(columns)} from ${name(table)} where ${where} order by ${names(orderBy)}) r`);
  for (;;) {
    const { rows } = await owner.query<{ row: string }>(`fetch ${AT_ONCE} from wanted`);
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
  }
  await owner.query('close wanted');
}

/** A name from the catalogue, quoted for SQL. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
export const names = (list: readonly string[]): string => list.map(name).join(', ');
