// What an app integration is recognised by at an external issuer: an issuer and a subject there. Either as client
// assertion at the token endpoint (with an audience), or as access token that is accepted as it is.
import { defineEntity, p } from '@mikro-orm/core';
import { index, oneOf, walled } from '../walls.js';

export type CredentialUse = 'CLIENT_ASSERTION' | 'ACCESS_TOKEN';

export const FederatedCredential = defineEntity({
  name: 'FederatedCredential',
  tableName: 'federated_credential',
  rowLevelSecurity: 'force',
  policies: [
    ...walled.policies,
    // Asked before the tenant is known: each opens its own rows to reading, and no others.
    {
      name: 'client_reads_its_credentials',
      command: 'select' as const,
      using: "integration_id = nullif(current_setting('app.client', true), '')::uuid",
    },
    {
      name: 'issuer_finds_its_subject',
      command: 'select' as const,
      using:
        "use = 'ACCESS_TOKEN' and issuer = nullif(current_setting('app.issuer', true), '') and subject = nullif(current_setting('app.subject', true), '')",
    },
  ],
  checks: [
    oneOf('federated_credential', 'use', ['CLIENT_ASSERTION', 'ACCESS_TOKEN']),
    {
      name: 'federated_credential_audience_check',
      expression: "(use = 'CLIENT_ASSERTION') = (audience is not null)",
    },
  ],
  indexes: [
    // Of the whole service: it is what finds the tenant.
    index('federated_credential', 'subject_unique', 'issuer, subject', "use = 'ACCESS_TOKEN'", true),
    index('federated_credential', 'integration', 'tenant_id, integration_id'),
  ],
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    integrationId: p.uuid(),
    use: p.text().$type<CredentialUse>(),
    issuer: p.text(),
    subject: p.text(),
    audience: p.text().nullable(),
    createdAt: p.datetime(3),
  },
});

/** An assertion that was used: kept until it ends, so that it is not used too often. */
export const UsedAssertion = defineEntity({
  name: 'UsedAssertion',
  tableName: 'used_assertion',
  ...walled,
  properties: {
    tenantId: p.uuid().primary(),
    integrationId: p.uuid().primary(),
    /** SHA-256 over issuer and token id, in hex. */
    key: p.text().primary(),
    uses: p.integer(),
    expiresAt: p.datetime(3),
  },
});
