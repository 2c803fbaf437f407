// History: one record per request and resource touched, written in the transaction of the change and never altered.
import { defineEntity, p } from '@mikro-orm/core';
import { index, oneOf, walled } from '../walls.js';

export type ActorKind = 'INTEGRATION' | 'PERSON' | 'SYSTEM';

export const ChangeRecord = defineEntity({
  name: 'ChangeRecord',
  tableName: 'change_record',
  ...walled,
  policies: [...walled.policies, { name: 'sealer_reads', command: 'select', roles: ['speakup_sealer'], using: 'true' }],
  checks: [
    oneOf('change_record', 'resource_type', ['User', 'Group', 'Integration', 'Tenant']),
    oneOf('change_record', 'actor_kind', ['INTEGRATION', 'PERSON', 'SYSTEM']),
  ],
  indexes: [
    index('change_record', 'resource', 'tenant_id, resource_id, id'),
    index('change_record', 'not_by_integration', 'tenant_id, at, id', "actor_kind <> 'INTEGRATION'"),
    index('change_record', 'rare', 'tenant_id, at, id', "kind <> 'CREATED' and kind <> 'CHANGED'"),
    index('change_record', 'xid', 'xid'),
  ],
  properties: {
    tenantId: p.uuid().primary(),
    at: p.datetime(3).primary(),
    id: p.uuid().primary(),
    kind: p.text().$type<ChangeKind>(),
    resourceType: p.text().$type<ChangedResource>(),
    resourceId: p.uuid(),
    actorKind: p.text().$type<ActorKind>(),
    actorId: p.uuid().nullable(),
    requestId: p.text(),
    /** `{attribute: {before, after}}`; for members `{members: {added: [id], removed: [id]}}`. */
    changes: p.json<Readonly<Record<string, unknown>>>(),
    /** The transaction that wrote it: what sealing goes by. */
    xid: p.string().columnType('xid8').defaultRaw('pg_current_xact_id()'),
  },
});

export type ChangedResource = 'User' | 'Group' | 'Integration' | 'Tenant';
export type ChangeKind =
  | 'CREATED'
  | 'ADOPTED'
  | 'REVIVED'
  | 'CHANGED'
  | 'DEACTIVATED'
  | 'REACTIVATED'
  | 'DELETED'
  | 'MANAGER_RESOLVED'
  | 'MANAGER_UNRESOLVED'
  | 'SECRET_ADDED'
  | 'SECRET_REVOKED'
  | 'REVOKED'
  | 'LOCKED'
  | 'UNLOCKED'
  | 'RELEASED'
  | 'ERASED'
  | 'BRAKE_PULLED'
  | 'BRAKE_RELEASED'
  | 'BRAKE_REJECTED'
  | 'BRAKE_LAPSED';
