// A server with a database of its own, for tests that pull its walls down.
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { freshDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';

export interface Scratch {
  readonly server: TestServer;
  /** The owner's login. */
  readonly url: string;
  readonly owner: Client;
  remove(): Promise<void>;
}

/** Always an embedded database: its roles are its own, so that they may be changed. */
export async function aScratch(): Promise<Scratch> {
  const database = await freshDatabase('');
  const server = await startServer(database.environment);
  const embedded = await startEmbeddedPostgres(database.environment.DATA_DIR ?? '', () => undefined);
  const owner = new Client(embedded.url);
  await owner.connect();
  return {
    server,
    url: embedded.url,
    owner,
    remove: async () => {
      await owner.end();
      await server.stop();
      await embedded.stop();
      await database.remove();
    },
  };
}

/** Every table with a tenant. */
export async function walledTables(owner: Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Row-level security on or off, for all tables with a tenant. */
export async function rowLevelSecurity(owner: Client, state: 'enable' | 'disable'): Promise<void> {
  for (const table of await walledTables(owner)) await owner.query(`alter table ${table} ${state} row level security`);
}
