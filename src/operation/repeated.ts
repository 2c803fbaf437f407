// Work done again and again beside the requests, as long as the service runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Log } from './logging.js';

export interface Repeated {
  readonly name: string;
  readonly everyMs: number;
  /** `stop` is aborted when the service ends: what takes long ends early. */
  readonly work: (stop: AbortSignal) => Promise<unknown>;
}

/** Begins at once. Returns what stops it: that resolves when the work at hand has ended. */
export function repeat({ name, everyMs, work }: Repeated, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const state = { failing: false };
  const once = async () => {
    try {
      await work(stopping.signal);
      state.failing = false;
    } catch (err) {
      // Said once: a database that is away for an hour would fill the log.
      log[state.failing ? 'debug' : 'warn']({ err, work: name }, 'Work beside the requests failed, and is tried again');
      state.failing = true;
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await once();
      await sleep(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  };
  const ended = run();
  return () => {
    stopping.abort();
    return ended;
  };
}
