// A person in a group. Changed by sets, never loaded to be changed.
import { defineEntity, p } from '@mikro-orm/core';
import { index, walled } from '../walls.js';

export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  ...walled,
  indexes: [index('membership', 'user', 'tenant_id, user_id, group_id')],
  properties: {
    tenantId: p.uuid().primary(),
    groupId: p.uuid().primary(),
    userId: p.uuid().primary(),
    addedAt: p.datetime(3),
    /** An app integration or a person. */
    addedBy: p.uuid().nullable(),
  },
});
