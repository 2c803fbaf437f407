// How a group is stored. Its members are rows of `Membership`, never part of the group.
import { defineEntity, p } from '@mikro-orm/core';
import { type Origin } from '../user/User.js';

export const Group = defineEntity({
  name: 'Group',
  tableName: 'directory_group',
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    origin: p.text().$type<Origin>(),
    externalId: p.text().nullable(),
    displayName: p.text(),
    displayNameKey: p.text(),
    version: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    writtenBy: p.uuid().nullable(),
  },
});
