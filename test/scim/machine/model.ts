// What two tenants hold, as SPEC sections 1, 4 and 5 have it: plain objects in memory, looked through from end to end.
// Nothing here is taken from the service's own code; where it is slow, it is simple.

export type Origin = 'SPEAKUP' | 'SCIM';
export type Status = 'ACTIVE' | 'DEACTIVATED' | 'DELETED';
export type Profile = 'ENTRA' | 'RFC';

export interface Email {
  readonly value: string;
  readonly type?: string;
  readonly primary?: boolean;
}

/** What a client writes of a person. Absent is unassigned. */
export interface Attributes {
  readonly userName: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly title?: string;
  readonly department?: string;
  readonly emails?: readonly Email[];
  /** The reference as it was sent. */
  readonly manager?: string;
}

/** The body of a request: `active` may be left out, and is never unassigned. */
export interface Given extends Attributes {
  readonly active?: boolean;
}

/** What is not foretold but learned from answers: `modified` is unknown after a change until it is read again. */
export interface Stamps {
  created?: string;
  modified?: string;
  /** No later change can have an earlier moment. */
  notBefore: string;
}

export interface Person {
  readonly kind: 'User';
  readonly id: string;
  origin: Origin;
  status: Status;
  attributes: Attributes;
  /** Who the reference to the manager means; absent while nobody here answers to it. */
  managerId?: string;
  version: number;
  readonly stamps: Stamps;
  /** Counts deletions: the latest is the largest. */
  deletion?: number;
}

export interface Group {
  readonly kind: 'Group';
  readonly id: string;
  readonly origin: Origin;
  displayName: string;
  externalId?: string;
  members: Set<string>;
  version: number;
  readonly stamps: Stamps;
}

export type Resource = Person | Group;

/** What history must say that happened to a resource. */
export type Happened =
  | 'CREATED'
  | 'CHANGED'
  | 'ADOPTED'
  | 'REVIVED'
  | 'DEACTIVATED'
  | 'REACTIVATED'
  | 'DELETED'
  | 'MANAGER_RESOLVED'
  | 'MANAGER_UNRESOLVED';

export interface Tenant {
  readonly id: string;
  /** In order of creation; deleted people stay. */
  readonly people: Map<string, Person>;
  readonly groups: Map<string, Group>;
  provisioningEnabled: boolean;
  deletions: number;
  /** What the request at hand has touched, by resource. */
  readonly touched: Map<string, Happened>;
  /** What each request has touched, by request id. */
  readonly history: Map<string, ReadonlyMap<string, Happened>>;
}

export type Which = 0 | 1;
export interface Model {
  readonly tenants: readonly [Tenant, Tenant];
}

export const newTenant = (id: string): Tenant => ({
  id,
  people: new Map(),
  groups: new Map(),
  provisioningEnabled: true,
  deletions: 0,
  touched: new Map(),
  history: new Map(),
});

export const newStamps = (): Stamps => ({ notBefore: '' });

/** Upper and lower case are the same; the samples have no letters for which more is needed. */
export const fold = (text: string): string => text.toLowerCase();

/** The address a person is matched by: primary, else work, else the first, else a userName that is one. Folded. */
export function matchEmail({ userName, emails = [] }: Attributes): string | undefined {
  const chosen = emails.find(({ primary }) => primary) ?? emails.find(({ type }) => type === 'work') ?? emails[0];
  if (chosen) return fold(chosen.value);
  return userName.includes('@') ? fold(userName) : undefined;
}

/** Everybody SCIM shows, in order of creation. */
export const visible = ({ people }: Tenant): Person[] =>
  [...people.values()].filter(({ status }) => status !== 'DELETED');

export const deletedOnes = ({ people }: Tenant): Person[] =>
  [...people.values()].filter(({ status }) => status === 'DELETED');

export const visiblePerson = ({ people }: Tenant, id: string): Person | undefined => {
  const person = people.get(id);
  return person?.status === 'DELETED' ? undefined : person;
};

export const groupsOf = ({ groups }: Tenant, id: string): Group[] =>
  [...groups.values()].filter(({ members }) => members.has(id));

export const profileOf = (caller: string): Profile => (caller === 'rfc' ? 'RFC' : 'ENTRA');

/** Notes that the request changes a resource. What it was asked for comes first; that is what history calls it. */
export function touch({ touched }: Tenant, id: string, happened: Happened): void {
  if (!touched.has(id)) touched.set(id, happened);
}

/** Moves the version, and forgets when the resource was last modified. */
export function move(resource: Resource): void {
  const { stamps } = resource;
  resource.version += 1;
  stamps.notBefore = stamps.modified ?? stamps.notBefore;
  stamps.modified = undefined;
}

/** An object without what is unassigned, so that two of them can be compared. */
export const assigned = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

export const same = (one: object, other: object): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = (values: object) => Object.entries(assigned(values)).sort(([a], [b]) => (a < b ? -1 : 1));
