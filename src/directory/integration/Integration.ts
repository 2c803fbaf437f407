// An app integration: an OAuth 2.0 client of one tenant, with up to two live secrets.
import { defineEntity, p } from '@mikro-orm/core';

export type UsersAndGroupsAccess = 'NONE' | 'READ_ONLY' | 'FULL';
export type IssuesAccess = 'NONE' | 'ACCESS';
/** How requests are read: with Entra's habits, or strictly. Never how things are stored. */
export type CompatibilityProfile = 'ENTRA' | 'RFC';

export const Integration = defineEntity({
  name: 'Integration',
  tableName: 'integration',
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
  },
});

export const IntegrationSecret = defineEntity({
  name: 'IntegrationSecret',
  tableName: 'integration_secret',
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    integrationId: p.uuid(),
    /** SHA-256 of the secret: 256 random bits need no slow hash. */
    hash: p.blob(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    revokedAt: p.datetime(3).nullable(),
  },
});
