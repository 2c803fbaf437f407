// One connection that hears what transactions of other processes tell (LISTEN/NOTIFY), for as long as the process runs.
// It is looked at every other second, because a cut network says nothing, and opened again when it was lost.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { APP_ROLE, connection } from './open.js';

export interface Ear {
  /** Everything told from now on is heard. */
  began(): void;
  heard(payload: string): void;
  /** Nothing is heard from now on. */
  lost(reason: string): void;
}

const LOOK_EVERY_MS = 2000;
const ANSWER_WITHIN_MS = 2000;
const CLOSE_WITHIN_MS = 1000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

/** Begins at once. Returns what stops it: that resolves when the connection is closed, and `lost` is not called for it. */
export function listenTo(channel: string, url: string, ear: Ear): () => Promise<void> {
  const stopping = new AbortController();
  const ended = listenAgainAndAgain(channel, url, ear, stopping.signal);
  return () => {
    stopping.abort();
    return ended;
  };
}

async function listenAgainAndAgain(channel: string, url: string, ear: Ear, stop: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS;
  while (!stop.aborted) {
    const client = clientOf(url);
    try {
      await begin(client, channel, ear);
      wait = FIRST_WAIT_MS;
      await untilLost(client, stop);
    } catch (error) {
      if (!stop.aborted) ear.lost(error instanceof Error ? error.message : String(error));
    } finally {
      await close(client);
    }
    // Not all processes at the same moment: a database that has just come back has enough to do.
    await pause(wait * (0.5 + Math.random() / 2), stop);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

const clientOf = (url: string): Client =>
  new Client({
    ...connection(url),
    options: `-c role=${APP_ROLE}`,
    connectionTimeoutMillis: 5000,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
    application_name: 'speakup-directory listener',
  });

async function begin(client: Client, channel: string, ear: Ear): Promise<void> {
  // What breaks the connection rejects the question at hand, or the next; unheard it would end the process.
  client.on('error', () => undefined);
  client.on('notification', ({ payload }) => ear.heard(payload ?? ''));
  await client.connect();
  await client.query(`listen ${channel}`);
  ear.began();
}

/** Rejects with the reason when the connection is lost; resolves when it is time to stop. */
async function untilLost(client: Client, stop: AbortSignal): Promise<void> {
  const lost = new Promise<never>((_, reject) => {
    client.once('error', reject);
    client.once('end', () => reject(new Error('The database ended the connection')));
  });
  lost.catch(() => undefined);
  while (!stop.aborted) {
    await Promise.race([lost, pause(LOOK_EVERY_MS, stop)]);
    if (!stop.aborted) await Promise.race([lost, client.query('select 1')]);
  }
}

/** A connection over a cut network takes no farewell. */
const close = (client: Client): Promise<unknown> =>
  Promise.race([client.end().catch(() => undefined), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
