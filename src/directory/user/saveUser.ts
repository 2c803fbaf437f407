// Writes a whole person: the row with its folded keys, the keys of its e-mail addresses, the words it is searched by, and
// who was waiting for it as a manager. One insert and one update statement for every command, so that each is prepared once.
import { fold } from '../../attribute/attributeType.js';
import { type Values } from '../../attribute/change.js';
import { isUuid } from '../id.js';
import { type Statement, type WriteScope } from '../scope.js';
import { SEARCHED, wordsOfUser } from '../searchWords.js';
import { matchEmail } from './matching.js';
import { type MultiValue } from './User.js';
import { type UserRow, managerDisplayName, writableColumns } from './userRow.js';

/** What the database found out while saving. */
export type Saved = Pick<UserRow, 'managerId' | 'managerDisplayName'>;

const OWN = [
  'origin',
  'status',
  'version',
  'created_at',
  'updated_at',
  'written_by',
  'deactivated_at',
  'deleted_at',
  'protected',
];
const KEYS = ['user_name_key', 'match_email_key', 'display_name_key', 'employee_number_key', 'manager_key'];
const COLUMNS = ['tenant_id', 'id', ...OWN, ...KEYS, ...writableColumns.map(({ column }) => column)];
const parameter = (column: string): string => `$${COLUMNS.indexOf(column) + 1}`;
const MANAGER_UUID = `$${COLUMNS.length + 1}`;
const MANAGER_CHANGED = `$${COLUMNS.length + 2}`;
const MANAGER_KEY = `${parameter('manager_key')}::text`;
const OTHER = (condition: string): string =>
  `(select id from directory_user where tenant_id = $1 and ${condition} and status <> 'DELETED' and id <> $2 for key share)`;
const OWN_IF = (key: string): string => `case when ${parameter(key)}::text = ${MANAGER_KEY} then $2::uuid end`;
// Who the reference means: an id of this directory, else a userName, else a match e-mail address. The person's own are
// those being written, which the statement cannot read from the table. Locked, as whoever is being deleted is nobody's manager.
const RESOLVED = `case when ${MANAGER_KEY} is null then null when ${MANAGER_UUID}::uuid = $2 then $2
  else coalesce(${OTHER(`id = ${MANAGER_UUID}::uuid`)},
    ${OWN_IF('user_name_key')}, ${OTHER(`user_name_key = ${MANAGER_KEY}`)},
    ${OWN_IF('match_email_key')}, ${OTHER(`match_email_key = ${MANAGER_KEY}`)}) end`;
const RETURNING = `returning manager_id as "managerId", ${managerDisplayName('directory_user')} as "managerDisplayName"`;

const INSERT: Statement = {
  name: 'insert_user',
  text: `insert into directory_user (${COLUMNS.join(', ')}, manager_id)
    values (${COLUMNS.map(parameter).join(', ')}, ${RESOLVED}) ${RETURNING}`,
};

const UPDATE: Statement = {
  name: 'update_user',
  text: `update directory_user set ${COLUMNS.slice(2)
    .map((column) => `${column} = ${parameter(column)}`)
    .join(', ')}, manager_id = case when ${MANAGER_CHANGED}::boolean then ${RESOLVED}
      else coalesce(manager_id, ${OWN_IF('user_name_key')}, ${OWN_IF('match_email_key')}) end
    where tenant_id = $1 and id = $2 ${RETURNING}`,
};

/** Inserts a person. Sends everything without waiting; resolves with one row. */
export function insertUser(scope: WriteScope, user: UserRow): Promise<Saved[]> {
  nameManager(scope, user);
  // An insert has no "unchanged": the last parameter is for the update only.
  const saved = scope.send<Saved>(INSERT, parameters(scope, user).slice(0, -1));
  void scope.send(ADD_KEYS, [scope.tenantId, user.id, emailKeys(user), wordsOfUser(user)]);
  resolveWaiting(scope, user);
  return saved;
}

