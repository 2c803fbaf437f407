// Answers that may be a little old, kept for a bounded time and dropped when they are known to have changed. An answer's
// age counts from when the question was asked, because what was changed since is not in it.
import { Refusal } from '../refusal.js';

export interface RecentCache<Value> {
  /** Refuses with `unavailable` where the answer came too late to be believed. */
  get(key: string): Promise<Value>;
  forget(key: string): void;
  /** Forgets what fits, and every question that is not answered yet. */
  forgetWhere(fits: (key: string, value: Value) => boolean): void;
  clear(): void;
}

interface Settings {
  /** Keys at most; the one asked for longest ago goes first. */
  readonly limit: number;
  /** How old an answer may be at this moment. */
  readonly maxAgeMs: () => number;
  /** An answer that took longer than this is too old when it comes; any is believed where it is absent. */
  readonly patienceMs?: number;
}

interface Entry<Value> {
  readonly askedAt: number;
  readonly answer: Promise<Value>;
  settled?: { readonly value: Value };
}

/** Asks `load` once at a time per key. A failure is not kept: whoever comes next asks again. */
export function createRecentCache<Value>(
  { limit, maxAgeMs, patienceMs = Infinity }: Settings,
  load: (key: string) => Promise<Value>,
): RecentCache<Value> {
  const entries = new Map<string, Entry<Value>>();
  const ask = (key: string): Promise<Value> => {
    const askedAt = performance.now();
    const entry: Entry<Value> = {
      askedAt,
      answer: load(key).then((value) => {
        if (performance.now() - askedAt > patienceMs) throw tooLate();
        entry.settled = { value };
        return value;
      }),
    };
    entry.answer.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    // Forgotten while it is asked for, it answers only those who wait already: what it will say may be older.
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > limit) entries.delete(oldestOf(entries));
    return entry.answer;
  };
  return {
    get: (key) => {
      const known = entries.get(key);
      return known && performance.now() - known.askedAt < maxAgeMs() ? known.answer : ask(key);
    },
    forget: (key) => void entries.delete(key),
    forgetWhere: (fits) => {
      for (const [key, { settled }] of entries) {
        if (!settled || fits(key, settled.value)) entries.delete(key);
      }
    },
    clear: () => entries.clear(),
  };
}

const oldestOf = (entries: ReadonlyMap<string, unknown>): string => entries.keys().next().value ?? '';

const tooLate = (): Refusal =>
  new Refusal('unavailable', 'The database is too slow to say whether this token is still good. Try again later.', {
    'Retry-After': '5',
  });
