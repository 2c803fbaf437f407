// The rules for groups, SPEC section 5.
import { type Group, type Origin, type Tenant, fold, move, newStamps, touch, visiblePerson } from './model.js';
import { type Outcome, type ReasonName, empty, refused, shown } from './outcome.js';

/** A member as a request names one. */
export interface NamedMember {
  readonly value: string;
  readonly type?: 'User' | 'Group';
}

export interface GroupGiven {
  readonly displayName: string;
  readonly externalId?: string;
  readonly members?: readonly NamedMember[];
}

/** What a PATCH does to a group, in this order. */
export interface GroupChange {
  readonly displayName?: string;
  readonly remove?: readonly string[] | 'everybody';
  readonly add?: readonly NamedMember[];
}

/** POST /Groups. `newId` is the id the answer has. */
export function createGroup(tenant: Tenant, given: GroupGiven, newId: string): Outcome {
  const reasons = [...memberReasons(tenant, given.members ?? []), ...nameReasons(tenant, given.displayName)];
  if (reasons.length > 0) return refused(...reasons);
  return { kind: 'shown', status: 201, resource: addGroup(tenant, newId, 'SCIM', given), as: 'group created' };
}

/** A group made in SpeakUp; answers what speaks against it. */
export function createLocalGroup(tenant: Tenant, given: GroupGiven, newId: string): readonly ReasonName[] {
  const reasons = [...memberReasons(tenant, given.members ?? []), ...nameReasons(tenant, given.displayName)];
  if (reasons.length === 0) addGroup(tenant, newId, 'SPEAKUP', given);
  return reasons;
}

function addGroup(tenant: Tenant, id: string, origin: Origin, given: GroupGiven): Group {
  if (tenant.groups.has(id)) throw new Error(`${id} is not new`);
  const { displayName, externalId, members = [] } = given;
  const ids = new Set(members.map(({ value }) => value));
  const group: Group = {
    kind: 'Group',
    id,
    origin,
    displayName,
    externalId,
    members: ids,
    version: 1,
    stamps: newStamps(),
  };
  tenant.groups.set(id, group);
  touch(tenant, id, 'CREATED');
  return group;
}

function memberReasons(tenant: Tenant, members: readonly NamedMember[]): ReasonName[] {
  const isGroup = ({ value, type }: NamedMember) => type === 'Group' || tenant.groups.has(value);
  const unknown = members.some((member) => !isGroup(member) && !visiblePerson(tenant, member.value));
  return [...(members.some(isGroup) ? ['nested' as const] : []), ...(unknown ? ['unknownMembers' as const] : [])];
}

const nameReasons = ({ groups }: Tenant, displayName: string, own?: Group): ReasonName[] =>
  [...groups.values()].some((group) => group !== own && fold(group.displayName) === fold(displayName))
    ? ['groupNameTaken']
    : [];

/** PATCH: 204. */
export function patchGroup(tenant: Tenant, group: Group, { displayName, remove = [], add = [] }: GroupChange): Outcome {
  const members = new Set(remove === 'everybody' ? [] : group.members);
  if (remove !== 'everybody') for (const id of remove) members.delete(id);
  for (const { value } of add) members.add(value);
  const next = { displayName: displayName ?? group.displayName, externalId: group.externalId, members };
  return changeGroup(tenant, group, next, add) ?? empty(group);
}

/** PUT: what is not named is cleared, members too. */
export function putGroup(tenant: Tenant, group: Group, { displayName, externalId, members = [] }: GroupGiven): Outcome {
  const next = { displayName, externalId, members: new Set(members.map(({ value }) => value)) };
  return changeGroup(tenant, group, next, members) ?? shown(group);
}

type Next = Pick<Group, 'displayName' | 'externalId' | 'members'>;

/** The refusal; undefined where the change is done, or nothing had to be. */
function changeGroup(tenant: Tenant, group: Group, next: Next, named: readonly NamedMember[]): Outcome | undefined {
  const reasons = [...memberReasons(tenant, named), ...nameReasons(tenant, next.displayName, group)];
  if (group.origin === 'SPEAKUP') reasons.push('groupOfSpeakUp');
  if (reasons.length > 0) return refused(...reasons);
  const sameMembers =
    next.members.size === group.members.size && [...next.members].every((id) => group.members.has(id));
  if (sameMembers && next.displayName === group.displayName && next.externalId === group.externalId) return undefined;
  Object.assign(group, next);
  move(group);
  touch(tenant, group.id, 'CHANGED');
  return undefined;
}

/** DELETE: gone; history stays. */
export function deleteGroup(tenant: Tenant, group: Group): Outcome {
  if (group.origin === 'SPEAKUP') return refused('groupOfSpeakUp');
  tenant.groups.delete(group.id);
  touch(tenant, group.id, 'DELETED');
  return empty();
}
