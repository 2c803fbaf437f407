// An app integration as its requests see it: found by the client id alone, in one round trip, in front of every tenant.
import { type Pools } from '../scope.js';
import { readWalled } from '../walledStatement.js';
import {
  type CompatibilityProfile,
  type IssuesAccess,
  type RequestBudget,
  type UsersAndGroupsAccess,
} from './Integration.js';

export interface Client {
  readonly id: string;
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly provisioningEnabled: boolean;
  readonly groupAdoptionAllowed: boolean;
  readonly name: string;
  readonly usersAndGroups: UsersAndGroupsAccess;
  readonly issues: IssuesAccess;
  readonly compatibility: CompatibilityProfile;
  /** Null where its requests are not counted. */
  readonly budget: RequestBudget | null;
  /** Neither disabled nor revoked. */
  readonly enabled: boolean;
  /**
   * Not revoked; at most two, expired ones aside. The hash in hex: clients are remembered by the thousand, and each
   * small Buffer would keep alive the 64 KiB that Node cut it from.
   */
  readonly secrets: readonly { readonly hash: string; readonly expiresAt: Date }[];
}

type Row = Omit<Client, 'secrets'> & { secrets: readonly { hash: string; expiresAt: string }[] };

const BY_CLIENT = {
  name: 'integration_by_client',
  text: `select id, tenant_id as "tenantId", tenant_slug as "tenantSlug", provisioning_enabled as "provisioningEnabled",
    group_adoption_allowed as "groupAdoptionAllowed", name, users_and_groups as "usersAndGroups", issues, compatibility,
    budget, enabled, secrets
    from integration_by_client($1)`,
};

/** The integration of a client id (a UUID), disabled and revoked ones too. Refuses with `unavailable`. */
export async function integrationByClientId(pools: Pools, clientId: string): Promise<Client | undefined> {
  const [row] = await readWalled<Row>(pools, BY_CLIENT, [clientId]);
  return (
    row && {
      ...row,
      secrets: row.secrets.map(({ hash, expiresAt }) => ({
        hash,
        expiresAt: new Date(expiresAt),
      })),
    }
  );
}
