// Finding people. By id and by userName in one round trip that carries the tenant; by anything else in `lists.ts`.
import { fold } from '../../attribute/attributeType.js';
import { Refusal } from '../../refusal.js';
import { type Actor } from '../actor.js';
import { isUuid } from '../id.js';
import { type Pools, type RequestContext, type WriteScope } from '../scope.js';
import { readWalledIn } from '../walledStatement.js';
import { SELECT_USER, type UserRow, userColumns } from './userRow.js';

const PERSON = `select ${userColumns('(f.person)')}, f.manager_display_name as "managerDisplayName", f.groups`;
const BY_ID = { name: 'user_by_id', text: `${PERSON} from user_by_id($1, $2) f` };
const BY_USER_NAME = { name: 'user_by_user_name', text: `${PERSON} from user_by_user_name($1, $2) f` };
const ONE = `${SELECT_USER} where u.tenant_id = $1 and u.id = $2 and u.status <> 'DELETED'`;
const LOCK = { name: 'lock_user', text: `${ONE} for no key update of u` };
// Whoever is adding the person to a group holds the row by its key: a deletion waits for that.
const LOCK_TO_DELETE = { name: 'lock_user_to_delete', text: `${ONE} for update of u` };

/** The person, deleted ones excepted; undefined where there is none in this tenant. */
export async function getUser(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  id: string,
): Promise<UserRow | undefined> {
  if (!isUuid(id)) return undefined;
  return (await readWalledIn<UserRow>(pools, actor, request, BY_ID, [actor.tenantId, id]))[0];
}

/** The person of this userName, whatever the case. */
export async function getUserByUserName(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  userName: string,
): Promise<UserRow | undefined> {
  return (await readWalledIn<UserRow>(pools, actor, request, BY_USER_NAME, [actor.tenantId, fold(userName)]))[0];
}

/** The person, locked against other changes until the scope ends. Refuses with `notFound`. */
export async function lockUser(
  scope: WriteScope,
  id: string,
  intent: 'change' | 'delete' = 'change',
): Promise<UserRow> {
  const lock = intent === 'delete' ? LOCK_TO_DELETE : LOCK;
  const [user] = isUuid(id) ? await scope.send<UserRow>(lock, [scope.tenantId, id]) : [];
  if (!user) throw userNotFound(id);
  return user;
}

export const userNotFound = (id: string): Refusal => new Refusal('notFound', `User "${id}" was not found.`);
