// Groups without their members: finding, making, changing, deleting.
import { type Change, type MemberChange, type Values, differences } from '../../attribute/change.js';
import { fold } from '../../attribute/attributeType.js';
import { Refusal } from '../../refusal.js';
import { type ChangeKind } from '../history/ChangeRecord.js';
import { type Recorded, beforeAndAfter, recordChange } from '../history/history.js';
import { isUuid, newId } from '../id.js';
import { type ReadScope, type Statement, type WriteScope } from '../scope.js';
import { searchWords } from '../searchWords.js';
import { type Origin } from '../user/User.js';
import { type Instant } from '../user/userRow.js';
import { changeMembers } from './members.js';

export interface GroupRow extends Values {
  readonly id: string;
  readonly origin: Origin;
  readonly externalId: string | null;
  readonly displayName: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The columns of a group, each under the name of its property. */
export const groupColumns = (row: string): string =>
  `${row}.id, ${row}.origin, ${row}.external_id as "externalId", ${row}.display_name as "displayName", ${row}.version,
  ${row}.created_at as "createdAt", ${row}.updated_at as "updatedAt"`;

const SELECT_GROUP = `select ${groupColumns('g')} from directory_group g`;
const BY_ID: Statement = { name: 'group_by_id', text: `${SELECT_GROUP} where g.tenant_id = $1 and g.id = $2` };
const LOCK: Statement = { name: 'lock_group', text: `${BY_ID.text} for no key update` };

/** The group; refuses with `notFound`. */
export const getGroup = (scope: ReadScope, id: string): Promise<GroupRow> => oneGroup(scope, BY_ID, id);

/** The group, locked against other changes until the scope ends; its members are not read. Refuses with `notFound`. */
export const lockGroup = (scope: WriteScope, id: string): Promise<GroupRow> => oneGroup(scope, LOCK, id);

/** A group made in SpeakUp, locked. Refuses with `notFound`, and with `managedByScim` the identity provider's groups. */
export async function lockLocalGroup(scope: WriteScope, id: string): Promise<GroupRow> {
  const group = await lockGroup(scope, id);
  if (group.origin === 'SPEAKUP') return group;
  throw new Refusal(
    'managedByScim',
    `Group "${group.displayName}" is managed by the identity provider: edit the group there.`,
  );
}

async function oneGroup(scope: ReadScope, statement: Statement, id: string): Promise<GroupRow> {
  const [group] = isUuid(id) ? await scope.send<GroupRow>(statement, [scope.tenantId, id]) : [];
  if (!group) throw new Refusal('notFound', `Group "${id}" was not found.`);
  return group;
}

const INSERT: Statement = {
  name: 'insert_group',
  text: `with words as (insert into group_word (tenant_id, key, group_id) select $1::uuid, unnest($9::text[]), $2::uuid)
    insert into directory_group
      (tenant_id, id, origin, external_id, display_name, display_name_key, version, created_at, updated_at, written_by)
    values ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8)`,
};

/** Makes a group. Its members, known to exist, are added by the same request. */
export function provisionGroup(scope: WriteScope, { set, members }: Change, origin: Origin = 'SCIM'): GroupRow {
  const { tenantId, request, actor } = scope;
  const { now } = request;
  const externalId = (set.externalId as string | null | undefined) ?? null;
  const displayName = set.displayName as string;
  const group = { id: newId(now), origin, externalId, displayName, version: 1, createdAt: now, updatedAt: now };
  const found = [fold(displayName), now, actor.id, searchWords([displayName])];
  void scope.send(INSERT, [tenantId, group.id, origin, externalId, displayName, ...found]);
  const changes = beforeAndAfter(externalId === null ? ['displayName'] : ['displayName', 'externalId'], {}, group);
  record(scope, group.id, 'CREATED', changes, members);
  return group;
}

const UPDATE: Statement = {
  name: 'update_group',
  text: `update directory_group set external_id = $3, display_name = $4, display_name_key = $5, version = version + 1,
      updated_at = $6, written_by = $7, origin = $8
    where tenant_id = $1 and id = $2`,
};

const REPLACE_WORDS: Statement = {
  name: 'replace_group_words',
  text: `with others as (delete from group_word where tenant_id = $1 and group_id = $2 and key <> all ($3::text[]))
    insert into group_word (tenant_id, key, group_id) select $1::uuid, unnest($3::text[]), $2::uuid on conflict do nothing`,
};

export interface ChangedGroup {
  /** The group if no member came or went. */
  readonly group: GroupRow;
  /** Resolves with one row that says whether members moved the version; undefined where they could not. */
  readonly moved: Promise<readonly { changed: boolean }[]> | undefined;
}

/**
 * Applies a change to a group the caller has locked, without waiting. One that changes nothing writes nothing and keeps
 * the version. Refuses a group made in SpeakUp unless the tenant allows its adoption.
 */
export function changeGroup(scope: WriteScope, current: GroupRow, { set, members }: Change): ChangedGroup {
  refuseLocal(scope, current);
  const changed = differences(current, set);
  const adopted = current.origin === 'SPEAKUP' && scope.actor.kind === 'INTEGRATION';
  if (changed.length === 0 && !adopted) {
    return { group: current, moved: members && changeMembers(scope, current.id, members, { bump: true }) };
  }
  const { tenantId, request, actor } = scope;
  const group = { ...current, ...set, version: current.version + 1, updatedAt: request.now };
  const { id, externalId, displayName } = group;
  const origin = adopted ? 'SCIM' : current.origin;
  void scope.send(UPDATE, [tenantId, id, externalId, displayName, fold(displayName), request.now, actor.id, origin]);
  if (changed.includes('displayName')) void scope.send(REPLACE_WORDS, [tenantId, id, searchWords([displayName])]);
  record(scope, id, adopted ? 'ADOPTED' : 'CHANGED', beforeAndAfter(changed, current, group), members);
  return { group, moved: undefined };
}

/** The group after a change of its members that has been written. */
export async function groupAfter({ request }: WriteScope, { group, moved }: ChangedGroup): Promise<GroupRow> {
  const changed = (await moved)?.[0]?.changed ?? false;
  return changed ? { ...group, version: group.version + 1, updatedAt: request.now } : group;
}

const DELETE: Statement = {
  name: 'delete_group',
  text: `delete from directory_group where tenant_id = $1 and id = $2`,
};

/** Removes a group and who was in it; its history stays. */
export function deprovisionGroup(scope: WriteScope, current: GroupRow): void {
  refuseLocal(scope, current);
  const changes = beforeAndAfter(['displayName', 'externalId'], current, {});
  record(scope, current.id, 'DELETED', changes, { keepOthers: false, add: [], remove: [] });
  void scope.send(DELETE, [scope.tenantId, current.id]);
}

/** One record of history for the group and its members, who change beside it. */
function record(
  scope: WriteScope,
  resourceId: string,
  kind: ChangeKind,
  changes: Recorded['changes'],
  members: MemberChange | undefined,
): void {
  if (members) void changeMembers(scope, resourceId, members, { bump: false, changes, kind });
  else recordChange(scope, { kind, resourceType: 'Group', resourceId, changes });
}

function refuseLocal({ actor }: WriteScope, { origin, displayName }: GroupRow): void {
  if (origin !== 'SPEAKUP' || actor.kind !== 'INTEGRATION' || actor.groupAdoptionAllowed) return;
  throw new Refusal(
    'forbidden',
    `Group "${displayName}" was made in SpeakUp. An administrator can let provisioning take such groups over with the GraphQL mutation allowGroupAdoption.`,
  );
}
