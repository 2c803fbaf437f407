// When a person or group last changed, to the hour: one row of each, which triggers keep. See changedLately.ts.
import { defineEntity, p } from '@mikro-orm/core';
import { oneOf, walled } from './walls.js';

export const ChangedHour = defineEntity({
  name: 'ChangedHour',
  tableName: 'changed_hour',
  ...walled,
  checks: [oneOf('changed_hour', 'resource_type', ['User', 'Group'])],
  properties: {
    tenantId: p.uuid().primary(),
    resourceType: p.text().primary(),
    hour: p.datetime(3).primary(),
    id: p.uuid().primary(),
  },
});
