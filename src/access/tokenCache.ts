// Remembers tokens that were verified, so that a signature is checked once and not at every request. Bounded: the one
// not used for longest goes first.
import { createHash } from 'node:crypto';

export interface TokenCache<T> {
  /** What was remembered, unless the token has ended. */
  get(token: string, now: Date): T | undefined;
  set(token: string, value: T): void;
}

/** A cache of at most `limit` tokens, kept by their SHA-256: a memory dump of it holds no token. */
export function createTokenCache<T extends { readonly expiresAt: Date }>(limit: number): TokenCache<T> {
  const entries = new Map<string, T>();
  const keyOf = (token: string) => createHash('sha256').update(token).digest('base64');
  return {
    get(token, now) {
      const key = keyOf(token);
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      if (value.expiresAt <= now) return undefined;
      // A Map keeps the order of insertion: the first is the least recently used.
      entries.set(key, value);
      return value;
    },
    set(token, value) {
      entries.set(keyOf(token), value);
      if (entries.size <= limit) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    },
  };
}
