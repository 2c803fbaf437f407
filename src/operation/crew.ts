// The workers below a primary: as many processes as asked for, behind one port. One that ends is replaced, later and later
// while they end young.
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Log } from './logging.js';

/** What the primary tells a worker. */
export type Order = { readonly kind: 'serve'; readonly publicUrl: string } | { readonly kind: 'stop' };

/** What a worker tells the primary. */
interface Report {
  readonly kind: 'serving';
}

/** Tells the primary of this worker. */
export const toPrimary = (report: Report): void => void process.send?.(report);

/** A worker that ended while the service started. It has said why. */
export class WorkerEnded extends Error {
  constructor(readonly code: number) {
    super(`A worker ended with code ${code} while the service started: what it said stands above.`);
  }
}

export interface Crew {
  /** Starts the workers. Returns the port: the first answers health checks there from now on. */
  listen(): Promise<number>;
  /** Lets them serve. Resolves when all do. */
  serve(publicUrl: string): Promise<void>;
  /** How many workers serve, and how many had to be replaced. */
  state(): { readonly serving: number; readonly replaced: number };
  /** Lets all finish; those that have not after `ms` are killed, and then it rejects. */
  stop(ms: number): Promise<void>;
  /** Ends all at once. */
  kill(): void;
}

interface Settings {
  readonly count: number;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  /** Called when workers end again and again, and none serves. `stop` rejects then. */
  readonly giveUp: () => void;
}

/** A worker that served for less than this, or not at all, ended young. */
const YOUNG_MS = 10_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;
/** When so many ended young one after the other, and none serves, the service ends. */
const MOST_YOUNG_ENDS = 5;

interface State {
  readonly begun: Set<Worker>;
  /** Since when. */
  readonly serving: Map<Worker, number>;
  /** What the next worker asks for. Those that share a port must ask for the same, and so go on asking for 0. */
  port: number;
  /** What they got. */
  realPort?: number;
  publicUrl?: string;
  phase: 'starting' | 'serving' | 'stopping';
  youngEnds: number;
  replaced: number;
  failed: boolean;
}

/** Nothing is started yet. */
export function createCrew(settings: Settings): Crew {
  const { count, log } = settings;
  const state = newState(settings);
  const start = Promise.withResolvers<never>();
  start.promise.catch(() => undefined);
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.on('message', (worker, report: Partial<Report>) => {
    if (report.kind === 'serving') state.serving.set(worker, performance.now());
  });
  cluster.on('exit', (worker, code, signal) => {
    const served = performance.now() - (state.serving.get(worker) ?? Infinity);
    state.begun.delete(worker);
    state.serving.delete(worker);
    if (state.phase === 'stopping') state.failed ||= code !== 0;
    else {
      log.error({ worker: worker.id, pid: worker.process.pid, code, signal }, 'A worker ended');
      if (state.phase === 'starting') start.reject(new WorkerEnded(code || 1));
      else void replace(state, served, settings);
    }
  });
  return {
    async listen() {
      state.realPort = await Promise.race([start.promise, portOf(begin(state, log))]);
      while (state.begun.size < count && state.phase === 'starting') begin(state, log);
      return state.realPort;
    },
    async serve(publicUrl) {
      state.publicUrl = publicUrl;
      for (const worker of state.begun) tell(worker, { kind: 'serve', publicUrl });
      await Promise.race([start.promise, allServe(count, state)]);
      // It may be told to stop meanwhile.
      if (state.phase === 'starting') state.phase = 'serving';
    },
    state: () => ({ serving: state.serving.size, replaced: state.replaced }),
    stop: (ms) => stop(ms, state),
    kill: () => killAll(state),
  };
}

const newState = ({ port }: Settings): State => ({
  begun: new Set(),
  serving: new Map(),
  port,
  phase: 'starting',
  youngEnds: 0,
  replaced: 0,
  failed: false,
});

function begin(state: State, log: Log): Worker {
  if (state.begun.size === 0) state.port = state.realPort ?? state.port;
  const worker = cluster.fork({ PORT: String(state.port) });
  state.begun.add(worker);
  // A channel that breaks is a worker that ends.
  worker.on('error', ({ message }) => log.debug({ worker: worker.id, reason: message }, 'A worker could not be told'));
  log.info({ worker: worker.id, pid: worker.process.pid }, 'A worker begins');
  if (state.publicUrl !== undefined) tell(worker, { kind: 'serve', publicUrl: state.publicUrl });
  return worker;
}

async function portOf(worker: Worker): Promise<number> {
  const [{ port }] = (await once(worker, 'listening')) as [{ readonly port: number }];
  return port;
}

async function allServe(count: number, { serving }: State): Promise<void> {
  while (serving.size < count) await once(cluster, 'message');
}

async function replace(state: State, served: number, { log, giveUp }: Settings): Promise<void> {
  state.youngEnds = served < YOUNG_MS ? state.youngEnds + 1 : 0;
  if (state.youngEnds >= MOST_YOUNG_ENDS && state.serving.size === 0) {
    state.failed = true;
    return giveUp();
  }
  await sleep(Math.min(FIRST_WAIT_MS * 2 ** state.youngEnds, LONGEST_WAIT_MS));
  if (state.phase === 'stopping') return;
  state.replaced += 1;
  begin(state, log);
}

async function stop(ms: number, state: State): Promise<void> {
  state.phase = 'stopping';
  for (const worker of state.begun) tell(worker, { kind: 'stop' });
  const late = setTimeout(() => killAll(state), ms);
  while (state.begun.size > 0) await once(cluster, 'exit');
  clearTimeout(late);
  if (state.failed) throw new Error('A worker did not end well');
}

function killAll(state: State): void {
  state.phase = 'stopping';
  for (const worker of state.begun) worker.process.kill('SIGKILL');
}

/** One that has ended is not told anything. */
function tell(worker: Worker, order: Order): void {
  if (worker.isConnected()) worker.send(order);
}
