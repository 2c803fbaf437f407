// What a run has seen so far.
import { type FuzzRequest } from './fuzzRequest.js';
import { type Outcome } from './raw.js';
import { type Scene } from './scene.js';

export interface Sent {
  readonly request: FuzzRequest;
  readonly scene: Scene;
}

export interface SlowSuspect {
  readonly request: FuzzRequest;
  readonly ms: number;
  readonly number: number;
}

export interface Statistics {
  readonly sent: number;
  readonly slowestMs: number;
  /** Findings of every kind, the first of each included. */
  readonly findings: Readonly<Record<string, number>>;
  readonly slow: readonly SlowSuspect[];
  /** The first that were not answered: where the service came to a stop, the one that stopped it is among them. */
  readonly hung: readonly Sent[];
  count(request: FuzzRequest, outcome: Outcome, scene: Scene): void;
  found(kind: string): void;
  /** A tenant could not be opened, or what is given was refused. */
  sceneFailed(why: string): void;
  readonly failedScenes: readonly string[];
  suspectSlow(request: FuzzRequest, outcome: Outcome, number: number): void;
  /** How often each status, or end without one, was seen. */
  histogram(): Readonly<Record<string, number>>;
  /** How often each mutation was used. */
  mutations(): Readonly<Record<string, number>>;
  /** What was sent since the last call. */
  takeRecent(): readonly Sent[];
}

/** Each is asked again, alone. */
const MOST_SUSPECTS = 30;

export function createStatistics(): Statistics {
  const statuses = new Map<string, number>();
  const mutations = new Map<string, number>();
  const findings = new Map<string, number>();
  const slow: SlowSuspect[] = [];
  const hung: Sent[] = [];
  const failedScenes: string[] = [];
  const state = { sent: 0, slowestMs: 0, recent: [] as Sent[] };
  const add = (counts: Map<string, number>, key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const sorted = (counts: Map<string, number>) => Object.fromEntries([...counts].sort());
  return {
    get sent() {
      return state.sent;
    },
    get slowestMs() {
      return Math.round(state.slowestMs);
    },
    get findings() {
      return sorted(findings);
    },
    slow,
    hung,
    count(request, outcome, scene) {
      state.sent += 1;
      state.recent.push({ request, scene });
      if (outcome.ended === 'hung' && hung.length < MOST_SUSPECTS) hung.push({ request, scene });
      add(statuses, String(outcome.answers[0]?.status ?? outcome.ended));
      for (const name of request.mutations.length > 0 ? request.mutations : ['none']) add(mutations, name);
      if (outcome.ended === 'answered') state.slowestMs = Math.max(state.slowestMs, outcome.ms);
    },
    found: (kind) => add(findings, kind),
    sceneFailed: (why) => void failedScenes.push(why),
    failedScenes,
    suspectSlow(request, { ms }, number) {
      if (slow.length < MOST_SUSPECTS) slow.push({ request, ms, number });
    },
    histogram: () => sorted(statuses),
    mutations: () => sorted(mutations),
    takeRecent: () => state.recent.splice(0),
  };
}