/** Writes a person whose row the caller has locked; `changed` are the properties that differ from it. */
export function updateUser(scope: WriteScope, user: UserRow, changed: readonly string[]): Promise<Saved[]> {
  if (changed.includes('manager')) nameManager(scope, user);
  const saved = scope.send<Saved>(UPDATE, parameters(scope, user, changed.includes('manager')));
  if (SEARCHED.some((property) => changed.includes(property))) {
    void scope.send(REPLACE_KEYS, [scope.tenantId, user.id, emailKeys(user), wordsOfUser(user)]);
  }
  if (['id', 'userName', 'emails'].some((property) => changed.includes(property))) resolveWaiting(scope, user);
  return saved;
}

const ADD = `words as (
      insert into user_word (tenant_id, key, user_id) select $1::uuid, unnest($4::text[]), $2::uuid on conflict do nothing)
    insert into user_email (tenant_id, key, user_id) select $1::uuid, unnest($3::text[]), $2::uuid on conflict do nothing`;

const ADD_KEYS: Statement = { name: 'add_keys', text: `with ${ADD}` };

const REPLACE_KEYS: Statement = {
  name: 'replace_keys',
  text: `with other_emails as (delete from user_email where tenant_id = $1 and user_id = $2 and key <> all ($3::text[])),
    other_words as (delete from user_word where tenant_id = $1 and user_id = $2 and key <> all ($4::text[])), ${ADD}`,
};

/**
 * Records each person whose manager is now known: the reference was there before, and is not sent again. Who is written
 * has found itself already, and has its record.
 */
const RESOLVE_WAITING: Statement = {
  name: 'resolve_waiting_managers',
  text: `with resolved as (
      update directory_user set manager_id = $2
      where tenant_id = $1 and manager_id is null and manager_key = any ($3::text[]) and status <> 'DELETED' and id <> $2
      returning id, manager_value)
    insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
    select $1, uuid_v7(), $4::timestamptz, 'MANAGER_RESOLVED', 'User', id, $5, $6::uuid, $7, jsonb_build_object('manager', jsonb_build_object('before', manager_value, 'after', $2::text))
    from resolved`,
};

// A manager who arrives and somebody who names that manager do not see each other's rows before they are committed: so one
// of the two waits for the other. Few locks for many names: an import makes thousands of people in one transaction.
const NAME = `hashtext(concat($1::uuid, ' manager')), hashtext(name) & 1023`;
const NAME_MANAGER: Statement = {
  name: 'name_manager',
  text: `select pg_advisory_xact_lock(${NAME}) from (values ($2::text)) as named (name)`,
};
const ARRIVE: Statement = {
  name: 'arrive_as_manager',
  text: `select pg_advisory_xact_lock_shared(${NAME}) from unnest($2::text[]) as own (name)`,
};

/** An id of this directory is nobody's who is still to come. */
function nameManager({ send, tenantId }: WriteScope, { manager }: UserRow): void {
  if (typeof manager === 'string' && !isUuid(manager)) void send(NAME_MANAGER, [tenantId, fold(manager)]);
}

function resolveWaiting({ send, tenantId, actor, request }: WriteScope, user: UserRow): void {
  const names = [fold(user.userName), matchEmail(user)].filter((key) => key !== null);
  void send(ARRIVE, [tenantId, names]);
  const keys = [user.id, ...names];
  void send(RESOLVE_WAITING, [tenantId, user.id, keys, request.now, actor.kind, actor.id, request.requestId]);
}

function parameters({ tenantId, actor }: WriteScope, user: UserRow, managerChanged = true): unknown[] {
  const { manager } = user;
  const foldedOrNull = (value: unknown) => (typeof value === 'string' ? fold(value) : null);
  return [
    tenantId,
    user.id,
    user.origin,
    user.status,
    user.version,
    user.createdAt,
    user.updatedAt,
    actor.id,
    user.deactivatedAt,
    user.deletedAt,
    user.protected,
    fold(user.userName),
    matchEmail(user),
    foldedOrNull(user.displayName),
    foldedOrNull(user.employeeNumber),
    foldedOrNull(manager),
    ...writableColumns.map(({ property, json }) => stored(user, property, json)),
    manager !== null && isUuid(manager) ? manager : null,
    managerChanged,
  ];
}

function stored(values: Values, property: string, json: boolean): unknown {
  const value = values[property] ?? null;
  return json && value !== null ? JSON.stringify(value) : value;
}

const emailKeys = ({ emails }: UserRow): string[] => [
  ...new Set((emails ?? []).flatMap(({ value }: MultiValue) => (value ? [fold(value)] : []))),
];
