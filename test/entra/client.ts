// Plays Entra ID's provisioning client over HTTP: token, match, create or patch, references last, in parallel.
import { ENTERPRISE_USER, CORE_USER, patchOf } from '../support/builders.js';
import { type Json, type TestTenant } from '../support/tenant.js';
import { type Person, type Source, type SourceGroup } from './source.js';

/** Either dialect of PATCH: with the flag aadOptscim062020 operations are in lower case and changes are merged. */
export type Dialect = 'default' | 'aadOptscim062020';

export interface EntraClient {
  /** Ids this service gave, by objectId. */
  readonly ids: Map<string, string>;
  testConnection(): Promise<void>;
  provisionPerson(person: Person): Promise<void>;
  provisionManager(person: Person): Promise<void>;
  patchPerson(person: Person, operations: readonly object[]): Promise<void>;
  provisionGroup(group: SourceGroup): Promise<void>;
  addMembers(group: SourceGroup, people: readonly string[]): Promise<void>;
  removeMembers(group: SourceGroup, people: readonly string[]): Promise<void>;
}

export function entraClient(tenant: TestTenant, dialect: Dialect): EntraClient {
  const ids = new Map<string, string>();
  const idOf = (objectId: string) => {
    const id = ids.get(objectId);
    if (id === undefined) throw new Error(`${objectId} has not been provisioned`);
    return id;
  };
  const call = async (wanted: number, method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await tenant.scim(method, path, body);
    if (answer.status !== wanted) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const match = async (path: string): Promise<string | undefined> => (await call(200, 'GET', path)).Resources[0]?.id;
  const membersPatch = (group: SourceGroup, op: 'add' | 'remove', people: readonly string[]) => {
    const path = `/Groups/${idOf(group.objectId)}`;
    const operations =
      dialect === 'default'
        ? [
            {
              op: op === 'add' ? 'Add' : 'Remove',
              path: 'members',
              value: people.map((one) => ({ $ref: null, value: idOf(one) })),
            },
          ]
        : op === 'add'
          ? [{ op, path: 'members', value: people.map((one) => ({ value: idOf(one) })) }]
          : people.map((one) => ({ op, path: `members[value eq "${idOf(one)}"]` }));
    return call(204, 'PATCH', path, patchOf(...operations)).then(() => undefined);
  };
  return {
    ids,
    async testConnection() {
      const answer = await call(
        200,
        'GET',
        `/Users?filter=${equals('userName', '11112222-aaaa-4bbb-8ccc-333344445555')}`,
      );
      if (answer.totalResults !== 0) throw new Error('Somebody has the name that nobody has');
    },
    async provisionPerson(person) {
      const known = await match(`/Users?filter=${equals('userName', person.userPrincipalName)}`);
      const id = known ?? ((await call(201, 'POST', '/Users', userBody(person))).id as string);
      ids.set(person.objectId, id);
    },
    async provisionManager({ objectId, manager }) {
      if (manager === undefined) return;
      const id = idOf(objectId);
      const probe = encodeURIComponent(`id eq "${id}" and manager eq "${idOf(manager)}"`);
      if (await match(`/Users?filter=${probe}&attributes=id`)) return;
      const path = `${ENTERPRISE_USER}:manager`;
      const body = await call(
        200,
        'PATCH',
        `/Users/${id}`,
        patchOf({ op: dialect === 'default' ? 'Add' : 'add', path, value: idOf(manager) }),
      );
      if (body[ENTERPRISE_USER].manager.value !== idOf(manager)) throw new Error('The manager is not shown');
    },
    async patchPerson({ objectId }, operations) {
      await call(200, 'PATCH', `/Users/${idOf(objectId)}`, patchOf(...operations));
    },
    async provisionGroup(group) {
      const path = `/Groups?excludedAttributes=members&filter=${equals('displayName', group.displayName)}`;
      const id = (await match(path)) ?? ((await call(201, 'POST', '/Groups', groupBody(group))).id as string);
      ids.set(group.objectId, id);
      const read = await call(200, 'GET', `/Groups/${id}?excludedAttributes=members`);
      if ('members' in read) throw new Error('members were excluded, and are there');
    },
    addMembers: (group, people) => membersPatch(group, 'add', people),
    removeMembers: (group, people) => membersPatch(group, 'remove', people),
  };
}

/** A filter as Entra encodes it: blanks as plus signs. */
const equals = (attribute: string, value: string): string =>
  encodeURIComponent(`${attribute} eq "${value.replace(/["\\]/g, '\\$&')}"`).replaceAll('%20', '+');

const userBody = (person: Person) => ({
  schemas: [CORE_USER, ENTERPRISE_USER],
  externalId: person.objectId,
  userName: person.userPrincipalName,
  active: true,
  displayName: person.displayName,
  title: person.jobTitle,
  preferredLanguage: person.preferredLanguage,
  emails: [{ primary: true, type: 'work', value: person.mail }],
  meta: { resourceType: 'User' },
  name: { formatted: `${person.givenName} ${person.surname}`, familyName: person.surname, givenName: person.givenName },
  phoneNumbers: [{ type: 'work', value: person.telephoneNumber, primary: true }],
  roles: [],
  [ENTERPRISE_USER]: { employeeNumber: person.employeeId, department: person.department },
});

const groupBody = ({ objectId, displayName }: SourceGroup) => ({
  schemas: [
    'urn:ietf:params:scim:schemas:core:2.0:Group',
    'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
  ],
  externalId: objectId,
  displayName,
  meta: { resourceType: 'Group' },
});

/** Does the work for each, eight at a time. */
export async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>, atATime = 8): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** A whole initial cycle: people, their managers, groups, members in batches of 20. */
export async function initialCycle(client: EntraClient, source: Source): Promise<void> {
  await client.testConnection();
  await inParallel(source.people.values(), (person) => client.provisionPerson(person));
  await inParallel(source.people.values(), (person) => client.provisionManager(person));
  await inParallel(source.groups.values(), (group) => client.provisionGroup(group));
  const batches = [...source.groups.values()].flatMap((group) =>
    inBatches([...group.members]).map((people) => ({ group, people })),
  );
  await inParallel(batches, ({ group, people }) => client.addMembers(group, people));
}

const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / 20) }, (_, n) => items.slice(n * 20, n * 20 + 20));
