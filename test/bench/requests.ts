// The requests of each case, as the simulated Entra ID sends them. Service and bare program get the same ones.
import {
  filterBy,
  groupBody,
  managerPatch,
  managerProbe,
  membersPatch,
  patchBody,
  userBody,
} from '../../src/simulator/scim/messages.js';
import { ENTERPRISE } from '../../src/simulator/scim/paths.js';
import { GRAPHQL } from './bareTransactions.js';

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

export const DEPARTMENT = `${ENTERPRISE}:department`;
/** Of PATCH, where the Tenant URL has no flag. */
const DIALECT = 'default';

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
      return (n) => patchUser(person(n).id, DEPARTMENT, `Department ${salt} ${n}`, name);
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

const found = (path: string, kind: string): BenchRequest => ({ method: 'GET', path, status: 200, kind });

export const filterByUserName = (userName: string): BenchRequest =>
  found(`/Users?${filterBy('userName', userName)}`, 'filter');

export const probeManager = (id: string, manager: string): BenchRequest =>
  found(`/Users?${managerProbe(id, manager)}`, 'probe manager');

export const matchGroup = (displayName: string): BenchRequest =>
  found(`/Groups?excludedAttributes=members&${filterBy('displayName', displayName)}`, 'match group');

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
  const body = userBody({
    objectId: name,
    userPrincipalName: userName,
    mail: userName,
    mailNickname: `entra-${name}`,
    displayName: `Mara de Vos ${name}`,
    givenName: 'Mara',
    surname: 'de Vos',
    jobTitle: 'Inkoper',
    mobile: '+31 6 5555 0199',
    preferredLanguage: 'nl-NL',
    department: 'Inkoop',
    employeeId: `e-${name}`,
    employeeType: 'Employee',
    costCenter: '4711',
    accountEnabled: true,
  });
  return { method: 'POST', path: '/Users', body: JSON.stringify(body), status: 201, kind: 'create' };
}

export const patchUser = (id: string, path: string, value: string, kind: string): BenchRequest =>
  patch(`/Users/${id}`, patchBody([{ path, value, had: true }], DIALECT), 200, kind);

export const patchManager = (id: string, manager: string): BenchRequest =>
  patch(`/Users/${id}`, managerPatch(manager, false, DIALECT), 200, 'manager');

export function createGroup(displayName: string): BenchRequest {
  const body = groupBody({ objectId: `entra-${displayName}`, displayName, members: new Set() });
  return { method: 'POST', path: '/Groups', body: JSON.stringify(body), status: 201, kind: 'create group' };
}

export const addMembers = (group: string, ids: readonly string[], kind: string): BenchRequest =>
  patch(`/Groups/${group}`, membersPatch('add', ids, DIALECT), 204, kind);

export const removeMember = (group: string, id: string): BenchRequest =>
  patch(`/Groups/${group}`, membersPatch('remove', [id], DIALECT), 204, 'remove');

const patch = (path: string, body: object, status: number, kind: string): BenchRequest => ({
  method: 'PATCH',
  path,
  body: JSON.stringify(body),
  status,
  kind,
});

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
}
