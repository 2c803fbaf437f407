// What one caller may ask in a minute, all operations and all processes together: counted in the database.
import { createHash } from 'node:crypto';
import { type Actor } from '../directory/actor.js';
import { type Pools } from '../directory/scope.js';

const WINDOW_MS = 60_000;
/** Callers whose budget is known to be spent. Of more, the ones that came first are asked for again: memory stays bounded. */
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

const SPEND = {
  name: 'spend_graphql_budget',
  text: `insert into graphql_budget as b (caller, spent, resets_at) values ($1, $2, $3)
    on conflict (caller) do update
    set spent = case when b.resets_at <= $4 then excluded.spent else b.spent + excluded.spent end,
      resets_at = case when b.resets_at <= $4 then excluded.resets_at else b.resets_at end
    where b.resets_at <= $4 or b.spent + excluded.spent <= $5
    returning spent, resets_at`,
};
const LEFT = { name: 'graphql_budget_left', text: 'select spent, resets_at from graphql_budget where caller = $1' };

interface Row {
  readonly spent: number;
  /** Milliseconds since 1970; PostgreSQL's bigint comes as text. */
  readonly resets_at: string;
}

/** `limit` is the cost a minute; no operation may cost more. */
export function createBudget({ pool }: Pick<Pools, 'pool'>, limit: number): Budget {
  const refused = new Map<string, Balance>();
  const balanceOf = ({ spent, resets_at }: Row): Balance => ({
    limit,
    remaining: Math.max(0, limit - spent),
    resetsAt: new Date(Number(resets_at)),
  });
  return async (actor, cost, now) => {
    const caller = callerOf(actor);
    // What is left only shrinks: who asks on and on for too much costs the database nothing.
    const known = refused.get(caller);
    if (known && now < known.resetsAt && cost > known.remaining) return { granted: false, ...known };
    refused.delete(caller);
    const values = [caller, cost, now.getTime() + WINDOW_MS, now.getTime(), limit];
    const { rows } = await pool.query<Row>({ ...SPEND, values });
    if (rows[0]) return { granted: true, ...balanceOf(rows[0]) };
    const left = (await pool.query<Row>({ ...LEFT, values: [caller] })).rows[0];
    const balance = balanceOf(left ?? { spent: limit, resets_at: String(now.getTime() + WINDOW_MS) });
    refused.set(caller, balance);
    if (refused.size > REMEMBERED) refused.delete(refused.keys().next().value ?? '');
    return { granted: false, ...balance };
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
