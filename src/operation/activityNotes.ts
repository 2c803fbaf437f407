// When app integrations fetched tokens and sent requests. Noted in memory, so that no request waits for it, and written
// once a minute at most for each integration, or at once when it does something for the first time here.
import { type NotedActivity, type SecretUse, type Times, writeActivity } from '../directory/integration/activity.js';
import { type Pools } from '../directory/scope.js';

type Activity = NotedActivity | SecretUse;

interface Noted {
  readonly tenantId: string;
  readonly known: Set<Activity>;
  pending: Map<Activity, Times>;
  written: number;
}

export interface ActivityNotes {
  note(who: { readonly tenantId: string; readonly id: string }, activity: Activity, at: Date): void;
  /** Writes what is due; with `everything` also what could wait. */
  write(pools: Pools, options?: { readonly everything?: boolean }): Promise<void>;
}

export const WRITE_ACTIVITY_EVERY_MS = 1000;
const AT_MOST_EVERY_MS = 60_000;
const FORGOTTEN_AFTER_MS = 3_600_000;

export function createActivityNotes(): ActivityNotes {
  const notes = new Map<string, Noted>();
  return {
    note: ({ tenantId, id }, activity, at) => {
      const noted = notes.get(id) ?? { tenantId, known: new Set(), pending: new Map(), written: 0 };
      notes.set(id, noted);
      add(noted.pending, activity, { first: at, last: at });
    },
    write: async (pools, { everything = false } = {}) => {
      const now = performance.now();
      for (const [id, noted] of notes) {
        if (noted.pending.size > 0 && (everything || isDue(noted, now))) await writeOne(pools, id, noted, now);
        else if (noted.pending.size === 0 && now - noted.written > FORGOTTEN_AFTER_MS) notes.delete(id);
      }
    },
  };
}

const isDue = ({ written, known, pending }: Noted, now: number): boolean =>
  now - written >= AT_MOST_EVERY_MS || [...pending.keys()].some((activity) => !known.has(activity));

async function writeOne(pools: Pools, id: string, noted: Noted, now: number): Promise<void> {
  const { tenantId, pending, known } = noted;
  noted.pending = new Map();
  try {
    await writeActivity(pools, tenantId, id, pending);
  } catch (error) {
    for (const [activity, times] of pending) add(noted.pending, activity, times);
    throw error;
  }
  for (const activity of pending.keys()) known.add(activity);
  noted.written = now;
}

function add(pending: Map<Activity, Times>, activity: Activity, { first, last }: Times): void {
  const known = pending.get(activity) ?? { first, last };
  pending.set(activity, {
    first: first < known.first ? first : known.first,
    last: last > known.last ? last : known.last,
  });
}
