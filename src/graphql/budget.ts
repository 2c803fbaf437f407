// What one caller may ask in a minute, all operations together. Each process counts by itself: with several of them
// behind a load balancer a caller may have as many budgets.
import { type Actor } from '../directory/actor.js';

const WINDOW_MS = 60_000;
/** Of more callers in a minute than these, the ones that came first begin anew: memory stays bounded. */
const MOST_CALLERS = 10_000;

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
export type Budget = (actor: Actor, cost: number, now: Date) => Balance & { readonly granted: boolean };

/** `limit` is the cost a minute. */
export function createBudget(limit: number, mostCallers = MOST_CALLERS): Budget {
  const windows = new Map<string, { readonly resetsAt: Date; remaining: number }>();
  return (actor, cost, now) => {
    const caller = callerOf(actor);
    let window = windows.get(caller);
    if (!window || window.resetsAt <= now) {
      window = { resetsAt: new Date(now.getTime() + WINDOW_MS), remaining: limit };
      // Deleted first, so that the map stays in order of beginning.
      windows.delete(caller);
      windows.set(caller, window);
      if (windows.size > mostCallers) windows.delete(windows.keys().next().value ?? '');
    }
    const granted = cost <= window.remaining;
    if (granted) window.remaining -= cost;
    return { granted, limit, remaining: window.remaining, resetsAt: window.resetsAt };
  };
}

/** Unnamed persons of a role are one caller. */
const callerOf = (actor: Actor): string =>
  [actor.tenantId, actor.kind, actor.id ?? (actor.kind === 'PERSON' ? actor.role : '')].join(' ');

/** Whole seconds until the budget is there again, 1 at least. */
export const secondsLeft = ({ resetsAt }: Balance, now: Date): number =>
  Math.max(1, Math.ceil((resetsAt.getTime() - now.getTime()) / 1000));

/** Response headers as draft-ietf-httpapi-ratelimit-headers has them. */
export const budgetHeaders = (balance: Balance, now: Date): Readonly<Record<string, string>> => ({
  'RateLimit-Policy': `"cost";q=${balance.limit};w=${WINDOW_MS / 1000}`,
  RateLimit: `"cost";r=${balance.remaining};t=${secondsLeft(balance, now)}`,
});
