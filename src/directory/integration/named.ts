// App integrations as others speak of them: what they are called and what they may do, by client id.
import { type QueryResultRow } from 'pg';
import { type ReadScope } from '../scope.js';
import { type CompatibilityProfile, type IssuesAccess, type UsersAndGroupsAccess } from './Integration.js';

export interface NamedIntegration {
  readonly clientId: string;
  readonly name: string;
  readonly usersAndGroups: UsersAndGroupsAccess;
  readonly issues: IssuesAccess;
  readonly compatibility: CompatibilityProfile;
}

const BY_ID = {
  name: 'integrations_named',
  text: `select id as "clientId", name, users_and_groups as "usersAndGroups", issues, compatibility
    from integration where tenant_id = $1 and id = any ($2::uuid[])`,
};

/** Integrations of the tenant by client id, revoked ones too. */
export async function integrationsById(
  { send, tenantId }: ReadScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedIntegration>> {
  const rows = await send<NamedIntegration & QueryResultRow>(BY_ID, [tenantId, ids]);
  return new Map(rows.map((row) => [row.clientId, row]));
}
