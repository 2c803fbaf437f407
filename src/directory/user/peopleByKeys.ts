// The people who have any of some folded keys as userName or match e-mail address: all of them in one statement.
import { type ReadScope, type Statement } from '../scope.js';
import { type UserRow, userColumns } from './userRow.js';

const IDS = (key: string, state: string): string =>
  `array(select id from directory_user where tenant_id = $1 and status ${state} 'DELETED' and ${key} = any ($2::text[]))`;

// Each key is looked up by itself, by its index: an "or" of both would read the tenant.
const statement = (name: string, state: string): Statement => ({
  name,
  text: `select ${userColumns('u')} from directory_user u where u.tenant_id = $1
    and u.id = any (${IDS('user_name_key', state)} || ${IDS('match_email_key', state)})`,
});
const LIVE = statement('people_by_keys', '<>');
const DELETED = statement('deleted_people_by_keys', '=');

/** People who are not deleted. */
export const peopleByKeys = (scope: ReadScope, keys: readonly string[]): Promise<readonly UserRow[]> =>
  scope.send<UserRow>(LIVE, [scope.tenantId, keys]);

/** Deleted people, of whom several may have had the same key. */
export const deletedPeopleByKeys = (scope: ReadScope, keys: readonly string[]): Promise<readonly UserRow[]> =>
  scope.send<UserRow>(DELETED, [scope.tenantId, keys]);
