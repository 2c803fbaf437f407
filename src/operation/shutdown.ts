// Stopping on SIGTERM and SIGINT: once, in order, in bounded time. A second signal stops at once.
import { type Log } from './logging.js';

/** Closing connections and the embedded database may take this long after the requests have ended. */
export const CLOSING_MS = 20_000;

interface Stop {
  readonly log: Log;
  /** How long requests in flight are waited for. */
  readonly seconds: number;
  /** Ends the requests, then closes everything. */
  readonly stop: () => Promise<void>;
  /** What a second signal does besides. */
  readonly hurry?: () => void;
}

/**
 * Ends the process with code 0 after a stop, with 1 when stopping fails or is hurried by a second signal. Returns what
 * begins the same without a signal, for a reason.
 */
export function stopOnSignals({ log, seconds, stop, hurry }: Stop): (reason: string) => void {
  const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
  const state = { stopping: false };
  const begin = (why: { readonly signal: string } | { readonly reason: string }) => {
    if (state.stopping) return;
    state.stopping = true;
    log.info(why, 'Stopping: requests in flight are finished, new ones get 503');
    setTimeout(
      () => {
        log.error('Stopping takes too long: ending now');
        process.exit(1);
      },
      seconds * 1000 + CLOSING_MS,
    );
    stop().then(
      () => {
        log.info('Stopped');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  const second = () => {
    hurry?.();
    process.exit(1);
  };
  const first = (signal: NodeJS.Signals) => {
    for (const each of signals) process.removeListener(each, first).on(each, second);
    begin({ signal });
  };
  for (const each of signals) process.on(each, first);
  return (reason) => begin({ reason });
}

/** What nobody caught ends the process with code 1; Node itself would print the error with everything in it. */
export function endOnUnexpected(log: Log): void {
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'Unexpected: ending now');
    process.exit(1);
  });
}
