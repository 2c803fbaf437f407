// Everything of a database as lines of JSON, from one snapshot, so that the service may go on: a header, then for each
// table a line `["table", columns]` and its rows, then `["end", {table: {rows, checksum}}]`. What the schema is, the
// header says by the names of the migrations: a restore runs them.
import { type Table, tables } from './catalogue.js';
import { type Owner } from './owner.js';
import { name, names, rowsAsJson } from './rowsAsJson.js';

export const BACKUP_FORMAT = { format: 'speakup-directory backup', version: 1 } as const;
/** Written by the migrator itself. */
export const MIGRATIONS_TABLE = 'schema_migration';

export interface BackupHeader {
  readonly format: string;
  readonly version: number;
  readonly createdAt: string;
  /** That ran on the database, in order. */
  readonly migrations: readonly string[];
  /** Of the master key that the database needs. The key is not in the backup. */
  readonly masterKey: string | null;
}

export interface Checksum {
  readonly rows: number;
  /** Of the rows in any order. */
  readonly checksum: string;
}

export type Checksums = Readonly<Record<string, Checksum>>;

/** The lines, by pages; undefined for a database that nothing has been written to yet. */
export async function backupOf(owner: Owner, now: Date): Promise<AsyncGenerator<readonly string[]> | undefined> {
  await owner.query('begin isolation level repeatable read read only');
  const all = await tables(owner);
  if (!all.some((table) => table.name === MIGRATIONS_TABLE)) return undefined;
  const { rows: migrations } = await owner.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by id`);
  const { rows: keys } = await owner.query<{ value: string }>(
    "select value from service_state where name = 'master_key_fingerprint'",
  );
  const header: BackupHeader = {
    ...BACKUP_FORMAT,
    createdAt: now.toISOString(),
    migrations: migrations.map((migration) => migration.name),
    masterKey: keys[0]?.value ?? null,
  };
  return lines(owner, header, all);
}

async function* lines(owner: Owner, header: BackupHeader, all: readonly Table[]): AsyncGenerator<readonly string[]> {
  const checksums: Record<string, Checksum> = {};
  yield [JSON.stringify(header)];
  for (const table of all.filter((each) => each.name !== MIGRATIONS_TABLE)) {
    const columns = keptColumns(table);
    yield [JSON.stringify([table.name, columns])];
    yield* rowsAsJson(owner, { table: table.name, columns, orderBy: table.key });
    checksums[table.name] = await checksumOf(owner, table.name, columns);
  }
  await owner.query('commit');
  yield [JSON.stringify(['end', checksums])];
}

/** Not what the database makes by itself, nor the numbers of its transactions: they mean nothing in another one. */
const keptColumns = ({ columns }: Table): readonly string[] =>
  columns
    .filter(({ type, generated }) => !generated && !['xid8', 'pg_snapshot'].includes(type))
    .map((each) => each.name);

export async function checksumOf(owner: Owner, table: string, columns: readonly string[]): Promise<Checksum> {
  const { rows } = await owner.query<{ rows: string; checksum: string }>(
    `select count(*) as rows, coalesce(bit_xor(('x' || left(md5(row_to_json(r)::text), 16))::bit(64)::bigint), 0) as checksum
     from (select ${names(columns)} from ${name(table)}) r`,
  );
  return { rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' };
}
