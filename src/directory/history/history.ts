// Writes history: one record per request and resource touched, in the transaction of the change.
import { type Values } from '../../attribute/change.js';
import { newId } from '../id.js';
import { type Statement, type WriteScope } from '../scope.js';
import { type ChangeKind, type ChangedResource } from './ChangeRecord.js';

export interface Recorded {
  readonly kind: ChangeKind;
  readonly resourceType: ChangedResource;
  readonly resourceId: string;
  /** `{attribute: {before, after}}`. */
  readonly changes: Readonly<Record<string, unknown>>;
}

const INSERT: Statement = {
  name: 'record_change',
  text: `insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

/** Sends the record; it is part of the scope's transaction, and fails it when it fails. */
export function recordChange(scope: WriteScope, { kind, resourceType, resourceId, changes }: Recorded): void {
  const { tenantId, actor, request } = scope;
  void scope.send(INSERT, [
    tenantId,
    newId(),
    request.now,
    kind,
    resourceType,
    resourceId,
    actor.kind,
    actor.id,
    request.requestId,
    JSON.stringify(changes),
  ]);
}

/** Before and after of the named properties. */
export const beforeAndAfter = (properties: readonly string[], before: Values, after: Values) =>
  Object.fromEntries(
    properties.map((property) => [property, { before: before[property] ?? null, after: after[property] ?? null }]),
  );
