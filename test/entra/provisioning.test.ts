import { expect } from 'chai';
import { ENTERPRISE_USER } from '../support/builders.js';
import { type Json, type TestTenant, aTenant } from '../support/tenant.js';
import { type Dialect, type EntraClient, entraClient, inParallel, initialCycle } from './client.js';
import { type Person, type Source, aSource, join } from './source.js';

const DOMAIN = 'fabriek.example';

describe('Entra ID provisions a tenant', () => {
  for (const dialect of ['default', 'aadOptscim062020'] as const) {
    it(`300 people and 12 groups, then a second cycle, in the ${dialect} dialect`, async function () {
      this.timeout(120_000);
      await twoCycles(dialect, 12);
    });
  }

  it('the same with people only', async function () {
    this.timeout(120_000);
    await twoCycles('default', 0);
  });

  it('and the comparison finds a difference that is there', async function () {
    this.timeout(60_000);
    const tenant = await aTenant();
    const source = aSource(10, 1, DOMAIN);
    const client = entraClient(tenant, 'default');
    await initialCycle(client, source);
    const [person] = source.people.values();
    const [group] = source.groups.values();
    if (!person || !group) throw new Error('The source is empty');
    person.department = 'Elders';
    group.members.delete([...group.members][0] ?? '');
    expect(await shownByScim(tenant)).to.not.deep.equal(expected(source, client));
    expect(await shownByGraphql(tenant)).to.not.deep.equal(expected(source, client));
  });
});

async function twoCycles(dialect: Dialect, groups: number): Promise<void> {
  const tenant = await aTenant();
  const source = aSource(300, groups, DOMAIN);
  const client = entraClient(tenant, dialect);
  await initialCycle(client, source);
  await compare(tenant, source, client);
  await secondCycle(client, source, dialect);
  await compare(tenant, source, client);
}

async function compare(tenant: TestTenant, source: Source, client: EntraClient): Promise<void> {
  const wanted = expected(source, client);
  expect(await shownByScim(tenant)).to.deep.equal(wanted);
  expect(await shownByGraphql(tenant)).to.deep.equal(wanted);
}

/** Joiners, movers, renames, leavers, returners and changes of membership, sent in parallel. */
async function secondCycle(client: EntraClient, source: Source, dialect: Dialect): Promise<void> {
  const people = [...source.people.values()];
  const gone = people.slice(280, 286);
  await inParallel(gone, (person) => setActive(client, person, false, dialect));
  const joiners = Array.from({ length: 20 }, (_, n) => join(source, 300 + n, DOMAIN));
  const steps: (() => Promise<void>)[] = [
    ...joiners.map((person) => () => client.provisionPerson(person)),
    ...people.slice(20, 60).map((person) => () => move(client, person, dialect)),
    ...people.slice(60, 70).map((person) => () => rename(client, person, dialect)),
    ...people.slice(200, 215).map((person) => () => setActive(client, person, false, dialect)),
    ...gone.map((person) => () => setActive(client, person, true, dialect)),
    ...membershipChanges(client, source),
  ];
  await inParallel(shuffled(steps), (step) => step());
  await inParallel(joiners, (person) => client.provisionManager(person));
}

async function setActive(client: EntraClient, person: Person, enabled: boolean, dialect: Dialect): Promise<void> {
  person.enabled = enabled;
  const op = dialect === 'default' ? 'Replace' : 'replace';
  const value = dialect === 'default' ? (enabled ? 'True' : 'False') : enabled;
  await client.patchPerson(person, [{ op, path: 'active', value }]);
}

async function move(client: EntraClient, person: Person, dialect: Dialect): Promise<void> {
  person.department = 'Nieuwe afdeling';
  person.jobTitle = `${person.jobTitle} II`;
  person.manager = '00000000-0000-4000-8000-000000000001';
  const manager = client.ids.get(person.manager);
  const department = `${ENTERPRISE_USER}:department`;
  const changes =
    dialect === 'default'
      ? [
          { op: 'Replace', path: department, value: person.department },
          { op: 'Replace', path: 'title', value: person.jobTitle },
        ]
      : [{ op: 'replace', value: { [department]: person.department, title: person.jobTitle } }];
  await client.patchPerson(person, changes);
  await client.patchPerson(person, [{ op: 'Add', path: `${ENTERPRISE_USER}:manager`, value: manager }]);
}

async function rename(client: EntraClient, person: Person, dialect: Dialect): Promise<void> {
  person.surname = 'de Nieuwe';
  person.displayName = `${person.givenName} ${person.surname}`;
  person.userPrincipalName = `nieuw.${person.userPrincipalName}`;
  person.mail = `nieuw.${person.mail}`;
  const formatted = `${person.givenName} ${person.surname}`;
  const mail = {
    op: dialect === 'default' ? 'Replace' : 'replace',
    path: 'emails[type eq "work"].value',
    value: person.mail,
  };
  const values = {
    userName: person.userPrincipalName,
    displayName: person.displayName,
    'name.familyName': person.surname,
    'name.formatted': formatted,
  };
  const changes =
    dialect === 'default'
      ? Object.entries(values).map(([path, value]) => ({ op: 'Replace', path, value }))
      : [{ op: 'replace', value: values }];
  await client.patchPerson(person, [mail, ...changes]);
}

