// Remembers tokens that were verified, so that a signature is checked once and not at every request. Bounded: the one
// not used for longest goes first.

export interface TokenCache<T> {
  /** What was remembered, unless the token has ended, by its time or otherwise. */
  get(token: string, now: Date): T | undefined;
  set(token: string, value: T): void;
}

/** A cache of at most `limit` tokens. */
export function createTokenCache<T extends { readonly expiresAt: Date; readonly isEnded?: () => boolean }>(
  limit: number,
): TokenCache<T> {
  const entries = new Map<string, T>();
  return {
    get(token, now) {
      const value = entries.get(token);
      if (value === undefined) return undefined;
      entries.delete(token);
      if (value.expiresAt <= now || value.isEnded?.() === true) return undefined;
      // A Map keeps the order of insertion: the first is the least recently used.
      entries.set(token, value);
      return value;
    },
    set(token, value) {
      entries.set(token, value);
      if (entries.size <= limit) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    },
  };
}
