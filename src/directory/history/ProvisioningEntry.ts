// The provisioning log: one entry per SCIM request that writes or fails, in words an administrator understands.
import { defineEntity, p } from '@mikro-orm/core';
import { index, oneOf, walled } from '../walls.js';

/** Who deletes what has been kept long enough, and can see no more than that. */
const keeper = (command: 'select' | 'delete') => ({
  name: `keeper_${command === 'select' ? 'sees' : 'deletes'}_what_is_old`,
  command,
  roles: ['speakup_keeper'],
  using: "at < (now() - '1 day'::interval)",
});

export const ProvisioningEntry = defineEntity({
  name: 'ProvisioningEntry',
  tableName: 'provisioning_entry',
  ...walled,
  policies: [...walled.policies, keeper('select'), keeper('delete')],
  checks: [oneOf('provisioning_entry', 'outcome', ['SUCCEEDED', 'REFUSED', 'FAILED'])],
  indexes: [
    index('provisioning_entry', 'request', 'tenant_id, request_id'),
    index('provisioning_entry', 'resource', 'tenant_id, resource_id, at, id', 'resource_id is not null'),
    index('provisioning_entry', 'integration', 'tenant_id, integration_id, at, id'),
    index('provisioning_entry', 'failed', 'tenant_id, at, id', "outcome <> 'SUCCEEDED'"),
    index('provisioning_entry', 'failed_integration', 'tenant_id, integration_id, at, id', "outcome <> 'SUCCEEDED'"),
  ],
  properties: {
    tenantId: p.uuid().primary(),
    at: p.datetime(3).primary(),
    id: p.uuid().primary(),
    integrationId: p.uuid(),
    requestId: p.text(),
    method: p.text(),
    resourceType: p.text().nullable(),
    resourceId: p.uuid().nullable(),
    status: p.integer(),
    outcome: p.text().$type<Outcome>(),
    sentence: p.text(),
    leniencies: p.array().nullable(),
    ignoredAttributes: p.array().nullable(),
    durationMs: p.double(),
    /** The error as the caller was told it, values masked; null for what succeeded and for a failure of our own. */
    scimType: p.text().nullable(),
    detail: p.text().nullable(),
  },
});

export type Outcome = 'SUCCEEDED' | 'REFUSED' | 'FAILED';
