// Erases a person who does not take part any more: the personal data is gone from the row and its keys, from what others
// say of the person, from history and from the provisioning log. That there was somebody, and when, remains.
import { fold } from '../../attribute/attributeType.js';
import { Refusal } from '../../refusal.js';
import { recordChange } from '../history/history.js';
import { masked } from '../history/provisioningLog.js';
import { isUuid } from '../id.js';
import { type Statement, type WriteScope } from '../scope.js';
import { FORGET_KEYS, LEAVE_GROUPS } from './changeUser.js';
import { FORGET_SIGN_IN_LOCK } from './signInLocks.js';
import { type UserRow, userColumns, writableColumns } from './userRow.js';
import { userNotFound } from './users.js';

const LOCK: Statement = {
  name: 'lock_user_to_erase',
  text: `select ${userColumns('u')} from directory_user u where u.tenant_id = $1 and u.id = $2 for update of u`,
};

/** The person as it is after. One who is erased already stays so. Refuses with `notFound`, and with `conflict` who is active. */
export async function eraseUser(scope: WriteScope, id: string): Promise<UserRow> {
  const { send, tenantId, actor, request } = scope;
  const [user] = isUuid(id) ? await send<UserRow>(LOCK, [tenantId, id]) : [];
  if (!user) throw userNotFound(id);
  if (user.erasedAt !== null) return user;
  if (user.status === 'ACTIVE') throw new Refusal('conflict', `Deactivate "${user.userName}" first.`);
  const names = await namesOf(scope, user);
  const words = [...new Set(names.map(fold))];
  void send(LEAVE_GROUPS, [tenantId, id, request.now, actor.kind, actor.id, request.requestId]);
  void send(FORGET_MANAGER, [tenantId, id, request.now, actor.kind, actor.id, request.requestId, words]);
  void send(FORGET_KEYS, [tenantId, id]);
  void send(FORGET_SIGN_IN_LOCK, [tenantId, id]);
  const changes = { status: { before: user.status, after: 'DELETED' } };
  recordChange(scope, { kind: 'ERASED', resourceType: 'User', resourceId: id, changes });
  const [erased] = await send<UserRow>(ERASE, [tenantId, id, request.now, actor.id]);
  await blankRecords(scope, id, words, quoted(names));
  return erased ?? user;
}

const HISTORY: Statement = {
  name: 'history_of_user_to_erase',
  text: `select changes from change_record where tenant_id = $1 and resource_id = $2`,
};

const NAMES = ['userName', 'displayName', 'externalId', 'emails'];

/** Everything the person was ever called here that others may have said: as their manager, or in a refused request. */
async function namesOf({ send, tenantId }: WriteScope, user: UserRow): Promise<readonly string[]> {
  const rows = await send<{ changes: Record<string, { before?: unknown; after?: unknown } | undefined> }>(HISTORY, [
    tenantId,
    user.id,
  ]);
  const once = rows.flatMap(({ changes }) => NAMES.flatMap((name) => [changes[name]?.before, changes[name]?.after]));
  return [...new Set([...NAMES.map((name) => user[name]), ...once].flatMap(textsIn))];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.flatMap((element: { value?: unknown }) => textsIn(element.value)) : [];
}

/** How addresses stand in sentences: masked, or plain where masking failed. Shorter names would be those of many. */
function quoted(names: readonly string[]): readonly string[] {
  const addresses = names.filter((name) => name.includes('@')).flatMap((name) => [name, fold(name)]);
  return [...new Set(addresses.flatMap((address) => [address, masked(address)]))];
}

/** References to the person: those by id are unresolved from now on, those by a name are unassigned. */
const FORGET_MANAGER: Statement = {
  name: 'forget_erased_manager',
  text: `with referring as (
      select id, manager_id, manager_value, manager_key = any ($7::text[]) as named from directory_user
      where tenant_id = $1 and id <> $2
        and (manager_id = $2 or (manager_key = any ($7::text[]) and (manager_id is null or manager_id = $2)))
      for no key update),
    left_alone as (
      update directory_user u set manager_id = null,
        manager_value = case when r.named then null else u.manager_value end,
        manager_key = case when r.named then null else u.manager_key end,
        version = u.version + case when r.named then 1 else 0 end,
        updated_at = case when r.named then $3 else u.updated_at end
      from referring r where u.tenant_id = $1 and u.id = r.id returning u.id, r.manager_id, u.manager_value)
    insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
    select $1, uuid_v7(), $3::timestamptz, 'MANAGER_UNRESOLVED', 'User', id, $4, $5::uuid, $6,
      jsonb_build_object('manager', jsonb_build_object('before', manager_id, 'after', manager_value))
    from left_alone`,
};

const EMPTIED = writableColumns.map(({ column }) => column).filter((column) => column !== 'user_name');

/** No userName is blank, so that the person is matched and revived by nothing. */
const ERASE: Statement = {
  name: 'erase_user',
  text: `update directory_user u set ${EMPTIED.map((column) => `${column} = null`).join(', ')}, user_name = '',
      user_name_key = '', match_email_key = null, display_name_key = null, employee_number_key = null, manager_key = null,
      manager_id = null, protected = false, status = 'DELETED', deleted_at = coalesce(deleted_at, $3), erased_at = $3,
      updated_at = $3, version = version + 1, written_by = $4
    where tenant_id = $1 and id = $2 returning ${userColumns('u')}`,
};

const BLANK: Statement = {
  name: 'blank_erased_values',
  text: `select blank_erased_values($1, $2, $3, $4::timestamptz)::text as "goOn"`,
};

/** Piece by piece: a history of millions takes longer than one statement may. */
async function blankRecords({ send }: WriteScope, id: string, words: readonly string[], quotes: readonly string[]) {
  let after: string | null = '-infinity';
  while (after !== null) {
    const [piece]: { goOn: string | null }[] = await send<{ goOn: string | null }>(BLANK, [id, words, quotes, after]);
    after = piece?.goOn ?? null;
  }
}
