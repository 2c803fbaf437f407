// The owner's login of the database of this run, for tests that look behind the walls.
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { theDatabase, theServer } from './server.js';

/** Lends the owner's URL; the embedded database is used beside the server, like the command line does. */
export async function withOwnerUrl<T>(work: (url: string) => Promise<T>): Promise<T> {
  await theServer();
  const { environment } = await theDatabase();
  if (environment.DATABASE_URL) return work(environment.DATABASE_URL);
  const embedded = await startEmbeddedPostgres(environment.DATA_DIR ?? '', () => undefined);
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

/** Lends a connection of the owner's inside a tenant: an owner who is no superuser is behind the wall too. */
export const withOwnerIn = <T>(tenantId: string, work: (owner: Client) => Promise<T>): Promise<T> =>
  withOwnerUrl(async (url) => {
    const owner = new Client(url);
    await owner.connect();
    try {
      await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
      return await work(owner);
    } finally {
      await owner.end();
    }
  });
