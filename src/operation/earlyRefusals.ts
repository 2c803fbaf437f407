// Requests that were refused in front of everything have no line of their own in the log: of a flood, one line of each
// tenant every ten seconds.
import { type Log } from './logging.js';

const EVERY_MS = 10_000;

/** `note` counts a request of a tenant; `stop` writes what was counted until then. */
export function noteEarlyRefusals(log: Log, everyMs = EVERY_MS) {
  const counts = new Map<string, number>();
  const state: { timer?: NodeJS.Timeout } = {};
  const write = () => {
    for (const [tenantId, counted] of counts) {
      log.warn({ tenantId, counted }, 'Requests of a tenant that had more than its share were refused at once');
    }
    counts.clear();
    clearTimeout(state.timer);
    delete state.timer;
  };
  const note = (tenantId: string) => {
    counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
    state.timer ??= setTimeout(write, everyMs).unref();
  };
  return { note, stop: write };
}
