// Measures: each case in windows that alternate between the service and the bare program, so that whatever else the
// machine does meets both.
import { median, quantile, type CaseFigures, type SideFigures } from './figures.js';
import { type Measured } from './meter.js';
import { type CaseName } from './requests.js';
import { type SideName, type Stage } from './stage.js';
import { backendUsage, peakMemory, spent, treeUsage } from './usage.js';

export interface Extent {
  readonly pairs: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly cyclePairs: number;
  readonly cyclePeople: number;
}

export const FULL: Extent = { pairs: 6, seconds: 2, warmUpSeconds: 1, cyclePairs: 2, cyclePeople: 5000 };
export const QUICK: Extent = { pairs: 3, seconds: 1, warmUpSeconds: 0.5, cyclePairs: 1, cyclePeople: 1000 };

/** Requests in flight; the changes of one group wait for each other, so they are sent one at a time. */
const IN_FLIGHT = 8;
const inFlightOf = (name: CaseName): number => (name.startsWith('members') ? 1 : IN_FLIGHT);

/** One window, or one cycle. */
export interface Observed {
  readonly measured: Measured;
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly postgresMs: number;
  readonly peakMemory: number;
}

export type Pair = Readonly<Record<SideName, Observed>>;

/** The pairs of each case. Cases given together take turns too, and can be compared with each other. */
export async function measureCases(
  stage: Stage,
  names: readonly CaseName[],
  { pairs, seconds, warmUpSeconds }: Extent,
): Promise<ReadonlyMap<CaseName, readonly Pair[]>> {
  const window = (side: SideName, name: CaseName, round: number, length: number) =>
    observe(stage, side, () => {
      const order = { order: 'window', target: stage.target(side), name, seconds: length } as const;
      return stage.load.run({ ...order, salt: `${name}.${side}.${round}`, inFlight: inFlightOf(name) });
    });
  const observed = new Map<CaseName, Pair[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= pairs; round += 1) {
    for (const name of names) {
      const length = round === 0 ? warmUpSeconds : seconds;
      const service = await window('service', name, round, length);
      const bare = await window('bare', name, round, length);
      if (round > 0) observed.get(name)?.push({ service, bare });
    }
  }
  return observed;
}

/** First cycles, each in an empty tenant. */
export async function measureCycles(stage: Stage, { cyclePairs, cyclePeople }: Extent): Promise<readonly Pair[]> {
  const cycle = async (side: SideName) => {
    const target = await stage.emptyTenant(side);
    return observe(stage, side, () =>
      stage.load.run({ order: 'cycle', target, people: cyclePeople, inFlight: IN_FLIGHT }),
    );
  };
  const pairs: Pair[] = [];
  for (let n = 0; n < cyclePairs; n += 1) {
    pairs.push({ bare: await cycle('bare'), service: await cycle('service') });
  }
  return pairs;
}

async function observe(stage: Stage, side: SideName, work: () => Promise<Measured>): Promise<Observed> {
  const { pid, applicationName } = stage.sides[side];
  await peakMemory(pid);
  const before = await treeUsage(pid);
  const backendsBefore = await backendUsage(stage.owner, applicationName);
  const measured = await work();
  const after = await treeUsage(pid);
  const backendsAfter = await backendUsage(stage.owner, applicationName);
  return {
    measured,
    perSecond: measured.count / measured.seconds,
    cpuMs: spent(before, after),
    postgresMs: spent(backendsBefore, backendsAfter),
    peakMemory: await peakMemory(pid),
  };
}

export function figuresOf(name: string, pairs: readonly Pair[]): CaseFigures {
  const ratios = pairs.map(({ service, bare }) => service.perSecond / bare.perSecond);
  return { name, service: sideOf(pairs, 'service'), bare: sideOf(pairs, 'bare'), ratio: median(ratios), ratios };
}

function sideOf(pairs: readonly Pair[], side: SideName): SideFigures {
  const windows = pairs.map((pair) => pair[side]);
  const latencies = windows.flatMap(({ measured }) => Object.values(measured.latencies).flat());
  const count = sum(windows.map(({ measured }) => measured.count));
  return {
    perSecond: median(windows.map(({ perSecond }) => perSecond)),
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
    cpuMicros: (sum(windows.map(({ cpuMs }) => cpuMs)) * 1000) / count,
    postgresMicros: (sum(windows.map(({ postgresMs }) => postgresMs)) * 1000) / count,
    peakMemory: Math.max(...windows.map((window) => window.peakMemory)),
    bytes: windows.at(-1)?.measured.bytes ?? 0,
  };
}

/** Median milliseconds of one kind of request, in each pair. */
export const typicalMs = (pairs: readonly Pair[], side: SideName, kind: string): readonly number[] =>
  pairs.map((pair) => median(pair[side].measured.latencies[kind] ?? []));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
