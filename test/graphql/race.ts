// Many writers at once and one who follows: whether a feed tells everything that was committed, once and in order.
import { setTimeout as sleep } from 'node:timers/promises';
import { randomInt, randomUUID } from 'node:crypto';

const WRITERS = 8;
const TRANSACTIONS = 60;
const LONGEST_MS = 30_000;

export interface Feed {
  /** Writes these ids in one transaction, in which `pause` is waited for before it ends; it fails where `pause` does. */
  readonly write: (ids: readonly string[], pause: () => Promise<void>) => Promise<void>;
  /** The ids after those read so far. */
  readonly read: () => Promise<readonly string[]>;
}

export interface Raced {
  readonly committed: readonly string[];
  readonly rolledBack: readonly string[];
  readonly followed: readonly string[];
}

class Undone extends Error {}

/** Runs the writers while one follows, and some time longer where something is missing: `patience` reads in vain. */
export async function race({ write, read }: Feed, patience: number): Promise<Raced> {
  const committed: string[] = [];
  const rolledBack: string[] = [];
  const followed: string[] = [];
  const writer = async () => {
    for (let n = 0; n < TRANSACTIONS; n += 1) {
      const ids = Array.from({ length: randomInt(1, 4) }, () => randomUUID());
      const fails = randomInt(10) === 0;
      try {
        await write(ids, async () => {
          // Some stay open for long, so that others which began later end earlier.
          await sleep(randomInt(20) === 0 ? 100 : randomInt(6));
          if (fails) throw new Undone();
        });
        committed.push(...ids);
      } catch (error) {
        if (!(error instanceof Undone)) throw error;
        rolledBack.push(...ids);
      }
    }
  };
  const state = { writing: true };
  const follower = async () => {
    const until = Date.now() + LONGEST_MS;
    for (let inVain = 0; (state.writing || inVain < patience) && Date.now() < until;) {
      const ids = await read();
      followed.push(...ids);
      inVain = ids.length > 0 ? 0 : inVain + 1;
      if (ids.length === 0) await sleep(5);
    }
  };
  const following = follower();
  await Promise.all(Array.from({ length: WRITERS }, writer)).finally(() => (state.writing = false));
  await following;
  return { committed, rolledBack, followed };
}
