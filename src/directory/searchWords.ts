// What people and groups are searched by: the words of their names and addresses, of which the beginning is enough. They
// are kept in tables of their own, `user_word` and `group_word`, because row-level security allows an index for equality
// and for a range of keys, and for no other way to find text.
import { fold } from '../attribute/attributeType.js';
import { type MultiValue } from './user/User.js';
import { type UserRow } from './user/userRow.js';

/** Longer words are cut, the asked ones too: what an index holds is bounded. */
const LONGEST = 64;
/** Of one person or group. */
const MOST = 40;
/** What comes after so much of a text is no name. */
const READ = 1000;

// The same signs as in the SQL function `search_words`.
const SPACES = /[\t-\r\u0020\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const SIGN = /[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00b7\u2010-\u201f\u2026]/u;

/** The properties of a person whose words they are. */
export const SEARCHED = ['displayName', 'nickName', 'name', 'userName', 'emails'] as const;

/** The words of a person. */
export function wordsOfUser(user: UserRow): string[] {
  const { formatted, givenName, middleName, familyName } = (user.name ?? {}) as Readonly<Record<string, string>>;
  const names = [user.displayName, user.nickName as string | null, formatted, givenName, middleName, familyName];
  const addresses = (user.emails ?? []).map(({ value }: MultiValue) => value);
  return searchWords([...names, user.userName, ...addresses]);
}

/**
 * The words of texts, folded: each begins after a space or a sign, and goes on to the next space, so that `jean-pierre`
 * is found by `jean-p` and by `pierre`. Of what follows an @ only the whole. A word another one begins with is left out.
 */
export function searchWords(texts: readonly (string | null | undefined)[]): string[] {
  const words = texts.flatMap((text) =>
    text ? fold(text.slice(0, READ).toWellFormed()).split(SPACES).flatMap(wordsOfToken) : [],
  );
  return (
    [...new Set(words)]
      // In this order whatever begins with a word follows it.
      .sort()
      .filter((word, at, sorted) => !sorted[at + 1]?.startsWith(word))
      .slice(0, MOST)
  );
}

/** The beginnings a text asks for. */
export const searchedPrefixes = (text: string): string[] => [
  ...new Set(
    fold(text)
      .split(SPACES)
      .map((token) => cut(Array.from(token).slice(firstLetter(token))))
      .filter((prefix) => prefix !== ''),
  ),
];

function wordsOfToken(token: string): string[] {
  const letters = Array.from(token);
  const isSign = letters.map((letter) => SIGN.test(letter));
  const at = letters.indexOf('@');
  // The one word after an @ begins with the first letter there.
  const host = at < 0 ? -1 : isSign.indexOf(false, at);
  const last = host < 0 ? letters.length : host;
  return letters.flatMap((_, start) => {
    const begins = start <= last && isSign[start] === false && isSign[start - 1] !== false;
    return begins ? [cut(letters.slice(start, start + LONGEST))] : [];
  });
}

const cut = (letters: readonly string[]): string => letters.slice(0, LONGEST).join('');

function firstLetter(token: string): number {
  const at = Array.from(token).findIndex((letter) => !SIGN.test(letter));
  return at < 0 ? token.length : at;
}
