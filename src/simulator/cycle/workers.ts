// Works through the objects of a phase, so many at a time; tries again what the line has lost, and notes what the server
// refused.
import { setTimeout as sleep } from 'node:timers/promises';
import { Refused } from '../wire/scimClient.js';
import { LostAnswer } from '../wire/exchange.js';
import { isTooMuch, noteFailure } from './failing.js';
import { type Job } from './job.js';

export interface Task {
  /** By what it is remembered when it fails. */
  readonly key: string;
  /** Whom it is about, for people. */
  readonly about: string;
  readonly work: () => Promise<void>;
}

/** Too much failed: the cycle ends. */
export class TooManyFailures extends Error {}

/** A failure of the line is tried again at once, from the beginning of the object: it may have been done. */
const TRIES = 5;

export interface PhaseKind {
  readonly name: string;
  /** Managers and members, which do not count for quarantine. */
  readonly references: boolean;
}

/** Does every task, or stops at what stops the whole job. */
export async function runPhase(job: Job, phase: PhaseKind, tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const { meter, watcher } = job;
  meter.begin(phase.name);
  watcher.phase(phase.name, tasks.length);
  const counted = { next: 0, failures: 0 };
  const worker = async () => {
    for (let task = tasks[counted.next++]; task; task = tasks[counted.next++]) {
      if (!(await tried(job, task))) counted.failures += 1;
      if (!phase.references && isTooMuch(counted.failures, counted.next)) throw new TooManyFailures(tooMany(counted));
    }
  };
  try {
    await allOf(Array.from({ length: job.inFlight }, worker), () => (counted.next = tasks.length));
  } finally {
    meter.end();
  }
}

const tooMany = ({ failures, next }: { failures: number; next: number }): string =>
  `${failures} of ${next} objects failed`;

/** Waits for all of them, and throws what the first that failed threw. */
async function allOf(workers: readonly Promise<void>[], stop: () => void): Promise<void> {
  const ended = await Promise.allSettled(
    workers.map((worker) =>
      worker.catch((error: unknown) => {
        stop();
        throw error;
      }),
    ),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** Whether it was done. Throws what stops the job. */
async function tried(job: Job, task: Task): Promise<boolean> {
  const { state, meter, watcher } = job;
  const { key, about } = task;
  meter.object();
  for (let tries = 1; ; tries += 1) {
    try {
      await task.work();
      state.changed.delete(key);
      state.failing.delete(key);
      watcher.object();
      return true;
    } catch (error) {
      if (isPassing(error) && tries < TRIES) {
        meter.retry();
        await sleep(20 * 2 ** tries);
        continue;
      }
      const refused = refusalOf(error, about);
      // It waits for its time, not for the next cycle.
      state.changed.delete(key);
      noteFailure(state, key, about, refused);
      meter.failure({ status: refused.status, detail: refused.detail, request: refused.request, about });
      watcher.failed(about, refused.message);
      return false;
    }
  }
}

/** What may go well the next time. */
const isPassing = (error: unknown): boolean =>
  error instanceof LostAnswer || (error instanceof Refused && error.status >= 500 && !error.later);

/** What the object failed of; throws on what the object is not to blame for. */
function refusalOf(error: unknown, about: string): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof LostAnswer) return new Refused(about, 0, error.message);
  throw error;
}
