// Deletes what is kept for a time only: old entries of the provisioning log. In pieces, so that nobody waits for it; the
// database lets one process at a time do it, and by the rights of a role that can do nothing else (schema/postgres/0015).
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pools } from '../scope.js';

export const DELETE_OLD_EVERY_MS = 3_600_000;
const ENTRIES_AT_ONCE = 5000;
const REST_MS = 50;
const DAY_MS = 86_400_000;

const DELETE = {
  name: 'delete_old_provisioning_entries',
  text: 'select delete_old_provisioning_entries($1, $2) as deleted',
};

/**
 * Deletes the entries older than `days`; answers how many. Ends early when it is told to stop, or when another process
 * is at it.
 */
export async function deleteOldEntries(
  { pool }: Pools,
  now: Date,
  days: number,
  stop?: AbortSignal,
  atOnce = ENTRIES_AT_ONCE,
): Promise<number> {
  const before = new Date(now.getTime() - days * DAY_MS);
  let all = 0;
  while (!stop?.aborted) {
    const { rows } = await pool.query<{ deleted: number | null }>({ ...DELETE, values: [before, atOnce] });
    const deleted = rows[0]?.deleted ?? 0;
    all += deleted;
    if (deleted < atOnce) break;
    await sleep(REST_MS);
  }
  return all;
}
