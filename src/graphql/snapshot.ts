// One read-only snapshot around an operation: everything it answers is of the same moment. Opened by the first read, so
// that introspection holds no connection.
import { type Actor } from '../directory/actor.js';
import { type Pools, type ReadScope, readIn, type RequestContext } from '../directory/scope.js';

export interface Snapshot {
  scope(): Promise<ReadScope>;
  /** Gives the connection back. Resolves with what failed, which the fields that asked have been told too. */
  end(): Promise<unknown>;
}

export function openSnapshot(pools: Pools, actor: Actor, request: RequestContext): Snapshot {
  const ended = Promise.withResolvers<void>();
  const state: { reading?: Promise<unknown>; scope?: Promise<ReadScope> } = {};
  const open = () =>
    new Promise<ReadScope>((resolve, reject) => {
      const reading = readIn(pools, actor, request, (scope) => {
        resolve(tellingTheFirstFailure(scope));
        return ended.promise;
      });
      state.reading = reading.catch((error: Error) => {
        reject(error);
        return error;
      });
    });
  return {
    scope: () => (state.scope ??= open()),
    end: () => {
      ended.resolve();
      return state.reading ?? Promise.resolve();
    },
  };
}

/** After a failure PostgreSQL refuses every other statement of the transaction; why it failed is what matters. */
function tellingTheFirstFailure(scope: ReadScope): ReadScope {
  const failed: { first?: Error } = {};
  return {
    ...scope,
    send: async (statement, params) => {
      try {
        return await scope.send(statement, params);
      } catch (error) {
        throw (failed.first ??= error as Error);
      }
    },
  };
}
