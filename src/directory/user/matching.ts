// Who a new person from the identity provider is: somebody new, somebody SpeakUp already knows, or somebody who was
// deleted and comes back. Pure: the candidates were found and locked before.
import { fold } from '../../attribute/attributeType.js';
import { type Values } from '../../attribute/change.js';
import { Refusal } from '../../refusal.js';
import { type MultiValue } from './User.js';
import { type UserRow } from './userRow.js';

/** Which rule found the person who is adopted. */
export type MatchRule = 'USER_NAME' | 'EMAIL';

export type Match =
  | { readonly kind: 'new' }
  | { readonly kind: 'adopt'; readonly user: UserRow; readonly rule: MatchRule }
  | { readonly kind: 'revive'; readonly user: UserRow };

/** The folded values by which a person is found. */
export interface MatchKeys {
  readonly userName: string;
  readonly email: string | null;
  readonly externalId: string | null;
}

export const matchKeys = (values: Values): MatchKeys => ({
  userName: fold(values.userName as string),
  email: matchEmail(values),
  externalId: (values.externalId as string | null | undefined) ?? null,
});

/** What others are looked for by, of whom the keys are. */
export const soughtKeys = ({ userName, email }: MatchKeys): readonly string[] =>
  email === null ? [userName] : [userName, email];

/** What somebody who is here is found by: each once. */
export const keysOf = ({ userName, matchEmailKey }: UserRow): readonly string[] => [
  ...new Set([fold(userName), ...(matchEmailKey === null ? [] : [matchEmailKey])]),
];

/**
 * The folded address by which a person is matched: the primary one, else the first of type work, else the first, else
 * the userName where it is an address. Null where there is none.
 */
export function matchEmail(values: Values): string | null {
  const chosen = chosenEmail((values.emails ?? []) as readonly MultiValue[]);
  if (chosen?.value) return fold(chosen.value);
  const userName = values.userName as string;
  return isAddress(userName) ? fold(userName) : null;
}

/** The element of several e-mail addresses that counts. */
export function chosenEmail(emails: readonly MultiValue[]): MultiValue | undefined {
  const given = emails.filter(({ value }) => value);
  return (
    given.find(({ primary }) => primary === true) ??
    given.find(({ type }) => type?.toLowerCase() === 'work') ??
    given[0]
  );
}

/** Whether a text can be an e-mail address. */
export const isAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text);

/** Why a person from the identity provider is refused; `user` is who is in the way. */
export class MatchRefusal extends Refusal {
  constructor(
    readonly reason: 'MANAGED' | 'AMBIGUOUS' | 'PROTECTED',
    readonly user: UserRow,
    message: string,
  ) {
    super('uniqueness', message);
  }
}

/**
 * Decides among candidates. Refuses with `uniqueness` (a MatchRefusal) when the person is already managed, when two
 * people match, or when the one who matches is protected; the detail says which.
 */
export function matchPerson(keys: MatchKeys, userName: string, candidates: readonly UserRow[]): Match {
  // By what they are now: while they were waited for they may have been renamed.
  const live = candidates.filter((candidate) => candidate.status !== 'DELETED' && isCandidate(keys, candidate));
  refuseManaged(keys, userName, live);
  const local = live.filter(({ origin }) => origin === 'SPEAKUP');
  const [user, other] = local;
  if (other) {
    throw new MatchRefusal(
      'AMBIGUOUS',
      other,
      `userName "${userName}" and its e-mail address belong to two different people in SpeakUp. Merge or rename one of them in SpeakUp, then try again.`,
    );
  }
  if (user) return adoption(keys, userName, user);
  const deleted = candidates
    .filter(({ status }) => status === 'DELETED')
    .filter((candidate) => comesBack(keys, candidate));
  const latest = deleted.sort((a, b) => deletedMs(b) - deletedMs(a))[0];
  return latest ? { kind: 'revive', user: latest } : { kind: 'new' };
}

/** Whether somebody who is not deleted is a candidate: userName and e-mail address are compared crosswise. */
const isCandidate = ({ userName, email }: MatchKeys, user: UserRow): boolean =>
  [fold(user.userName), user.matchEmailKey].some((key) => key !== null && (key === userName || key === email));

function refuseManaged(keys: MatchKeys, userName: string, live: readonly UserRow[]): void {
  for (const user of live) {
    if (user.origin !== 'SCIM') continue;
    if (fold(user.userName) === keys.userName) {
      throw new MatchRefusal(
        'MANAGED',
        user,
        `userName "${userName}" is already in use by another user of this tenant. Match that user, or change one of the two.`,
      );
    }
    if (keys.email !== null && user.matchEmailKey === keys.email) {
      throw new MatchRefusal(
        'MANAGED',
        user,
        `The e-mail address "${keys.email}" is already in use by another user of this tenant. Match that user, or change one of the two.`,
      );
    }
  }
}

function adoption(keys: MatchKeys, userName: string, user: UserRow): Match {
  if (user.protected) {
    throw new MatchRefusal(
      'PROTECTED',
      user,
      `"${userName}" matches a protected SpeakUp account. An administrator of SpeakUp must lift the protection before it can be managed.`,
    );
  }
  return { kind: 'adopt', user, rule: keys.userName === fold(user.userName) ? 'USER_NAME' : 'EMAIL' };
}

/** A deleted person comes back by the same userName unless the externalId says otherwise, or by externalId and e-mail. */
function comesBack(keys: MatchKeys, { userName, externalId, matchEmailKey }: UserRow): boolean {
  const sameExternalId = keys.externalId !== null && keys.externalId === externalId;
  if (fold(userName) === keys.userName) return sameExternalId || keys.externalId === null || externalId === null;
  return sameExternalId && keys.email !== null && keys.email === matchEmailKey;
}

const deletedMs = ({ deletedAt }: UserRow): number => new Date(deletedAt ?? 0).getTime();
