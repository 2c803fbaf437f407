// An app integration: an OAuth 2.0 client of one tenant, with up to two live secrets.
import { defineEntity, p } from '@mikro-orm/core';
import { index, oneOf, walled } from '../walls.js';

export type UsersAndGroupsAccess = 'NONE' | 'READ_ONLY' | 'FULL';
export type IssuesAccess = 'NONE' | 'ACCESS';
/** How requests are read: with Entra's habits, or strictly. Never how things are stored. */
export type CompatibilityProfile = 'ENTRA' | 'RFC';

/** How many requests may come in the long run, and how many at once. */
export interface RequestBudget {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** A client id names its integration before the tenant is known: it opens its own rows to reading, and no others. */
const clientReads = (name: string, column: string) => ({
  name,
  command: 'select' as const,
  using: `${column} = nullif(current_setting('app.client', true), '')::uuid`,
});

export const Integration = defineEntity({
  name: 'Integration',
  tableName: 'integration',
  rowLevelSecurity: 'force',
  policies: [...walled.policies, clientReads('client_reads_itself', 'id')],
  checks: [
    oneOf('integration', 'users_and_groups', ['NONE', 'READ_ONLY', 'FULL']),
    oneOf('integration', 'issues', ['NONE', 'ACCESS']),
    oneOf('integration', 'compatibility', ['ENTRA', 'RFC']),
    {
      name: 'integration_budget_check',
      expression:
        '(requests_per_second is null) = (burst is null) and requests_per_second >= 1 and requests_per_second <= 10000 and burst >= requests_per_second and burst <= 100000',
    },
  ],
  indexes: [index('integration', 'id_unique', 'id', '', true)],
  properties: {
    tenantId: p.uuid().primary(),
    /** The Client ID. */
    id: p.uuid().primary(),
    name: p.text(),
    usersAndGroups: p.text().$type<UsersAndGroupsAccess>(),
    issues: p.text().$type<IssuesAccess>(),
    compatibility: p.text().$type<CompatibilityProfile>(),
    createdAt: p.datetime(3),
    disabledAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    /** Its RequestBudget: both or, where it has none, neither. */
    requestsPerSecond: p.integer().nullable(),
    burst: p.integer().nullable(),
  },
});

export const IntegrationSecret = defineEntity({
  name: 'IntegrationSecret',
  tableName: 'integration_secret',
  rowLevelSecurity: 'force',
  policies: [...walled.policies, clientReads('client_reads_its_secrets', 'integration_id')],
  indexes: [index('integration_secret', 'integration', 'tenant_id, integration_id')],
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    integrationId: p.uuid(),
    /** SHA-256 of the secret: 256 random bits need no slow hash. */
    hash: p.blob(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    revokedAt: p.datetime(3).nullable(),
    /** To the minute; null where it never was. */
    lastUsedAt: p.datetime(3).nullable(),
  },
});
