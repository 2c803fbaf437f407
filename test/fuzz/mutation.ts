// What a mutation is, and the pieces that several kinds of it need.
import { type FuzzRequest } from './fuzzRequest.js';
import { type Random } from './random.js';

export interface Mutation {
  readonly name: string;
  /** The changed request; undefined where there is nothing of this kind to change. */
  apply(request: FuzzRequest, random: Random): FuzzRequest | undefined;
}

/** Text that means something to somebody: SQL, shells, templates, JSON, formats, Unicode's corners. */
export const STRANGE_TEXTS = [
  '',
  ' ',
  '\t\r\n',
  '"',
  "'",
  '\\',
  '%',
  '%00',
  '%s%n',
  '\u0000',
  '\ud800',
  '\udc00x',
  '\ufeff',
  '\u202e',
  '\u2028',
  'ﬁ',
  'İ',
  'ẞ',
  '👩‍👩‍👧',
  'e\u0301'.repeat(50),
  "' or 1=1 --",
  "'; drop table tenant; --",
  '${jndi:ldap://127.0.0.1}',
  '{{7*7}}',
  '$ne',
  '__proto__',
  'constructor.prototype.x',
  'toString',
  'True',
  'false',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e400',
  '2026-02-30T25:61:61Z',
  '+999999-01-01T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  '../../etc/passwd',
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'members[value eq "x"]',
] as const;

export const LENGTHS = [255, 256, 257, 1000, 8191, 8192, 8193, 65_536] as const;

/** A run of one letter, now and then long enough to fill a body. */
export const longText = (random: Random, letter = 'x'): string =>
  letter.repeat(random.once(200) ? random.pick([1_000_000, 4_100_000, 4_200_000]) : random.pick(LENGTHS));

/** Cuts a piece out, doubles it, or moves a letter: what happens to text on its way. */
export function mangledText(text: string, random: Random): string {
  const from = random.below(text.length + 1);
  const to = from + random.below(Math.min(12, text.length + 1 - from));
  const [before, piece, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.below(5)) {
    case 0:
      return before + after;
    case 1:
      return before + piece + piece + after;
    case 2:
      return before + random.pick(STRANGE_TEXTS) + after;
    case 3:
      return before + [...piece].reverse().join('') + after;
    default:
      return before;
  }
}
