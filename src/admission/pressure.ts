// Whether this process is overloaded, and whom it refuses then: the least important first. What lasts counts, not a
// moment: bursts are waited out.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** In the order in which they are refused. Health checks never are. */
export const CLASSES = ['analyst', 'frontend', 'scimRead', 'scimWrite', 'token'] as const;
export type RequestClass = (typeof CLASSES)[number];

export interface Pressure {
  /** Whether requests of this class are refused just now. */
  sheds(wanted: RequestClass): boolean;
  /** Of how many classes requests are refused; 0 is how it should be. */
  level(): number;
  /** Looks once; `start` does it twice a second. */
  look(): void;
  /** Returns what ends it. */
  start(): () => void;
}

interface Settings {
  /** Milliseconds by which the event loop was late lately: 99 of 100 times no more. */
  readonly lateness?: Lateness;
  /** How often somebody was not served in time who asked for no more than a share, since the start. */
  readonly unserved: () => number;
  /** Whether there are so many requests that refusing some would help. */
  readonly isCrowded: () => boolean;
  /** Told when the level changes. */
  readonly onChange: (level: number, before: number) => void;
}

export interface Lateness {
  readonly read: () => number;
  readonly stop: () => void;
}

export const LOOK_MS = 500;
const LATE_MS = 100;
const CALM_MS = 50;
/** So many looks in a row: two seconds until the first class is refused, one until the next. */
const LOOKS_TO_FIRST = 4;
const LOOKS_TO_NEXT = 2;

export function createPressure({ lateness = eventLoopLateness(), unserved, isCrowded, onChange }: Settings): Pressure {
  const state = { level: 0, lateLooks: 0, unserved: unserved() };
  const change = (level: number) => {
    const before = state.level;
    state.level = level;
    state.lateLooks = 0;
    onChange(level, before);
  };
  const look = () => {
    const late = lateness.read();
    const missed = unserved() > state.unserved;
    state.unserved = unserved();
    if ((late > LATE_MS && isCrowded()) || missed) {
      state.lateLooks += 1;
      const enough = state.lateLooks >= (state.level === 0 ? LOOKS_TO_FIRST : LOOKS_TO_NEXT);
      if (enough && state.level < CLASSES.length) change(state.level + 1);
      return;
    }
    state.lateLooks = 0;
    if (late < CALM_MS && state.level > 0) change(state.level - 1);
  };
  return {
    sheds: (wanted) => CLASSES.indexOf(wanted) < state.level,
    level: () => state.level,
    look,
    start: () => {
      const timer = setInterval(look, LOOK_MS).unref();
      return () => {
        clearInterval(timer);
        lateness.stop();
      };
    },
  };
}

const RESOLUTION_MS = 20;

function eventLoopLateness(): Lateness {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    read: () => {
      const late = histogram.percentile(99) / 1e6 - RESOLUTION_MS;
      histogram.reset();
      return late;
    },
    stop: () => void histogram.disable(),
  };
}
