// The database that comes with the program: a real PostgreSQL server that every process on the machine shares, that
// outlives those that are killed, and that the last one to finish stops.
import { join } from 'node:path';
import { findHome, type Home } from './embeddedHome.js';
import { ensureRunning, stopServer } from './embeddedServer.js';
import { acquireLock, tryAcquireLock, type ProcessLock } from './processLock.js';

export interface EmbeddedPostgres {
  /** `postgresql://…` of the database `directory` as its superuser, through a Unix socket. */
  readonly url: string;
  /** The folder that holds everything: data, server log, password, locks. */
  readonly directory: string;
  /** Ends this process's use; the last user's call stops the server and returns when it is gone. */
  stop(): Promise<void>;
}

/** A first start, a crash recovery and a stop together stay below this. */
const TURN_MS = 300_000;

/**
 * Starts the database of `dataDir`, or joins it where another process has started it. `log` hears, in plain words,
 * what an operator should know. Refuses platforms without PostgreSQL binaries; an error holds the server log's end.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  log: (message: string) => void,
): Promise<EmbeddedPostgres> {
  const home = await findHome(dataDir, log);
  return inTurn(home, async () => {
    const use = await acquireLock(usersFile(home), 'shared', { waitMs: TURN_MS });
    try {
      const url = await ensureRunning(home, log);
      return { url, directory: home.directory, stop: () => inTurn(home, () => leave(home, use)) };
    } catch (error) {
      await leave(home, use).catch((other: unknown) => log(`The database did not stop either: ${String(other)}`));
      throw error;
    }
  });
}

/** Starting and stopping take turns, so that "nobody else uses it" stays true until the server is down. */
async function inTurn<T>(home: Home, work: () => Promise<T>): Promise<T> {
  const turn = await acquireLock(join(home.directory, 'start.lock'), 'exclusive', { waitMs: TURN_MS });
  try {
    return await work();
  } finally {
    turn.release();
  }
}

/** A killed process lets go of its shared lock too: who gets the exclusive one is the last. */
async function leave(home: Home, use: ProcessLock): Promise<void> {
  use.release();
  const last = tryAcquireLock(usersFile(home), 'exclusive');
  if (last === undefined) return;
  try {
    await stopServer(home);
  } finally {
    last.release();
  }
}

const usersFile = (home: Home): string => join(home.directory, 'users.lock');
