// What one caller may ask in a minute, all operations and all processes together: counted in the database.
import { createHash } from 'node:crypto';
import { type Actor } from '../directory/actor.js';
import { type Pools } from '../directory/scope.js';

const WINDOW_MS = 60_000;
/**
 * A process takes so much more than it needs, a fiftieth of the whole: most operations then ask nobody. Only from the first
 * half: what many processes have in advance nobody else can spend.
 */
const IN_ADVANCE = 50;
/** Of more callers than these, the ones that came first lose what was taken in advance: memory stays bounded. */
const REMEMBERED = 10_000;

/** In objects asked for. */
export interface Balance {
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again. */
  readonly resetsAt: Date;
}

/**
 * Takes a cost from the caller's budget of this minute, which begins with the caller's first operation. `granted` is
 * false where not enough is left: then nothing is taken.
 */
export type Budget = (actor: Actor, cost: number, now: Date) => Promise<Balance & { readonly granted: boolean }>;

const TAKE = {
  name: 'take_graphql_budget',
  // $2 with something in advance, $3 what is needed; $6 all there is.
  text: `insert into graphql_budget as b (caller, spent, taken, resets_at) values ($1, $2, $2, $4)
    on conflict (caller) do update
    set spent = case when b.resets_at <= $5 then $2 when b.spent + $2 <= $6 / 2 then b.spent + $2 else b.spent + $3 end,
      taken = case when b.resets_at <= $5 or b.spent + $2 <= $6 / 2 then $2 else $3 end,
      resets_at = case when b.resets_at <= $5 then excluded.resets_at else b.resets_at end
    where b.resets_at <= $5 or b.spent + $3 <= $6
    returning spent, taken, resets_at`,
};
const LEFT = {
  name: 'graphql_budget_left',
  text: 'select spent, 0 as taken, resets_at from graphql_budget where caller = $1',
};

interface Row {
  readonly spent: number;
  readonly taken: number;
  /** Milliseconds since 1970; PostgreSQL's bigint comes as text. */
  readonly resets_at: string;
}

/** Of a caller: what is taken and not spent yet, and what nobody has taken. That only shrinks within a minute. */
interface Share {
  held: number;
  left: number;
  readonly resetsAt: Date;
}

/** `limit` is the cost a minute; no operation may cost more. A pool of its own: counting takes nobody's connection. */
export function createBudget(pool: Pools['pool'], limit: number): Budget {
  const shares = new Map<string, Share>();
  const shareOf = (caller: string, now: Date): Share | undefined => {
    const share = shares.get(caller);
    return share && share.resetsAt > now ? share : undefined;
  };
  const known = (caller: string, { spent, taken, resets_at }: Row, now: Date): Share => {
    const resetsAt = new Date(Number(resets_at));
    const held = (shareOf(caller, now)?.held ?? 0) + taken;
    const share = { held, left: Math.max(0, limit - spent), resetsAt };
    shares.delete(caller);
    shares.set(caller, share);
    if (shares.size > REMEMBERED) shares.delete(shares.keys().next().value ?? '');
    return share;
  };
  const take = async (caller: string, need: number, now: Date): Promise<Share> => {
    const most = Math.min(limit, need + Math.floor(limit / IN_ADVANCE));
    const values = [caller, most, need, now.getTime() + WINDOW_MS, now.getTime(), limit];
    const { rows } = await pool.query<Row>({ ...TAKE, values });
    const row = rows[0] ?? (await pool.query<Row>({ ...LEFT, values: [caller] })).rows[0];
    return known(caller, row ?? { spent: limit, taken: 0, resets_at: String(now.getTime() + WINDOW_MS) }, now);
  };
  return async (actor, cost, now) => {
    const caller = callerOf(actor);
    const had = shareOf(caller, now);
    const isOut = had && cost > had.held + had.left;
    const share = had && (isOut || cost <= had.held) ? had : await take(caller, cost - (had?.held ?? 0), now);
    const granted = cost <= share.held;
    if (granted) share.held -= cost;
    return { granted, limit, remaining: share.held + share.left, resetsAt: share.resetsAt };
  };
}

/** Removes the budgets whose minute is over. */
export async function forgetBudgets({ pool }: Pick<Pools, 'pool'>, now: Date): Promise<void> {
  await pool.query('delete from graphql_budget where resets_at <= $1', [now.getTime()]);
}

/** Unnamed persons of a role are one caller. The table is no list of who asked: it has a digest. */
const callerOf = (actor: Actor): string =>
  createHash('sha256')
    .update([actor.tenantId, actor.kind, actor.id ?? (actor.kind === 'PERSON' ? actor.role : '')].join(' '))
    .digest('base64url');

/** Whole seconds until the budget is there again, 1 at least. */
export const secondsLeft = ({ resetsAt }: Balance, now: Date): number =>
  Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1000));

/** Response headers as draft-ietf-httpapi-ratelimit-headers has them. */
export const budgetHeaders = (balance: Balance, now: Date): Readonly<Record<string, string>> => ({
  'RateLimit-Policy': `"cost";q=${balance.limit};w=${WINDOW_MS / 1000}`,
  RateLimit: `"cost";r=${balance.remaining};t=${secondsLeft(balance, now)}`,
});
