// What would become of a list of people if the identity provider sent them now. The rules are those of matching.ts, and
// nothing is written.
import { type Values } from '../../attribute/change.js';
import { type ReadScope } from '../scope.js';
import {
  isCandidate,
  keysOf,
  type Match,
  type MatchKeys,
  matchKeys,
  matchPerson,
  MatchRefusal,
  soughtKeys,
} from './matching.js';
import { deletedPeopleByKeys, peopleByKeys } from './peopleByKeys.js';
import { type UserRow } from './userRow.js';

export type Previewed = Match | { readonly kind: 'refused'; readonly refusal: MatchRefusal };

/** What becomes of each, in their order: who is taken over by one is managed when the next comes. Two statements. */
export async function previewAdoption(scope: ReadScope, people: readonly Values[]): Promise<readonly Previewed[]> {
  const asked = people.map((values) => ({ values, keys: matchKeys(values) }));
  const all = [...new Set(asked.flatMap(({ keys }) => soughtKeys(keys)))];
  const [live, deleted] = await Promise.all([peopleByKeys(scope, all), deletedPeopleByKeys(scope, all)]);
  const byKey = Map.groupBy(
    live.flatMap((user) => keysOf(user).map((key) => ({ key, id: user.id }))),
    ({ key }) => key,
  );
  const now = new Map(live.map((user) => [user.id, user]));
  const left = Map.groupBy(
    deleted.flatMap((user) => keysOf(user).map((key) => ({ key, user }))),
    ({ key }) => key,
  );
  return asked.map(({ values, keys }) => {
    const wanted = soughtKeys(keys);
    const ids = new Set(wanted.flatMap((key) => byKey.get(key)?.map(({ id }) => id) ?? []));
    const candidates = [...ids].flatMap((id) => now.get(id) ?? []).filter((user) => isCandidate(keys, user));
    const gone = new Set(wanted.flatMap((key) => left.get(key)?.map(({ user }) => user) ?? []));
    const previewed = decide(keys, values.userName as string, [...candidates, ...gone]);
    if (previewed.kind === 'adopt') now.set(previewed.user.id, taken(previewed.user, values, keys));
    return previewed;
  });
}

function decide(keys: MatchKeys, userName: string, candidates: readonly UserRow[]): Previewed {
  try {
    return matchPerson(keys, userName, candidates);
  } catch (error) {
    if (error instanceof MatchRefusal) return { kind: 'refused', refusal: error };
    throw error;
  }
}

/** The person once taken over: with the names of the identity provider, an address that it does not send stays. */
const taken = (user: UserRow, values: Values, { email }: MatchKeys): UserRow => ({
  ...user,
  origin: 'SCIM',
  userName: values.userName as string,
  matchEmailKey: values.emails === undefined ? user.matchEmailKey : email,
});
