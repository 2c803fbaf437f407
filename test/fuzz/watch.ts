// Looks at the service's process while requests are sent, and finds out afterwards which request it was.
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './campaign.js';
import { type ProbeReport } from './probe.js';
import { rawClient } from './raw.js';
import { type Service } from './service.js';
import { type Sent, type Statistics } from './statistics.js';

export const HELD_MS = 250;
const EVERY_MS = 1000;
const MOST_REPLAY_MS = 60_000;
const BATCH = 30;

/** Something that happened to the process while these requests were sent. */
export interface Suspicion {
  readonly report: ProbeReport;
  readonly sent: readonly Sent[];
}

export interface Watch {
  readonly heldMs: number;
  readonly busyMs: number;
  readonly peakMiB: number;
  readonly suspicions: readonly Suspicion[];
  /** The service's process could not be asked any more: it has ended, or does nothing but one thing. */
  readonly isLost: boolean;
  stop(): Promise<void>;
}

/** Asks for a report every second. */
export function watch(service: Pick<Service, 'report'>, statistics: Statistics): Watch {
  const state: { heldMs: number; busyMs: number; peakMiB: number; isOver: boolean; lost?: unknown } = {
    heldMs: 0,
    busyMs: 0,
    peakMiB: 0,
    isOver: false,
  };
  const suspicions: Suspicion[] = [];
  const look = async () => {
    const sent = statistics.takeRecent();
    const report = await service.report();
    state.heldMs = Math.max(state.heldMs, report.heldMs);
    state.busyMs = Math.max(state.busyMs, report.busyMs);
    state.peakMiB = Math.max(state.peakMiB, report.rssMiB);
    // What is in flight now was sent after the list was taken.
    if (isSuspicious(report)) suspicions.push({ report, sent: [...sent, ...statistics.takeRecent()] });
  };
  const done = (async () => {
    while (!state.isOver) {
      await sleep(EVERY_MS);
      await look();
    }
  })().catch((error: unknown) => {
    state.lost = error;
  });
  return {
    get heldMs() {
      return state.heldMs;
    },
    get busyMs() {
      return state.busyMs;
    },
    get peakMiB() {
      return state.peakMiB;
    },
    get isLost() {
      return state.lost !== undefined;
    },
    suspicions,
    async stop() {
      state.isOver = true;
      await done;
    },
  };
}

export const isSuspicious = ({ heldMs, busyMs, polluted }: ProbeReport): boolean =>
  Math.min(heldMs, busyMs) >= HELD_MS || polluted.length > 0;

export interface Culprit extends Sent {
  readonly report: ProbeReport;
}

/** Sends suspected requests again, alone: in batches first, then the bad batch one by one, each three times. */
export async function findCulprits(service: Service, suspicions: readonly Suspicion[]): Promise<Culprit[]> {
  const client = rawClient(service.port);
  const culprits: Culprit[] = [];
  const all = suspicions.flatMap(({ sent }) => sent);
  const isRepeated = async (sent: readonly Sent[]) => {
    for (const { request } of sent) await send(client, request);
    // The sample that sees the hold comes after it.
    await sleep(15);
    const report = await service.report();
    // The probe forgets a little later.
    await sleep(30);
    return isSuspicious(report) ? report : undefined;
  };
  const deadline = performance.now() + MOST_REPLAY_MS;
  for (let at = 0; at < all.length && performance.now() < deadline; at += BATCH) {
    const batch = all.slice(at, at + BATCH);
    if (!(await isRepeated(batch))) continue;
    for (const one of batch) {
      const reports = [await isRepeated([one]), await isRepeated([one]), await isRepeated([one])];
      const report = reports.find((found) => found !== undefined);
      // Pollution once is too often; the clock of a busy machine is believed when it says it every time.
      if (report && (report.polluted.length > 0 || reports.every(Boolean))) culprits.push({ ...one, report });
    }
  }
  client.close();
  return culprits;
}
