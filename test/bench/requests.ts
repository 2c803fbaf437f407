// The requests of each case, as Entra ID sends them. Service and bare program get the same ones.

/** An HTTP request and the status it must be answered with. */
export interface BenchRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below /scim/v2, or that of GraphQL. */
  readonly path: string;
  readonly body?: string;
  readonly status: number;
  /** Latencies of a case are kept by kind; the case's name where there is one kind only. */
  readonly kind: string;
}

export const CASES = ['get', 'filter', 'create', 'department', 'members-10', 'members-1000', 'members-100000'] as const;
/** Pages of a hundred people; only the run of `lists` has them. */
export const LIST_CASES = ['list by index', 'list by cursor'] as const;
/** A page of a hundred people with manager and groups; only the run of `graphql` has it. */
export const GRAPHQL_CASES = ['people over GraphQL'] as const;
export type CaseName = (typeof CASES)[number] | (typeof LIST_CASES)[number] | (typeof GRAPHQL_CASES)[number];

export const GRAPHQL = '/graphql';

export interface Person {
  readonly id: string;
  readonly userName: string;
}

/** The people and groups that requests are about. */
export interface Subject {
  readonly people: readonly Person[];
  /** People who are in none of the groups below. */
  readonly outsiders: readonly string[];
  /** Ids of groups by their number of members. */
  readonly groups: Readonly<Record<number, string>>;
  /** Places to go on from in the list of people. */
  readonly places: readonly CursorPlace[];
}

/** The same place twice: for the service, and for who opens no cursors. */
export interface CursorPlace {
  readonly cursor: string;
  /** The last person before it. */
  readonly after: string;
}

const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The n-th request of a case. `salt` keeps windows apart: they create and add other people. */
export function requestsOf(name: CaseName, subject: Subject, salt: string): (n: number) => BenchRequest {
  const { people, places } = subject;
  const start = hash(salt);
  // A stride that is prime to the number of people: neighbours in time are no neighbours in the index.
  const person = (n: number) => people[(start + n * 7919) % people.length] ?? { id: '', userName: '' };
  switch (name) {
    case 'get':
      return (n) => ({ method: 'GET', path: `/Users/${person(n).id}`, status: 200, kind: name });
    case 'filter':
      return (n) => filterByUserName(person(n).userName);
    case 'create':
      return (n) => createUser(`${salt}.${n}`);
    case 'department':
      return (n) => patchUser(person(n).id, `${ENTERPRISE_USER}:department`, `Department ${salt} ${n}`, name);
    case 'members-10':
    case 'members-1000':
    case 'members-100000':
      return memberSteps(subject, subject.groups[Number(name.split('-')[1])] ?? '', start);
    case 'list by index':
      return () => listByIndex();
    case 'list by cursor':
      return (n) => listByCursor(places[(start + n) % places.length]);
    case 'people over GraphQL':
      return () => peopleOverGraphql();
  }
}

/** Adds one outsider, removes the same one, goes on to the next: the group keeps its size. */
function memberSteps({ outsiders }: Subject, group: string, start: number): (n: number) => BenchRequest {
  return (n) => {
    const id = outsiders[(start + Math.floor(n / 2)) % outsiders.length] ?? '';
    return n % 2 === 0 ? addMembers(group, [id], 'add') : removeMember(group, id);
  };
}

export const filterByUserName = (userName: string): BenchRequest => ({
  method: 'GET',
  path: `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
  status: 200,
  kind: 'filter',
});

export const listByIndex = (): BenchRequest => ({
  method: 'GET',
  path: '/Users?count=100&startIndex=1',
  status: 200,
  kind: 'list by index',
});

export const peopleOverGraphql = (): BenchRequest => ({
  method: 'POST',
  path: GRAPHQL,
  body: JSON.stringify({
    query: `{ users(first: 100) { nodes {
      userName displayName title department manager { userName displayName } groups { nodes { displayName } } } } }`,
  }),
  status: 200,
  kind: 'people over GraphQL',
});

/** A parameter that the service does not know tells the bare program the place. */
export const listByCursor = ({ cursor = '', after = '' }: Partial<CursorPlace> = {}): BenchRequest => ({
  method: 'GET',
  path: `/Users?count=100&cursor=${cursor}&after=${after}`,
  status: 200,
  kind: 'list by cursor',
});

export function createUser(name: string): BenchRequest {
  const userName = `${name}@fabriek.example`;
  const body = {
    schemas: [CORE_USER, ENTERPRISE_USER],
    externalId: `entra-${name}`,
    userName,
    active: true,
    displayName: `Mara de Vos ${name}`,
    emails: [{ primary: true, type: 'work', value: userName }],
    name: { formatted: `Mara de Vos ${name}`, givenName: 'Mara', familyName: 'de Vos' },
    title: 'Inkoper',
    phoneNumbers: [{ type: 'mobile', value: '+31 6 5555 0199' }],
    preferredLanguage: 'nl-NL',
    [ENTERPRISE_USER]: { department: 'Inkoop', employeeNumber: `e-${name}`, costCenter: '4711' },
  };
  return { method: 'POST', path: '/Users', body: JSON.stringify(body), status: 201, kind: 'create' };
}

export const patchUser = (id: string, path: string, value: unknown, kind: string): BenchRequest => ({
  method: 'PATCH',
  path: `/Users/${id}`,
  body: patchOp({ op: 'Replace', path, value }),
  status: 200,
  kind,
});

export const patchManager = (id: string, manager: string): BenchRequest =>
  patchUser(id, `${ENTERPRISE_USER}:manager`, manager, 'manager');

export const createGroup = (displayName: string): BenchRequest => ({
  method: 'POST',
  path: '/Groups',
  body: JSON.stringify({ schemas: [CORE_GROUP], externalId: `entra-${displayName}`, displayName }),
  status: 201,
  kind: 'create group',
});

export const addMembers = (group: string, ids: readonly string[], kind: string): BenchRequest => ({
  method: 'PATCH',
  path: `/Groups/${group}`,
  body: patchOp({ op: 'Add', path: 'members', value: ids.map((value) => ({ value })) }),
  status: 204,
  kind,
});

export const removeMember = (group: string, id: string): BenchRequest => ({
  method: 'PATCH',
  path: `/Groups/${group}`,
  body: patchOp({ op: 'Remove', path: 'members', value: [{ value: id }] }),
  status: 204,
  kind: 'remove',
});

const patchOp = (operation: object): string => JSON.stringify({ schemas: [PATCH_OP], Operations: [operation] });

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
}
