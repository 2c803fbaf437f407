// The owner's own connection, for what an operator does to all of a tenant or of the database at once: the service's
// roles have no right to it.
import { Client } from 'pg';
import { type Config } from '../config.js';
import { connection } from './open.js';

/** A connection of the database's owner, in one session. */
export type Owner = Pick<Client, 'query'>;

/** Lends the owner's URL of the database; the embedded one is started when no process has it open. */
export async function withOwnersUrl<T>(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: (message: string) => void,
  work: (url: string) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return work(databaseUrl);
  const { startEmbeddedPostgres } = await import('./embedded.js');
  const embedded = await startEmbeddedPostgres(dataDir, log);
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

/** Lends a connection. What it writes down of moments is in UTC. */
export async function asOwner<T>(url: string, work: (owner: Owner) => Promise<T>): Promise<T> {
  const client = new Client({ ...connection(url), application_name: 'speakup-directory operator' });
  // A connection that breaks rejects the question at hand.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query("set timezone = 'UTC'");
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` in a transaction that begins with `begin`. */
export async function inTransaction<T>(owner: Owner, begin: string, work: () => Promise<T>): Promise<T> {
  await owner.query(begin);
  try {
    const value = await work();
    await owner.query('commit');
    return value;
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}
