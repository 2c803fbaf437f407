// Asks a server over its socket how it is. The password proves both ways (SCRAM) that it is ours.
import { Client } from 'pg';

export type ServerState = 'ready' | 'starting' | 'absent';

/** How the server behind `url` answers; throws for an answer that waiting does not change, such as a wrong password. */
export async function askServer(url: string): Promise<ServerState> {
  try {
    await withClient(url, async (client) => client.query('select 1'));
    return 'ready';
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ECONNREFUSED':
        return 'absent';
      case '57P03': // cannot_connect_now: starting up, recovering or shutting down
      case 'ECONNRESET':
      case 'EPIPE':
      case 'closed':
        return 'starting';
      case '53300': // too_many_connections: busy, but there
        return 'ready';
      default:
        throw new Error(`The embedded PostgreSQL runs but refuses us: ${String(error)}`, { cause: error });
    }
  }
}

/** Creates the database `name` when the server behind `adminUrl` has none: a first start may have ended before that. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  });
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const broken: Error[] = [];
  // Without a listener a connection that breaks ends the process; connect and query reject with the same error.
  client.on('error', (error) => broken.push(error));
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end();
  }
}

function codeOf(error: unknown): string | undefined {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? (message?.startsWith('Connection terminated') ? 'closed' : undefined);
}
