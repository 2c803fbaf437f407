// How a group is stored. Its members are rows of `Membership`, never part of the group.
import { defineEntity, p } from '@mikro-orm/core';
import { type Origin } from '../user/User.js';
import { index, oneOf, walled } from '../walls.js';

export const Group = defineEntity({
  name: 'Group',
  tableName: 'directory_group',
  ...walled,
  checks: [oneOf('directory_group', 'origin', ['SCIM', 'SPEAKUP'])],
  indexes: [
    index('directory_group', 'display_name_unique', 'tenant_id, display_name_key', '', true),
    index('directory_group', 'external_id', 'tenant_id, external_id'),
  ],
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
