// App integrations as administrators see them: with their secrets' dates, never with a secret.
import { type ReadScope, type Statement } from '../scope.js';
import {
  type CompatibilityProfile,
  type IssuesAccess,
  type RequestBudget,
  type UsersAndGroupsAccess,
} from './Integration.js';

export interface ListedSecret {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** To the minute; null where it never was. */
  readonly lastUsedAt: Date | null;
}

export interface ListedIntegration {
  readonly id: string;
  readonly name: string;
  readonly usersAndGroups: UsersAndGroupsAccess;
  readonly issues: IssuesAccess;
  readonly compatibility: CompatibilityProfile;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly revokedAt: Date | null;
  /** Null where its requests are not counted. */
  readonly budget: RequestBudget | null;
  /** Whether a trusted issuer may speak for it, so that it needs no secret. */
  readonly federated: boolean;
  /** Oldest first, revoked and expired ones too. */
  readonly secrets: readonly ListedSecret[];
}

/** As the driver gives it: moments are text. */
type Row = { [Name in keyof ListedIntegration]: Raw<ListedIntegration[Name]> };
type RawSecret = { [Name in keyof ListedSecret]: Raw<ListedSecret[Name]> };
type Raw<Value> = Value extends Date ? string : Value extends readonly ListedSecret[] ? readonly RawSecret[] : Value;

const SELECT = `select i.id, i.name, i.users_and_groups as "usersAndGroups", i.issues, i.compatibility,
      i.created_at as "createdAt", i.disabled_at as "disabledAt", i.revoked_at as "revokedAt",
      case when i.burst is not null then jsonb_build_object('requestsPerSecond', i.requests_per_second, 'burst', i.burst) end as budget,
      exists (select from federated_credential f where f.tenant_id = i.tenant_id and f.integration_id = i.id) as federated,
      (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'createdAt', s.created_at, 'expiresAt', s.expires_at,
          'revokedAt', s.revoked_at, 'lastUsedAt', s.last_used_at) order by s.id), '[]')
        from integration_secret s where s.tenant_id = i.tenant_id and s.integration_id = i.id) as secrets
    from integration i where i.tenant_id = $1`;
const ALL: Statement = { name: 'listed_integrations', text: `${SELECT} order by i.id` };
const BY_ID: Statement = { name: 'integrations_by_id', text: `${SELECT} and i.id = any ($2::uuid[])` };

/** The tenant's integrations in order of creation, revoked ones too. */
export async function listedIntegrations({ send, tenantId }: ReadScope): Promise<readonly ListedIntegration[]> {
  return (await send<Row>(ALL, [tenantId])).map(listed);
}

/** Integrations of the tenant by client id, revoked ones too. */
export async function integrationsById(
  { send, tenantId }: ReadScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ListedIntegration>> {
  return new Map((await send<Row>(BY_ID, [tenantId, ids])).map((row) => [row.id, listed(row)]));
}

const listed = (row: Row): ListedIntegration => ({
  ...row,
  createdAt: new Date(row.createdAt),
  disabledAt: moment(row.disabledAt),
  revokedAt: moment(row.revokedAt),
  secrets: row.secrets.map((secret) => ({
    id: secret.id,
    createdAt: new Date(secret.createdAt),
    expiresAt: new Date(secret.expiresAt),
    revokedAt: moment(secret.revokedAt),
    lastUsedAt: moment(secret.lastUsedAt),
  })),
});

const moment = (text: string | null): Date | null => (text === null ? null : new Date(text));
