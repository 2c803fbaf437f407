// Puts a backup into a database that nothing has been written to: the schema by the migrations of then, the rows, every
// constraint checked anew, the rows compared with those of then, and the migrations since. All of it or nothing.
import { sqlMigrations } from './migrations.js';
import { BACKUP_FORMAT, type BackupHeader, checksumOf, type Checksums, MIGRATIONS_TABLE } from './backup.js';
import { tables } from './catalogue.js';
import { migrate } from './open.js';
import { asOwner, inTransaction, type Owner } from './owner.js';
import { name, names } from './rowsAsJson.js';

/** A backup that cannot be restored, or not here: the message says why, and what to do. */
export class RestoreError extends Error {}

const ROWS_AT_ONCE = 1000;
const CHARACTERS_AT_ONCE = 4_000_000;

/** The header from a backup's first line. Throws RestoreError for another file, and for one of a newer version. */
export function readHeader(line: string): BackupHeader {
  const header = parsed(line) as Partial<BackupHeader> | undefined;
  if (header?.format !== BACKUP_FORMAT.format) throw new RestoreError('This file is no backup of SpeakUp Directory.');
  const known = new Set(sqlMigrations().map((migration) => migration.name));
  if (header.version !== BACKUP_FORMAT.version || header.migrations?.some((each) => !known.has(each)) !== false) {
    throw new RestoreError('This backup was made by a newer version: restore it with that version, or a later one.');
  }
  return header as BackupHeader;
}

export interface RestoreSettings {
  readonly header: BackupHeader;
  /** The lines after the header. */
  readonly lines: AsyncIterable<string>;
  /** Leaves out what another master key has sealed: signing keys. Tokens end with them, secrets do not. */
  readonly withoutKeys: boolean;
}

/** Returns what was restored. Throws RestoreError for a database with something in it, and for a damaged backup. */
export async function restoreInto(url: string, { header, lines, withoutKeys }: RestoreSettings): Promise<Checksums> {
  await asOwner(url, async (owner) => {
    if ((await tables(owner)).length === 0) return;
    throw new RestoreError('There is a database in DATA_DIR already: restore into another, empty DATA_DIR.');
  });
  try {
    await migrate(url, header.migrations);
    const checksums = await asOwner(url, (owner) => inTransaction(owner, 'begin', () => load(owner, lines)));
    await asOwner(url, (owner) => settleIn(owner, withoutKeys));
    await migrate(url);
    return checksums;
  } catch (error) {
    await asOwner(url, (owner) => owner.query('drop schema public cascade; create schema public'));
    throw damage(error);
  }
}

/** Rows that PostgreSQL does not take were not written by it. */
function damage(error: unknown): unknown {
  const { code = '', message } = error as { code?: string; message?: string };
  return /^2[23]/.test(code) ? new RestoreError(`The backup is damaged: ${message}`) : error;
}

/** Without foreign keys and triggers, which would look at each row, and nobody is there to be told. */
async function load(owner: Owner, lines: AsyncIterable<string>): Promise<Checksums> {
  await owner.query('set local session_replication_role = replica');
  const { rows: keys } = await owner.query<{ table: string; key: string; definition: string }>(
    `select conrelid::regclass::text as "table", conname as key, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  for (const { table, key } of keys) await owner.query(`alter table ${table} drop constraint ${name(key)}`);
  for (const table of await tables(owner)) {
    if (table.name !== MIGRATIONS_TABLE) await owner.query(`delete from ${name(table.name)}`);
  }
  const { columns, promised } = await insertAll(owner, lines);
  // Reads all rows: a reference to nobody ends the restore here.
  for (const { table, key, definition } of keys) {
    await owner.query(`alter table ${table} add constraint ${name(key)} ${definition}`);
  }
  for (const [table, { rows, checksum }] of Object.entries(promised)) {
    const found = await checksumOf(owner, table, columns.get(table) ?? []);
    if (found.rows === rows && found.checksum === checksum) continue;
    throw new RestoreError(`The backup is damaged: ${table} should have ${rows} rows, and has ${found.rows}.`);
  }
  return promised;
}

async function insertAll(owner: Owner, lines: AsyncIterable<string>) {
  const columns = new Map<string, readonly string[]>();
  let insert = '';
  let rows: string[] = [];
  let characters = 0;
  const flush = async () => {
    if (rows.length > 0) await owner.query(insert, [rows]);
    rows = [];
    characters = 0;
  };
  for await (const line of lines) {
    if (line.startsWith('{')) {
      rows.push(line);
      characters += line.length;
      if (rows.length >= ROWS_AT_ONCE || characters >= CHARACTERS_AT_ONCE) await flush();
      continue;
    }
    await flush();
    const [table, value] = (parsed(line) ?? []) as [string?, unknown?];
    if (table === 'end') return { columns, promised: value as Checksums };
    if (table === undefined) break;
    columns.set(table, value as readonly string[]);
    insert = insertInto(table, value as readonly string[]);
  }
  throw new RestoreError('The backup is damaged: it ends in the middle.');
}

const insertInto = (table: string, columns: readonly string[]): string =>
  `insert into ${name(table)} (${names(columns)})
   select ${columns.map((column) => `r.${name(column)}`).join(', ')}
   from unnest($1::text[]) as given (line), json_populate_record(null::${name(table)}, given.line::json) as r`;

/** The address of a server of then is nobody's now. */
async function settleIn(owner: Owner, withoutKeys: boolean): Promise<void> {
  await owner.query("update service_state set value = '' where name = 'public_url'");
  if (withoutKeys) {
    await owner.query("delete from signing_key; delete from service_state where name = 'master_key_fingerprint'");
  }
  await owner.query('analyze');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
