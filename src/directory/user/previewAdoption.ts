// What would become of a list of people if the identity provider sent them now. The rules are those of matching.ts, and
// nothing is written.
import { type Values } from '../../attribute/change.js';
import { type ReadScope } from '../scope.js';
import { keysOf, type Match, type MatchKeys, matchKeys, matchPerson, MatchRefusal, soughtKeys } from './matching.js';
import { deletedPeopleByKeys, peopleByKeys } from './peopleByKeys.js';
import { type UserRow } from './userRow.js';

export type Previewed =
  | Match
  /** `user` is who is in the way; undefined where that is somebody of the list who is new. */
  | { readonly kind: 'refused'; readonly refusal: MatchRefusal; readonly user: UserRow | undefined };

/** What becomes of each, in their order: who is taken over, new or back by one is managed when the next comes. Two statements. */
export async function previewAdoption(scope: ReadScope, people: readonly Values[]): Promise<readonly Previewed[]> {
  const asked = people.map((values) => ({ values, keys: matchKeys(values) }));
  const all = [...new Set(asked.flatMap(({ keys }) => soughtKeys(keys)))];
  const [live, deleted] = await Promise.all([peopleByKeys(scope, all), deletedPeopleByKeys(scope, all)]);
  const known = new Map([...live, ...deleted].map((user) => [user.id, user]));
  const here = new People([...live, ...deleted]);
  return asked.map(({ values, keys }, index) => {
    const previewed = decide(keys, values.userName as string, here.among(soughtKeys(keys)));
    switch (previewed.kind) {
      case 'refused':
        return { ...previewed, user: known.get(previewed.refusal.user.id) };
      case 'new':
        here.put(managed({ id: `new ${index}`, matchEmailKey: null } as UserRow, values, keys));
        return previewed;
      case 'adopt':
        here.put(managed(previewed.user, values, keys));
        return previewed;
      case 'revive':
        here.put(managed({ ...previewed.user, matchEmailKey: null }, values, keys));
        return previewed;
    }
  });
}

/** People as they would be by now, and by which keys they are found. */
class People {
  private readonly now = new Map<string, UserRow>();
  private readonly byKey = new Map<string, Set<string>>();

  constructor(users: readonly UserRow[]) {
    for (const user of users) this.put(user);
  }

  put(user: UserRow): void {
    this.now.set(user.id, user);
    for (const key of keysOf(user)) this.byKey.set(key, (this.byKey.get(key) ?? new Set()).add(user.id));
  }

  /** Also some who had such a key before. */
  among(keys: readonly string[]): readonly UserRow[] {
    const ids = new Set(keys.flatMap((key) => [...(this.byKey.get(key) ?? [])]));
    return [...ids].flatMap((id) => this.now.get(id) ?? []);
  }
}

function decide(
  keys: MatchKeys,
  userName: string,
  candidates: readonly UserRow[],
): Match | { readonly kind: 'refused'; readonly refusal: MatchRefusal } {
  try {
    return matchPerson(keys, userName, candidates);
  } catch (error) {
    if (error instanceof MatchRefusal) return { kind: 'refused', refusal: error };
    throw error;
  }
}

/** The person once managed: with the names of the identity provider, an address that it does not send stays where there was one. */
const managed = (user: UserRow, values: Values, { email }: MatchKeys): UserRow => ({
  ...user,
  origin: 'SCIM',
  status: 'ACTIVE',
  userName: values.userName as string,
  matchEmailKey: values.emails === undefined ? (user.matchEmailKey ?? email) : email,
});
