// Random numbers that are the same for the same seed: everything the simulator makes up comes from here.

export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number from 0 up to `below`. */
  below(below: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
  /** A whole number that is `share` of `count` on average: 0.3 people is one person in three calls of ten. */
  portion(count: number, share: number): number;
  /** So many different elements, in random order; all of them when there are no more. */
  sample<T>(list: readonly T[], count: number): T[];
  /** With this median, and this deviation of its logarithm. */
  logNormal(median: number, sigma: number): number;
  uuid(): string;
}

/** The generator of a seed; `of` names independent ones of the same seed. */
export function randomFrom(seed: number, of = 0): Random {
  const state = { at: (Math.imul(seed, 0x9e3779b1) ^ Math.imul(of + 1, 0x85ebca6b)) >>> 0 };
  const next = () => mulberry32(state);
  const below = (limit: number) => Math.floor(next() * limit);
  const random: Random = {
    next,
    below,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    chance: (share) => next() < share,
    portion: (count, share) => Math.floor(count * share) + (next() < (count * share) % 1 ? 1 : 0),
    sample: (list, count) => sampled(list, count, below),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal(next)),
    uuid: () => uuidFrom([below(2 ** 32), below(2 ** 32), below(2 ** 32), below(2 ** 32)]),
  };
  return random;
}

/** Tommy Ettinger's generator: 32 bits of state are enough to make people up. */
function mulberry32(state: { at: number }): number {
  state.at = (state.at + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state.at ^ (state.at >>> 15), 1 | state.at);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** The first steps of a Fisher-Yates shuffle. */
function sampled<T>(list: readonly T[], count: number, below: (limit: number) => number): T[] {
  const rest = [...list];
  const wanted = Math.min(count, rest.length);
  for (let n = 0; n < wanted; n += 1) {
    const other = n + below(rest.length - n);
    [rest[n], rest[other]] = [rest[other] as T, rest[n] as T];
  }
  return rest.slice(0, wanted);
}

/** Box and Muller's. */
const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** As of version 4 in form. */
function uuidFrom(words: readonly number[]): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
