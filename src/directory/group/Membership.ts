// A person in a group. Changed by sets, never loaded to be changed.
import { defineEntity, p } from '@mikro-orm/core';

export const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    tenantId: p.uuid().primary(),
    groupId: p.uuid().primary(),
    userId: p.uuid().primary(),
    addedAt: p.datetime(3),
  },
});
