// Counts and times requests by phase and kind, over all cycles of a run, in memory that does not grow with them.
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

export interface Refusal {
  readonly status: number;
  /** The server's own words. */
  readonly detail: string;
  /** What was asked, such as `POST /Users`. */
  readonly request: string;
  /** Whom it was about. */
  readonly about: string;
}

export interface GroupedRefusal extends Refusal {
  readonly count: number;
}

export interface PhaseFigures {
  readonly phase: string;
  /** People, groups or batches that were worked on. */
  readonly objects: number;
  readonly failed: number;
  readonly requests: number;
  readonly seconds: number;
  readonly retries: number;
  /** Milliseconds from sending a request to having its whole answer. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
  /** How many answers had a status; `lost` is none. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests by what they are for. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface Measured {
  readonly kind: string;
  readonly status: number | 'lost';
  readonly ms: number;
  readonly sent: number;
  readonly received: number;
}

export interface Meter {
  /** A phase of another cycle goes on where the last one of its name ended. */
  begin(phase: string): void;
  end(): void;
  request(measured: Measured): void;
  retry(): void;
  object(): void;
  failure(refusal: Refusal): void;
  /** Said by the client before and after each request. */
  inFlight(change: 1 | -1): void;
  figures(): MeterFigures;
}

export interface MeterFigures {
  readonly phases: readonly PhaseFigures[];
  readonly refusals: readonly GroupedRefusal[];
  readonly mostInFlight: number;
  /** Requests answered in each second since the first. */
  readonly perSecond: readonly number[];
}

export function createMeter(): Meter {
  const phases = new Map<string, Open>();
  const refusals = new Map<string, GroupedRefusal>();
  const perSecond: number[] = [];
  const state: { now: number; most: number; open?: Open; first: number } = { now: 0, most: 0, first: 0 };
  const begin = (phase: string): Open => {
    state.open = opened(phases, phase);
    state.first ||= state.open.started;
    return state.open;
  };
  const current = (): Open => state.open ?? begin('other');
  return {
    begin: (phase) => void begin(phase),
    end() {
      current().seconds += (performance.now() - current().started) / 1000;
      delete state.open;
    },
    request(measured) {
      record(current(), measured);
      const second = Math.floor((performance.now() - state.first) / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    },
    retry: () => void (current().retries += 1),
    object: () => void (current().objects += 1),
    failure(refusal) {
      current().failed += 1;
      group(refusals, refusal);
    },
    inFlight(change) {
      state.now += change;
      state.most = Math.max(state.most, state.now);
    },
    figures: () => ({
      phases: [...phases.values()].map(figuresOf),
      refusals: [...refusals.values()].toSorted((a, b) => b.count - a.count),
      mostInFlight: state.most,
      perSecond: Array.from(perSecond, (count) => count ?? 0),
    }),
  };
}

function opened(phases: Map<string, Open>, phase: string): Open {
  const open = phases.get(phase) ?? newPhase(phase);
  phases.set(phase, open);
  open.started = performance.now();
  return open;
}

function group(refusals: Map<string, GroupedRefusal>, refusal: Refusal): void {
  const key = `${refusal.status} ${inGeneral(refusal.detail)}`;
  const before = refusals.get(key);
  refusals.set(key, { ...(before ?? refusal), count: (before?.count ?? 0) + 1 });
}

interface Open {
  readonly phase: string;
  started: number;
  readonly histogram: RecordableHistogram;
  readonly statuses: Record<string, number>;
  readonly kinds: Record<string, number>;
  seconds: number;
  objects: number;
  failed: number;
  retries: number;
  bytesSent: number;
  bytesReceived: number;
}

const newPhase = (phase: string): Open => ({
  phase,
  started: performance.now(),
  // Microseconds, up to a hundred seconds.
  histogram: createHistogram({ lowest: 1, highest: 1e8, figures: 3 }),
  statuses: {},
  kinds: {},
  seconds: 0,
  objects: 0,
  failed: 0,
  retries: 0,
  bytesSent: 0,
  bytesReceived: 0,
});

function record(open: Open, { kind, status, ms, sent, received }: Measured): void {
  open.histogram.record(Math.max(1, Math.round(ms * 1000)));
  open.statuses[status] = (open.statuses[status] ?? 0) + 1;
  open.kinds[kind] = (open.kinds[kind] ?? 0) + 1;
  open.bytesSent += sent;
  open.bytesReceived += received;
}

function figuresOf({ histogram, started: _started, ...open }: Open): PhaseFigures {
  const at = (percent: number) => (histogram.count === 0 ? 0 : histogram.percentile(percent) / 1000);
  const slowest = histogram.count === 0 ? 0 : histogram.max / 1000;
  return { ...open, requests: histogram.count, p50: at(50), p95: at(95), p99: at(99), slowest };
}

/** Without the values in it, so that a thousand errors of one kind are one line. */
const inGeneral = (detail: string): string => detail.replace(/"[^"]*"/g, '"…"').replace(/[\da-f-]{36}/g, '…');
