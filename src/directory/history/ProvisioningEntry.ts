// The provisioning log: one entry per SCIM request that writes or fails, in words an administrator understands.
import { defineEntity, p } from '@mikro-orm/core';
import { oneOf, walled } from '../walls.js';

export const ProvisioningEntry = defineEntity({
  name: 'ProvisioningEntry',
  tableName: 'provisioning_entry',
  ...walled,
  checks: [oneOf('provisioning_entry', 'outcome', ['SUCCEEDED', 'REFUSED', 'FAILED'])],
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    at: p.datetime(3),
    integrationId: p.uuid(),
    requestId: p.text(),
    method: p.text(),
    resourceType: p.text().nullable(),
    resourceId: p.uuid().nullable(),
    status: p.integer(),
    outcome: p.text().$type<'SUCCEEDED' | 'REFUSED' | 'FAILED'>(),
    sentence: p.text(),
    leniencies: p.array().nullable(),
    ignoredAttributes: p.array().nullable(),
    durationMs: p.double(),
  },
});
