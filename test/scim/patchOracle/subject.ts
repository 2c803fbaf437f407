// A tenant with the people and groups that operations refer to, and the two resources that are changed over and over.
import { aTenant } from '../../support/tenant.js';
import { aGroup, aUser, unique } from '../../support/builders.js';
import { CORE_GROUP, CORE_USER, ENTERPRISE, GROUP, type Schema, USER } from './interpreterSchema.js';
import { type Json, type JsonObject, type Person, type Profile, type World } from './interpreterState.js';
import { groupCases } from './groupOperations.js';
import { messageOf } from './operations.js';
import { type Pool, userCases, userOddKeys, userReadOnlyKeys } from './userOperations.js';
import type fc from 'fast-check';

export interface Reply {
  readonly status: number;
  readonly body: Json | undefined;
  readonly version: string | null;
}

/** How the oracle speaks with the service; a control puts something in between. */
export type Wire = (method: string, path: string, body?: Json, version?: string) => Promise<Reply>;

export interface Subject {
  readonly schema: Schema;
  readonly path: string;
  /** The body of a PUT that brings back the beginning. */
  readonly beginning: JsonObject;
  readonly messages: fc.Arbitrary<Json>;
  readonly world: World;
  readonly wire: Wire;
}

/** Opens a tenant of the profile and returns its user and its group. */
export async function subjectsOf(profile: Profile): Promise<{ user: Subject; group: Subject }> {
  const tenant = await aTenant({ compatibility: profile });
  const wire: Wire = async (method, path, body) => {
    const answer = await tenant.scim(method, path, body);
    return { status: answer.status, body: answer.body, version: answer.headers.get('ETag') };
  };
  const made = async (path: string, body: Json): Promise<Record<string, string>> => {
    const { status, body: answer } = await wire('POST', path, body);
    if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(answer)}`);
    return answer as Record<string, string>;
  };
  const people = await Promise.all([1, 2, 3, 4, 5].map((number) => aPerson(number, made)));
  const mark = unique();
  const own = ['A', 'B', 'C'].map((letter) => `Own.${letter}.${mark}@fabriek.example`);
  const user = await made('/Users', aUser({ userName: own[0], emails: [{ value: own[0] }] }) as JsonObject);
  const colleague = { ...(await made('/Groups', aGroup({ members: [{ value: user.id }] }) as JsonObject)) };
  const group = await made('/Groups', aGroup() as JsonObject);
  const world: World = {
    profile,
    base: `${tenant.server.url}/scim/v2`,
    people,
    groups: [{ id: colleague.id ?? '', displayName: colleague.displayName ?? '' }],
  };
  const pool = poolOf(world, own, group);
  const userCasesOf = userCases(pool);
  return {
    user: {
      schema: USER,
      path: `/Users/${user.id}`,
      beginning: aBeginning(own, people),
      messages: messageOf(userCasesOf, [userOddKeys, userOddKeys, userReadOnlyKeys]),
      world,
      wire,
    },
    group: {
      schema: GROUP,
      path: `/Groups/${group.id}`,
      beginning: {
        schemas: [CORE_GROUP],
        displayName: group.displayName ?? '',
        members: people.slice(0, 2).map((person) => ({ value: person.id })),
      },
      messages: messageOf(groupCases(pool), [userOddKeys, { id: 'x', schemas: [] }, { meta: {} }]),
      world: { ...world, groups: [...world.groups, { id: group.id ?? '', displayName: '' }] },
      wire,
    },
  };
}

/** The third has no displayName, so that a reference to someone without one is met too. */
async function aPerson(
  number: number,
  made: (path: string, body: Json) => Promise<Record<string, string>>,
): Promise<Person> {
  const displayName = number === 3 ? undefined : `Colleague ${number}`;
  const body = aUser(displayName === undefined ? {} : { displayName });
  const { id = '', userName = '' } = await made('/Users', body as JsonObject);
  return { id, userName, displayName, email: userName.toLowerCase() };
}

function poolOf(world: World, own: readonly string[], group: Readonly<Record<string, string>>): Pool {
  const mark = unique();
  return {
    own: [...own, ...own.map((name) => name.toLowerCase())],
    taken: world.people.slice(0, 2).flatMap(({ userName }) => [userName, userName.toUpperCase()]),
    people: world.people.map((person) => person.id),
    groups: [group.id ?? '', ...world.groups.map((one) => one.id)],
    unknown: ['unknown', '0192d5a4-0000-7000-8000-000000000000'],
    names: [`Kade ${mark}`, `KADE ${mark}`, `Zuid ${mark}`, group.displayName ?? ''],
    takenNames: world.groups.flatMap((one) => [one.displayName, one.displayName.toUpperCase()]),
  };
}

const aBeginning = (own: readonly string[], people: readonly Person[]): JsonObject => ({
  schemas: [CORE_USER, ENTERPRISE],
  userName: own[0] ?? '',
  displayName: 'one',
  title: 'two',
  externalId: 'one',
  active: true,
  name: { givenName: 'one', familyName: 'two' },
  emails: [
    { value: own[0] ?? '', type: 'work', primary: true },
    { value: own[1] ?? '', type: 'home', display: 'two' },
  ],
  phoneNumbers: [
    { value: 'one', type: 'work' },
    { value: 'two', type: 'mobile' },
  ],
  addresses: [{ type: 'work', locality: 'one', country: 'two' }],
  roles: [{ value: 'one', primary: true }],
  [ENTERPRISE]: { department: 'one', manager: { value: people[0]?.id ?? '' } },
});
