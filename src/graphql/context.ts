// What the resolvers of one operation are given: who asks, and the one way to read.
import { type Gate } from '../admission/gate.js';
import { type Actor, type Role } from '../directory/actor.js';
import { type ReadScope, type RequestContext } from '../directory/scope.js';
import { type Deps } from '../deps.js';
import { Refusal } from '../refusal.js';
import { type Batches, createBatches } from './batch.js';
import { openSnapshot } from './snapshot.js';

export interface GraphqlContext extends Batches {
  readonly deps: Deps;
  readonly actor: Actor;
  readonly role: Role;
  readonly request: RequestContext;
  /** Where it waits for its turn. */
  readonly gate: Gate;
  readonly scope: () => Promise<ReadScope>;
  /** What is the same for everything an object stands for, made once: such as the list a field means, whoever's it is. */
  readonly shared: <Value>(of: object, make: () => Value) => Value;
  /** Forgets what was read: after a mutation the answer is of a later moment. */
  renew(): Promise<void>;
  end(): Promise<void>;
}

/** Refuses with `forbidden` who has no role here. */
export function createContext(deps: Deps, actor: Actor, request: RequestContext): GraphqlContext {
  const role = roleOf(actor);
  // SPEC section 7: analysts read as a database role that can do nothing else, and keep nobody else waiting.
  const pools = role === 'ANALYST' ? { pool: deps.db.analystPool, gate: deps.db.analystGate } : deps.db;
  const open = () => {
    const snapshot = openSnapshot(pools, actor, request);
    return { snapshot, batches: createBatches(() => snapshot.scope()) };
  };
  const state = { reading: open() };
  const made = new Map<object, unknown>();
  const end = async () => {
    const failure = await state.reading.snapshot.end();
    if (failure) deps.log.debug({ err: failure, requestId: request.requestId }, 'A snapshot ended with an error');
  };
  return {
    deps,
    actor,
    role,
    request,
    gate: pools.gate,
    scope: () => state.reading.snapshot.scope(),
    batch: (name, key, load) => state.reading.batches.batch(name, key, load),
    ahead: (name, keys, load) => state.reading.batches.ahead(name, keys, load),
    shared: <Value>(of: object, make: () => Value) => {
      if (!made.has(of)) made.set(of, make());
      return made.get(of) as Value;
    },
    renew: async () => {
      await end();
      state.reading = open();
    },
    end,
  };
}

/** Refuses with `forbidden` everybody but administrators. */
export function requireAdministrator({ role }: GraphqlContext): void {
  if (role !== 'ADMIN') throw new Refusal('forbidden', 'Only an administrator may do this.');
}

function roleOf(actor: Actor): Role {
  switch (actor.kind) {
    case 'PERSON':
      return actor.role;
    case 'INTEGRATION':
      if (actor.usersAndGroups !== 'NONE') return 'ANALYST';
      throw new Refusal(
        'forbidden',
        'This app integration has no access to users and groups. Give it read-only or full access in SpeakUp.',
      );
    case 'SYSTEM':
      throw new Refusal('forbidden', 'The operator works at the command line.');
  }
}
