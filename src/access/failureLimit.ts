// How many token requests may fail in a minute, per client id and per network address, counted by all processes together.
// Only failures are counted, and only failures are answered differently: right credentials are never refused for what
// others did. Microsoft Entra sends from addresses that all of its customers share, and a client id is no secret: whoever
// could have a client refused by failing on purpose would stop its provisioning. 256 random bits need no lock against guessing.
import { createHash } from 'node:crypto';
import { type Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../operation/clientAddress.js';

const TABLE = 'token_failure';
const WINDOW_SECONDS = 60;
/** Too many failures are answered with 429 for a minute, then two, four, and so on. */
const LONGEST_BLOCK_SECONDS = 15 * 60;
/** After this time the first block is a minute again. */
const STREAK_SECONDS = 60 * 60;
/** Many clients may come from one address. */
const CLIENTS_AT_AN_ADDRESS = 10;

export type Counted = 'client' | 'address';

export interface FailureLimit {
  /** Counts a failure. Returns after how many seconds the next is looked at again; undefined while there are not too many. */
  count(clientId: string | undefined, address: string): Promise<number | undefined>;
}

interface Settings {
  readonly pool: Pool;
  /** Failures a minute that a client id may have; an address may have ten times as many. */
  readonly perMinute: number;
  readonly windowSeconds?: number;
  /** Told once when a client id or an address has had too many. */
  readonly onBlock: (counted: Counted, clientId: string | undefined, seconds: number) => void;
}

/** A limit of this process, which shares its counters with those of all others. */
export function createFailureLimit(settings: Settings): FailureLimit {
  const { perMinute, onBlock, windowSeconds = WINDOW_SECONDS } = settings;
  const counters = {
    client: counter(settings, 'client', perMinute, windowSeconds),
    address: counter(settings, 'address', perMinute * CLIENTS_AT_AN_ADDRESS, windowSeconds),
  };
  const streaks = counter(settings, 'streak', 1, STREAK_SECONDS);
  const block = async (counted: Counted, slot: string): Promise<number> => {
    const { consumedPoints } = await streaks.penalty(`${counted}:${slot}`);
    const seconds = Math.min(windowSeconds * 2 ** (consumedPoints - 1), LONGEST_BLOCK_SECONDS);
    await counters[counted].block(slot, seconds);
    return seconds;
  };
  const countOne = async (counted: Counted, key: string, clientId: string | undefined): Promise<number> => {
    const slot = slotOf(key);
    const tooMany = await consume(counters[counted], slot);
    if (!tooMany) return 0;
    // Of all processes' failures exactly one is the first too many.
    if (tooMany.consumedPoints !== counters[counted].points + 1) return Math.ceil(tooMany.msBeforeNext / 1000) || 1;
    const seconds = await block(counted, slot);
    onBlock(counted, clientId, seconds);
    return seconds;
  };
  return {
    async count(clientId, address) {
      const waits = await Promise.all([
        countOne('address', networkOf(address), clientId),
        ...(clientId === undefined ? [] : [countOne('client', clientId, clientId)]),
      ]);
      return Math.max(...waits) || undefined;
    },
  };
}

/** Removes the counters that have ended. */
export async function forgetFailures({ pool }: { readonly pool: Pool }): Promise<void> {
  await pool.query(`delete from ${TABLE} where expire < $1`, [Date.now()]);
}

/** Where the database cannot count, each process does for itself: closed, as far as anybody still knows. */
const counter = ({ pool }: Settings, keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
  new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: TABLE,
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration,
    // What is over its limit is known to be so until its time has passed: nothing is written for it any more.
    inMemoryBlockOnConsumed: points + 1,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
  });

/** Counts one; returns how it stands where it is over the limit. */
async function consume(limiter: RateLimiterPostgres, slot: string): Promise<RateLimiterRes | undefined> {
  try {
    await limiter.consume(slot);
    return undefined;
  } catch (outcome) {
    if (outcome instanceof RateLimiterRes) return outcome;
    throw outcome;
  }
}

/** Who fails in the slot of somebody else is answered 429 for 401, and nothing worse. */
const slotOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 5);