/** One person at a time: many parallel requests to the same few groups. */
function membershipChanges(client: EntraClient, { people, groups }: Source): (() => Promise<void>)[] {
  const everybody = [...people.keys()].slice(0, 300);
  return [...groups.values()].flatMap((group, g) => {
    const leaving = [...group.members].filter((_, n) => n % 3 === 0);
    const coming = everybody.filter((one, n) => !group.members.has(one) && n % 11 === g % 11);
    leaving.forEach((one) => group.members.delete(one));
    coming.forEach((one) => group.members.add(one));
    return [
      ...leaving.map((one) => () => client.removeMembers(group, [one])),
      ...coming.map((one) => () => client.addMembers(group, [one])),
    ];
  });
}

/** A person as both faces are brought to show it; groups by name, members by userName. */
function expected({ people, groups }: Source, { ids }: EntraClient) {
  return {
    people: sorted(
      [...people.values()].map((person) => ({
        id: ids.get(person.objectId),
        externalId: person.objectId,
        userName: person.userPrincipalName,
        displayName: person.displayName,
        givenName: person.givenName,
        familyName: person.surname,
        title: person.jobTitle,
        department: person.department,
        employeeNumber: person.employeeId,
        preferredLanguage: person.preferredLanguage,
        email: person.mail,
        phone: person.telephoneNumber,
        active: person.enabled,
        manager: person.manager === undefined ? null : (people.get(person.manager)?.userPrincipalName ?? null),
        groups: [...groups.values()]
          .filter(({ members }) => members.has(person.objectId))
          .map(({ displayName }) => displayName)
          .sort(),
      })),
    ),
    groups: sorted(
      [...groups.values()].map(({ objectId, displayName, members }) => ({
        id: ids.get(objectId),
        externalId: objectId,
        displayName,
        members: [...members].map((one) => people.get(one)?.userPrincipalName ?? '').sort(),
      })),
    ),
  };
}

const sorted = <T extends { readonly externalId: string }>(list: T[]): T[] =>
  list.sort((a, b) => (a.externalId < b.externalId ? -1 : 1));

async function shownByScim(tenant: TestTenant) {
  const all = async (endpoint: string): Promise<Json[]> => {
    const found: Json[] = [];
    for (;;) {
      const page = (await tenant.scim('GET', `/${endpoint}?startIndex=${found.length + 1}&count=70`)).body;
      found.push(...page.Resources);
      if (found.length >= page.totalResults) return found;
    }
  };
  const people = await all('Users');
  const names = new Map<string, string>(people.map((person) => [person.id as string, person.userName as string]));
  return {
    people: sorted(people.map((person) => personFromScim(person, names))),
    groups: sorted(
      (await all('Groups')).map(({ id, externalId, displayName, members }) => ({
        id,
        externalId,
        displayName,
        members: members.map(({ value }: Json) => names.get(value as string)).sort(),
      })),
    ),
  };
}

const personFromScim = (person: Json, names: ReadonlyMap<string, string>) => ({
  id: person.id,
  externalId: person.externalId,
  userName: person.userName,
  displayName: person.displayName,
  givenName: person.name.givenName,
  familyName: person.name.familyName,
  title: person.title,
  department: person[ENTERPRISE_USER].department,
  employeeNumber: person[ENTERPRISE_USER].employeeNumber,
  preferredLanguage: person.preferredLanguage,
  email: person.emails[0].value,
  phone: person.phoneNumbers[0].value,
  active: person.active,
  manager: names.get(person[ENTERPRISE_USER].manager?.value as string) ?? null,
  groups: (person.groups ?? []).map(({ display }: Json) => display).sort(),
});

const PEOPLE = `query ($after: String) { users(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
  scimId externalId userName displayName name { givenName familyName } title department employeeNumber preferredLanguage
  emails { value } phoneNumbers { value } active manager { userName } groups(first: 50) { nodes { displayName } } } } }`;
const GROUPS = `query { groups(first: 50) { nodes { scimId externalId displayName members(first: 200) { totalCount nodes { userName } } } } }`;

async function shownByGraphql(tenant: TestTenant) {
  const people: Json[] = [];
  for (let after: string | null = null; ;) {
    const { body } = await tenant.graphql(PEOPLE, { after });
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    people.push(...body.data.users.nodes);
    if (!body.data.users.pageInfo.hasNextPage) break;
    after = body.data.users.pageInfo.endCursor as string;
  }
  const groups = (await tenant.graphql(GROUPS)).body.data.groups.nodes as Json[];
  return {
    people: sorted(people.map(personFromGraphql)),
    groups: sorted(
      groups.map(({ scimId, externalId, displayName, members }) => ({
        id: scimId,
        externalId,
        displayName,
        members: members.nodes.map(({ userName }: Json) => userName).sort(),
      })),
    ),
  };
}

const personFromGraphql = ({ scimId, name, emails, phoneNumbers, manager, groups, ...same }: Json) => ({
  ...same,
  id: scimId,
  givenName: name.givenName,
  familyName: name.familyName,
  email: emails[0].value,
  phone: phoneNumbers[0].value,
  manager: manager?.userName ?? null,
  groups: groups.nodes.map(({ displayName }: Json) => displayName).sort(),
});

/** The same order each time, and none that helps. */
const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((item, n) => ({ item, place: (n * 7919) % 1009 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
