// One server per run, in this process and on a free port; tests speak HTTP with it.
import { readConfig, type Environment } from '../../src/config.js';
import { type Deps } from '../../src/deps.js';
import { openDirectory } from '../../src/openDirectory.js';
import { createLog } from '../../src/operation/logging.js';
import { createMetrics } from '../../src/operation/metrics.js';
import { publicUrlOf } from '../../src/publicUrl.js';
import { createServer, type Server } from '../../src/server.js';
import { freshDatabase, type TestDatabase } from './database.js';

export interface TestServer {
  readonly url: string;
  readonly deps: Deps;
  readonly server: Server;
  stop(): Promise<void>;
}

/** All tests come from one address, and much of what they ask for tokens is wrong on purpose. */
const DEFAULTS = { PORT: '0', LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent', TOKEN_FAILURES: '1000000' };

/** Starts a server in this process. `clock` tells it the time. */
export async function startServer(environment: Environment, clock?: () => Date): Promise<TestServer> {
  const config = readConfig({ ...DEFAULTS, ...environment });
  const log = createLog(config.logLevel);
  const server = createServer({ config, log, metrics: createMetrics() });
  const url = publicUrlOf(config, await server.listen());
  const directory = await openDirectory({ config, log, clock, publicUrl: () => url }).catch(async (error: unknown) => {
    await server.drain(0);
    throw error;
  });
  server.open(directory.deps);
  const stop = async () => {
    await server.drain(0);
    await directory.close();
  };
  return { url, deps: directory.deps, server, stop };
}

const run: { database?: Promise<TestDatabase>; server?: Promise<TestServer> } = {};

/** The database of this run. */
export const theDatabase = (): Promise<TestDatabase> => (run.database ??= freshDatabase());

/** The server of this run. */
export const theServer = (): Promise<TestServer> =>
  (run.server ??= theDatabase().then(({ environment }) => startServer(environment)));

/** Stops and removes what the run has started. */
export async function stopEverything(): Promise<void> {
  await (await run.server)?.stop();
  await (await run.database)?.remove();
}
