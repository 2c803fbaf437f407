// What authentication asks about a person's token: the tenant's slug, and whether the person may still come in.
import { fold } from '../attribute/attributeType.js';
import { Refusal } from '../refusal.js';
import { type Pools } from './scope.js';
import { readWalled } from './walledStatement.js';
import { type UserStatus } from './user/User.js';

export interface PersonState {
  readonly tenantSlug: string;
  /** Null when the token names nobody, or nobody that is here. */
  readonly status: UserStatus | null;
  /** By an administrator, whatever the status. */
  readonly locked: boolean;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

const PERSON_BY_ID = {
  name: 'person_by_id',
  text: 'select tenant_slug as "tenantSlug", status, locked from person_by_id($1, $2)',
};

/** Of a person (null: an unnamed one); undefined when there is no such tenant. Refuses with `unavailable`. */
export async function personState(
  pools: Pools,
  tenantId: string,
  userId: string | null,
): Promise<PersonState | undefined> {
  const [row] = await readWalled<{ tenantSlug: string; status: UserStatus | null; locked: boolean }>(
    pools,
    PERSON_BY_ID,
    [tenantId, userId ?? NOBODY],
  );
  return row;
}

const PERSON_BY_USER_NAME = {
  name: 'person_by_user_name',
  text: 'select (person).id, (person).status from user_by_user_name($1, $2)',
};

/**
 * The id of the active person with a userName, in any case. Refuses with `notFound`, and with `forbidden` for one who is
 * not active or is locked.
 */
export async function findActivePerson(pools: Pools, tenantId: string, userName: string): Promise<string> {
  const params = [tenantId, fold(userName)];
  const [row] = await readWalled<{ id: string; status: UserStatus }>(pools, PERSON_BY_USER_NAME, params);
  if (!row) throw new Refusal('notFound', `There is no user "${userName}" in this tenant.`);
  if (row.status !== 'ACTIVE') throw new Refusal('forbidden', `User "${userName}" is not active.`);
  const state = await personState(pools, tenantId, row.id);
  if (state?.locked) throw new Refusal('forbidden', `User "${userName}" is locked by an administrator.`);
  return row.id;
}
