// Changes a person the caller has locked: PATCH, PUT, deactivation, reactivation, and deletion that keeps the person.
import { type Change, type Values, differences } from '../../attribute/change.js';
import { Refusal } from '../../refusal.js';
import { watchDeactivation } from '../brake/watch.js';
import { type ChangeKind } from '../history/ChangeRecord.js';
import { beforeAndAfter, recordChange } from '../history/history.js';
import { type Statement, type WriteScope } from '../scope.js';
import { type Saved, updateUser } from './saveUser.js';
import { type UserRow } from './userRow.js';

export interface Changed {
  readonly user: UserRow;
  /** Resolves when the change is written; undefined when nothing changed. */
  readonly saved: Promise<readonly Saved[]> | undefined;
}

/**
 * Applies a change. One that changes nothing writes nothing and keeps the version. A person made in SpeakUp becomes
 * managed by SCIM by it; a protected one refuses with `uniqueness`.
 */
export function changeUser(scope: WriteScope, current: UserRow, change: Change): Changed {
  const { origin } = current;
  const set = keepingActive(current, change.set);
  if (origin === 'SPEAKUP' && scope.actor.kind === 'INTEGRATION') refuseProtected(current);
  const changed = differences(current, set);
  const adopted = origin === 'SPEAKUP' && scope.actor.kind === 'INTEGRATION';
  if (changed.length === 0 && !adopted) return { user: current, saved: undefined };
  const user = changedUser(scope, current, set, adopted);
  const kind = adopted ? 'ADOPTED' : kindOf(current, user);
  recordChange(scope, {
    kind,
    resourceType: 'User',
    resourceId: user.id,
    changes: beforeAndAfter(changed, current, user),
  });
  const saved = updateUser(scope, user, changed);
  watchDeactivation(scope, current, user);
  return { user, saved };
}

/** `active` is never unassigned: a PUT without it, or a PATCH that takes it away, leaves the person as it is. */
const keepingActive = ({ active }: UserRow, set: Values): Values =>
  'active' in set ? { ...set, active: set.active ?? active } : set;

function changedUser({ request }: WriteScope, current: UserRow, set: Values, adopted: boolean): UserRow {
  const { active } = { ...current, ...set };
  return {
    ...current,
    ...set,
    active,
    origin: adopted ? 'SCIM' : current.origin,
    status: active ? 'ACTIVE' : 'DEACTIVATED',
    deactivatedAt: active ? null : (current.deactivatedAt ?? request.now),
    version: current.version + 1,
    updatedAt: request.now,
  };
}

function kindOf(before: UserRow, after: UserRow): ChangeKind {
  if (before.active === after.active) return 'CHANGED';
  return after.active ? 'REACTIVATED' : 'DEACTIVATED';
}

function refuseProtected({ protected: isProtected, userName }: UserRow): void {
  if (!isProtected) return;
  throw new Refusal(
    'uniqueness',
    `"${userName}" is a protected SpeakUp account. An administrator of SpeakUp must lift the protection before it can be managed.`,
  );
}

/** Ends a person for SCIM: kept with its history, hidden, its userName and e-mail address free again, in no group. */
export function deprovisionUser(scope: WriteScope, current: UserRow): void {
  if (current.origin === 'SPEAKUP') {
    throw new Refusal(
      'forbidden',
      `"${current.userName}" was made in SpeakUp and cannot be deleted by provisioning. An administrator can delete it in SpeakUp.`,
    );
  }
  const { tenantId, request, actor } = scope;
  const by = [request.now, actor.kind, actor.id, request.requestId];
  void scope.send(LEAVE_GROUPS, [tenantId, current.id, ...by]);
  void scope.send(LEAVE_REPORTS, [tenantId, current.id, ...by]);
  void scope.send(DELETE, [tenantId, current.id, request.now, actor.id]);
  void scope.send(FORGET_KEYS, [tenantId, current.id]);
  const changes = { status: { before: current.status, after: 'DELETED' } };
  recordChange(scope, { kind: 'DELETED', resourceType: 'User', resourceId: current.id, changes });
  watchDeactivation(scope, current, { active: false });
}

const RECORD = `insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)`;

export const LEAVE_GROUPS: Statement = {
  name: 'leave_groups',
  text: `with gone as (delete from membership where tenant_id = $1 and user_id = $2 returning group_id),
    touched as (
      update directory_group g set version = version + 1, updated_at = $3 from gone
      where g.tenant_id = $1 and g.id = gone.group_id returning g.id)
    ${RECORD}
    select $1, uuid_v7(), $3::timestamptz, 'CHANGED', 'Group', id, $4, $5::uuid, $6,
      jsonb_build_object('members', jsonb_build_object('added', '[]'::jsonb, 'removed', jsonb_build_array($2)))
    from touched`,
};

const LEAVE_REPORTS: Statement = {
  name: 'leave_reports',
  text: `with left_alone as (
      update directory_user set manager_id = null where tenant_id = $1 and manager_id = $2 and id <> $2 returning id, manager_value)
    ${RECORD}
    select $1, uuid_v7(), $3::timestamptz, 'MANAGER_UNRESOLVED', 'User', id, $4, $5::uuid, $6,
      jsonb_build_object('manager', jsonb_build_object('before', $2::text, 'after', manager_value))
    from left_alone`,
};

const DELETE: Statement = {
  name: 'delete_user',
  text: `update directory_user set status = 'DELETED', deleted_at = $3, updated_at = $3, version = version + 1, written_by = $4,
      manager_id = nullif(manager_id, id)
    where tenant_id = $1 and id = $2`,
};

export const FORGET_KEYS: Statement = {
  name: 'forget_keys',
  text: `with words as (delete from user_word where tenant_id = $1 and user_id = $2)
    delete from user_email where tenant_id = $1 and user_id = $2`,
};
