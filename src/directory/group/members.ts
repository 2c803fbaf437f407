// Who is in a group: changed by sets, in one statement whatever the size of the group; read in pages by key.
import { type MemberChange } from '../../attribute/change.js';
import { Refusal } from '../../refusal.js';
import { type ChangeKind } from '../history/ChangeRecord.js';
import { type Recorded } from '../history/history.js';
import { isUuid } from '../id.js';
import { type ReadScope, type Statement, type WriteScope } from '../scope.js';

export interface MemberRow {
  readonly value: string;
  readonly display: string | null;
}

/**
 * Adds and removes in one statement, which also moves the version of the group and writes the history (1000 people to a
 * record), but only where something changed: adding who is there and removing who is not succeed and change nothing.
 * `$3` who to add, `$4` who to remove, `$5` whether to move the version here, `$10` changes of the group itself that
 * belong into the same record, `$11` the kind of that record; `gone` says who of those who are there leaves.
 */
const changeStatement = (name: string, gone: string): Statement => ({
  name,
  text: `with gone as (
      delete from membership where tenant_id = $1 and group_id = $2 and ${gone}
      returning user_id),
    come as (
      insert into membership (tenant_id, group_id, user_id, added_at, added_by)
      select $1, $2, u.id, $6, $8::uuid from directory_user u
      where u.tenant_id = $1 and u.id = any ($3::uuid[]) and u.status <> 'DELETED'
      for key share of u
      on conflict do nothing
      returning user_id),
    parts as (
      select (n - 1) / 1000 as part, jsonb_agg(user_id) filter (where added) as added, jsonb_agg(user_id) filter (where not added) as removed
      from (select user_id, added, row_number() over (order by added desc, user_id) as n
        from (select user_id, true as added from come union all select user_id, false from gone) moved) numbered
      group by 1),
    recorded as (
      insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
      select $1, uuid_v7(), $6, case when coalesce(part, 0) = 0 then $11 else 'CHANGED' end, 'Group', $2, $7, $8::uuid, $9,
        case when coalesce(part, 0) = 0 then coalesce($10::jsonb, '{}') else '{}' end
        || case when part is null then '{}' else jsonb_build_object('members',
          jsonb_build_object('added', coalesce(added, '[]'), 'removed', coalesce(removed, '[]'))) end
      from parts full join (select where $10::jsonb is not null) changed on true),
    moved as (
      update directory_group set version = version + 1, updated_at = $6, written_by = $8::uuid
      where tenant_id = $1 and id = $2 and $5::boolean and exists (select from parts)
      returning 1)
    select exists (select from parts) as changed`,
});

// Two statements, not one with a condition inside: that could not begin at an index. Both take the same parameters.
const CHANGE_SOME = changeStatement('change_members', 'user_id = any ($4::uuid[])');
const REPLACE_ALL = changeStatement('replace_members', 'user_id <> all ($3::uuid[]) and $4::uuid[] is not null');

/**
 * Applies a change of members to a group the caller has locked or just made. Sends without waiting; the one row says
 * whether anybody came or went. The caller has seen that everybody to add exists (`refuseUnknownMembers`).
 */
export function changeMembers(
  { send, tenantId, actor, request }: WriteScope,
  groupId: string,
  { keepOthers, add, remove }: MemberChange,
  { bump, changes, kind = 'CHANGED' }: { bump: boolean; changes?: Recorded['changes']; kind?: ChangeKind },
): Promise<readonly { changed: boolean }[]> {
  return send<{ changed: boolean }>(keepOthers ? CHANGE_SOME : REPLACE_ALL, [
    tenantId,
    groupId,
    add,
    remove.filter(isUuid),
    bump,
    request.now,
    actor.kind,
    actor.id,
    request.requestId,
    changes ? JSON.stringify(changes) : null,
    kind,
  ]);
}

const KNOWN: Statement = {
  name: 'known_members',
  text: `select id, false as is_group from directory_user where tenant_id = $1 and id = any ($2::uuid[]) and status <> 'DELETED'
    union all select id, true from directory_group where tenant_id = $1 and id = any ($2::uuid[])`,
};

/** A group among the members to be. */
export const nestedGroup = (): Refusal =>
  new Refusal(
    'invalidValue',
    'Nested groups are not supported: a member must be a user. Add the people of the inner group to this group themselves, or assign the inner group by itself.',
  );

/** Refuses with `invalidValue` when somebody to add is no user here; names up to ten of them. */
export async function refuseUnknownMembers({ send, tenantId }: ReadScope, add: readonly string[]): Promise<void> {
  if (add.length === 0) return;
  const found = await send<{ id: string; is_group: boolean }>(KNOWN, [tenantId, add.filter(isUuid)]);
  if (found.some(({ is_group }) => is_group)) throw nestedGroup();
  const known = new Set(found.map(({ id }) => id));
  const unknown = add.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const named = unknown
    .slice(0, 10)
    .map((id) => `"${id.slice(0, 100).toWellFormed()}"`)
    .join(', ');
  const more = unknown.length > 10 ? ` and ${unknown.length - 10} more` : '';
  throw new Refusal(
    'invalidValue',
    `Unknown members: ${named}${more}. Provision these users first; nothing of this request was applied.`,
  );
}

// No join, for the same reason as in `provisionUser`: without statistics it reads everybody for each member.
const PAGE: Statement = {
  name: 'members_page',
  text: `select m.user_id as value,
      (select u.display_name from directory_user u where u.tenant_id = $1 and u.id = m.user_id) as display
    from membership m where m.tenant_id = $1 and m.group_id = $2 and m.user_id > $3 order by m.user_id limit $4`,
};

/** The members after a given one, in order of id: `limit` of them, so that memory stays the same whatever the size. */
export const membersPage = (
  { send, tenantId }: ReadScope,
  groupId: string,
  after = '00000000-0000-0000-0000-000000000000',
  limit = MEMBERS_PAGE,
): Promise<MemberRow[]> => send<MemberRow & Record<string, unknown>>(PAGE, [tenantId, groupId, after, limit]);

/** How many members are read at a time. */
export const MEMBERS_PAGE = 1000;

const COUNTS: Statement = {
  name: 'member_counts',
  text: `select group_id as id, count(*) as members from membership
    where tenant_id = $1 and group_id = any ($2::uuid[]) group by group_id`,
};

/** How many members each group has; a group without any is missing. */
export async function memberCounts(
  { send, tenantId }: ReadScope,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await send<{ id: string; members: string }>(COUNTS, [tenantId, groupIds]);
  return new Map(rows.map(({ id, members }) => [id, Number(members)]));
}
