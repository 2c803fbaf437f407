// Locking people out: for emergencies that cannot wait for the identity provider's next cycle. SCIM's `active` says
// nothing about a lock and does not change it.
import { recordChange } from '../history/history.js';
import { type ReadScope, type Statement, type WriteScope } from '../scope.js';
import { type Instant, type UserRow } from './userRow.js';
import { lockUser } from './users.js';

export interface SignInLockRow {
  readonly userId: string;
  readonly lockedAt: Instant;
  readonly lockedBy: string | null;
  readonly reason: string | null;
}

const FIND: Statement = {
  name: 'sign_in_locks',
  text: `select user_id as "userId", locked_at as "lockedAt", locked_by as "lockedBy", reason
    from sign_in_lock where tenant_id = $1 and user_id = any ($2::uuid[])`,
};

const ADD: Statement = {
  name: 'add_sign_in_lock',
  text: `insert into sign_in_lock (tenant_id, user_id, locked_at, locked_by, reason) values ($1, $2, $3, $4, $5)`,
};

export const FORGET_SIGN_IN_LOCK: Statement = {
  name: 'remove_sign_in_lock',
  text: `delete from sign_in_lock where tenant_id = $1 and user_id = $2`,
};

/** The locks of people; whoever has none is missing. */
export async function signInLocksOf(
  { send, tenantId }: ReadScope,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, SignInLockRow>> {
  const rows = await send<SignInLockRow & Record<string, unknown>>(FIND, [tenantId, userIds]);
  return new Map(rows.map((row) => [row.userId, row]));
}

/** Locks a person out. A lock that is there stays as it is, with its reason. Refuses with `notFound`. */
export async function setSignInLock(scope: WriteScope, userId: string, reason: string | null): Promise<UserRow> {
  const [user, locks] = await Promise.all([lockUser(scope, userId), signInLocksOf(scope, [userId])]);
  if (locks.size > 0) return user;
  const { tenantId, actor, request } = scope;
  void scope.send(ADD, [tenantId, userId, request.now, actor.id, reason]);
  const changes = { locked: { before: false, after: true }, lockReason: { before: null, after: reason } };
  recordChange(scope, { kind: 'LOCKED', resourceType: 'User', resourceId: userId, changes });
  return user;
}

/** Lets a person in again, as far as `active` does. Refuses with `notFound`. */
export async function liftSignInLock(scope: WriteScope, userId: string): Promise<UserRow> {
  const [user, locks] = await Promise.all([lockUser(scope, userId), signInLocksOf(scope, [userId])]);
  const lock = locks.get(userId);
  if (!lock) return user;
  void scope.send(FORGET_SIGN_IN_LOCK, [scope.tenantId, userId]);
  const changes = { locked: { before: true, after: false }, lockReason: { before: lock.reason, after: null } };
  recordChange(scope, { kind: 'UNLOCKED', resourceType: 'User', resourceId: userId, changes });
  return user;
}
