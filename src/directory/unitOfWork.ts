// The door to the data for administration (tenants, integrations), where an entity is loaded, changed and flushed by
// MikroORM's unit of work. The hot paths go through scope.ts.
import { type EntityManager } from '@mikro-orm/postgresql';
import { type MikroORM } from '@mikro-orm/postgresql';
import { type Gate } from '../admission/gate.js';
import { Refusal } from '../refusal.js';
import { type Actor } from './actor.js';
import { refusalFromDatabase } from './constraints.js';
import { ChangeRecord, type ChangedResource, type ChangeKind } from './history/ChangeRecord.js';
import { newId } from './id.js';
import { type RequestContext } from './scope.js';

/** What the unit of work needs of the database. */
export interface Orm {
  readonly orm: MikroORM;
  /** Where tenants take turns; absent where nobody waits for anybody. */
  readonly gate?: Gate;
}

/** One transaction of one tenant: who asks, and the entities. */
export interface Work {
  readonly em: EntityManager;
  readonly actor: Actor;
  readonly tenantId: string;
  readonly request: RequestContext;
}

/**
 * Runs administration in one transaction; what was changed is flushed before the commit.
 * Refuses with `forbidden` for anyone but an administrator and the operator.
 */
export async function workIn<T>(
  { orm, gate }: Orm,
  actor: Actor,
  request: RequestContext,
  work: (work: Work) => Promise<T>,
): Promise<T> {
  if (!mayAdminister(actor)) throw new Refusal('forbidden', 'Only an administrator may do this.');
  const waits = actor.kind === 'SYSTEM' ? undefined : gate?.enter(actor.tenantId, request.inFlight);
  if (waits) await waits;
  const fork = orm.em.fork();
  // Row-level security: MikroORM sends set_config('app.tenant', …, true) right after BEGIN.
  fork.setSessionContext({ variables: { 'app.tenant': actor.tenantId } });
  try {
    return await fork.transactional((em) => work({ em, actor, tenantId: actor.tenantId, request }));
  } catch (error) {
    throw refusalFromDatabase(error);
  } finally {
    if (actor.kind !== 'SYSTEM') gate?.leave(actor.tenantId);
  }
}

/** The operator at the command line, or the service itself, at work in a tenant. */
export const systemActor = (tenantId: string, tenantSlug: string): Actor => ({
  kind: 'SYSTEM',
  id: null,
  tenantId,
  tenantSlug,
});

/** Adds a record of history to the transaction. `changes` is `{attribute: {before, after}}`. */
export function recordChange(
  { em, actor, tenantId, request }: Work,
  kind: ChangeKind,
  resourceType: ChangedResource,
  resourceId: string,
  changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>,
): void {
  em.create(ChangeRecord, {
    tenantId,
    id: newId(request.now),
    at: request.now,
    kind,
    resourceType,
    resourceId,
    actorKind: actor.kind,
    actorId: actor.id,
    requestId: request.requestId,
    changes,
  });
}

/** The changes of something new: nothing before, `after` of every attribute given. */
export const changesOfNew = (attributes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, after]) => [name, { before: null, after }]));

function mayAdminister(actor: Actor): boolean {
  switch (actor.kind) {
    case 'SYSTEM':
      return true;
    case 'PERSON':
      return actor.role === 'ADMIN';
    case 'INTEGRATION':
      return false;
  }
}
