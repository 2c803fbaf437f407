// Where requests get the permit for a connection to the database: at once where one is free, else in their tenant's
// turn, for a second at most. Work of the service itself asks for none.
import { FairQueue, type FairQueueSettings } from './fairQueue.js';
import { type InFlight } from './inFlight.js';
import { type Reason, type Waiter } from './lane.js';
import { refusalOf } from './refusals.js';

export interface Gate {
  /**
   * Takes a permit for a tenant; undefined where it has it at once. To be given back by `leave`. Refuses with
   * `rateLimited` whose tenant asks for more than its share, with `unavailable` who could not be served in time; but
   * not a request that had a permit before: it is not left half-way.
   */
  enter(tenant: string, request?: InFlight): Promise<void> | undefined;
  leave(tenant: string): void;
  /** Whether anybody waits. */
  isBusy(): boolean;
  /** Refuses (by returning why) a request that would be refused anyway, before any work for it; counts it. */
  refuseEarly(tenant: string): Reason | undefined;
  /** For the metrics. */
  readonly figures: GateFigures;
}

export interface GateFigures {
  readonly running: () => number;
  readonly waiting: () => number;
  /** Requests that waited, and for how long together, in milliseconds. */
  readonly waited: { readonly count: number; readonly milliseconds: number };
  /** Requests refused since the start. */
  readonly refused: Record<Reason, number>;
}

/** How often those who wait too long are looked for. */
const SWEEP_MS = 50;

export function createGate({ permits }: Pick<FairQueueSettings, 'permits'>): Gate {
  const clock = () => performance.now();
  const after = (milliseconds: number, call: () => void) => void setTimeout(call, milliseconds).unref();
  const queue = new FairQueue({ permits, clock, after });
  const refused: Record<Reason, number> = { share: 0, overload: 0 };
  const sweepWhileWaiting = sweeper(queue);
  const wait = (tenant: string, request?: InFlight) =>
    new Promise<void>((resolve, reject) => {
      const admit = () => {
        begins(request);
        resolve();
      };
      const refuse = (why: Reason) => {
        refused[why] += 1;
        reject(refusalOf(why));
      };
      const patient = request?.hasBegun ?? false;
      const waiter: Waiter = queue.wait(tenant, request?.cost ?? 1, { admit, refuse, patient });
      if (!waiter.done) request?.waits(() => queue.leave(waiter), reject);
      sweepWhileWaiting();
    });
  return {
    enter: (tenant, request) => {
      if (!queue.take(tenant)) return wait(tenant, request);
      begins(request);
      return undefined;
    },
    leave: (tenant) => queue.give(tenant),
    isBusy: () => queue.waiting > 0,
    refuseEarly: (tenant) => {
      const why = queue.waiting > 0 ? queue.wouldRefuse(tenant) : undefined;
      if (!why) return undefined;
      queue.refusedBefore(tenant);
      refused[why] += 1;
      return why;
    },
    figures: { running: () => queue.running, waiting: () => queue.waiting, waited: queue.waited, refused },
  };
}

/** Looks for those who wait too long, as long as anybody waits. */
function sweeper(queue: FairQueue): () => void {
  const state: { timer?: NodeJS.Timeout } = {};
  const sweep = () => {
    if (queue.sweep()) setImmediate(sweep);
    if (queue.waiting === 0) {
      clearInterval(state.timer);
      delete state.timer;
    }
  };
  return () => void (state.timer ??= setInterval(sweep, SWEEP_MS).unref());
}

function begins(request: InFlight | undefined): void {
  if (request) request.hasBegun = true;
}

/** Lets everybody in at once: what the benchmarks compare with. */
export const openGate = (): Gate => ({
  enter: () => undefined,
  leave: () => undefined,
  isBusy: () => false,
  refuseEarly: () => undefined,
  figures: {
    running: () => 0,
    waiting: () => 0,
    waited: { count: 0, milliseconds: 0 },
    refused: { share: 0, overload: 0 },
  },
});
