// Answers that may be a little old: asked for once at a time per key, and again when older than allowed. This age is
// the time a revocation takes to act, so it counts from when the question was asked, not from when it was answered.

/** Asks `load` at most once per `maxAgeMs` and key. A failure is not kept. Holds at most `limit` keys. */
export function createRecentCache<Value>(
  { maxAgeMs, limit }: { readonly maxAgeMs: number; readonly limit: number },
  load: (key: string) => Promise<Value>,
): (key: string) => Promise<Value> {
  const entries = new Map<string, { readonly askedAt: number; readonly answer: Promise<Value> }>();
  return (key) => {
    const now = performance.now();
    const known = entries.get(key);
    if (known && now - known.askedAt < maxAgeMs) return known.answer;
    const entry = { askedAt: now, answer: load(key) };
    entry.answer.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > limit) entries.delete(oldestOf(entries));
    return entry.answer;
  };
}

const oldestOf = (entries: ReadonlyMap<string, unknown>): string => entries.keys().next().value ?? '';
