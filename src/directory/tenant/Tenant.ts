// A tenant is one SpeakUp customer. Nothing crosses a tenant.
import { defineEntity, p } from '@mikro-orm/core';

export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    id: p.uuid().primary(),
    /** The short name operators use, such as `acme`. */
    slug: p.text().unique('tenant_slug_unique'),
    /** The switch "SCIM provisioning enabled". */
    provisioningEnabled: p.boolean().default(true),
    /** Whether SCIM may change groups that were made in SpeakUp. */
    groupAdoptionAllowed: p.boolean().default(false),
    createdAt: p.datetime(3),
  },
});
