// Measures: each case in windows that alternate between two that are compared (the service and the bare program, a large
// tenant and a small one), so that whatever else the machine does meets both.
import { type Client } from 'pg';
import { type Target } from './client.js';
import { median, quantile, type CaseFigures, type SideFigures } from './figures.js';
import { type Side } from './ground.js';
import { type Measured } from './meter.js';
import { type Load } from './programs.js';
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

/** Windows of two that are compared, one after the other. */
export type Pair<Name extends string = SideName> = Readonly<Record<Name, Observed>>;

/** Who takes turns. */
export interface Contender {
  readonly side: Side;
  readonly target: Target;
  /** Knows whom its requests are about. */
  readonly load: Load;
}

/** The pairs of each case. Cases given together take turns too, and can be compared with each other. */
export const measureCases = (
  { owner, sides, load, target }: Stage,
  names: readonly CaseName[],
  extent: Extent,
): Promise<ReadonlyMap<CaseName, readonly Pair[]>> =>
  takeTurns(
    owner,
    {
      service: { side: sides.service, target: target('service'), load },
      bare: { side: sides.bare, target: target('bare'), load },
    },
    names,
    extent,
  );

/** The same of any contenders. */
export async function takeTurns<Name extends string>(
  owner: Client,
  contenders: Readonly<Record<Name, Contender>>,
  names: readonly CaseName[],
  { pairs, seconds, warmUpSeconds }: Extent,
): Promise<ReadonlyMap<CaseName, readonly Pair<Name>[]>> {
  const window = (who: Name, name: CaseName, round: number) => {
    const { side, target, load } = contenders[who];
    const order = { order: 'window', target, name, seconds: round === 0 ? warmUpSeconds : seconds } as const;
    return observe(owner, side, () =>
      load.run({ ...order, salt: `${name}.${who}.${round}`, inFlight: inFlightOf(name) }),
    );
  };
  const observed = new Map<CaseName, Pair<Name>[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= pairs; round += 1) {
    for (const name of names) {
      const pair: Partial<Record<Name, Observed>> = {};
      for (const who of Object.keys(contenders) as Name[]) pair[who] = await window(who, name, round);
      if (round > 0) observed.get(name)?.push(pair as Pair<Name>);
    }
  }
  return observed;
}

/** First cycles, each in an empty tenant. */
export async function measureCycles(stage: Stage, { cyclePairs, cyclePeople }: Extent): Promise<readonly Pair[]> {
  const cycle = async (side: SideName) => {
    const target = await stage.emptyTenant(side);
    return observe(stage.owner, stage.sides[side], () =>
      stage.load.run({ order: 'cycle', target, people: cyclePeople, inFlight: IN_FLIGHT }),
    );
  };
  const pairs: Pair[] = [];
  for (let n = 0; n < cyclePairs; n += 1) {
    pairs.push({ bare: await cycle('bare'), service: await cycle('service') });
  }
  return pairs;
}

async function observe(
  owner: Client,
  { pid, applicationName }: Side,
  work: () => Promise<Measured>,
): Promise<Observed> {
  await peakMemory(pid);
  const before = await treeUsage(pid);
  const backendsBefore = await backendUsage(owner, applicationName);
  const measured = await work();
  const after = await treeUsage(pid);
  const backendsAfter = await backendUsage(owner, applicationName);
  return {
    measured,
    perSecond: measured.count / measured.seconds,
    cpuMs: spent(before, after),
    postgresMs: spent(backendsBefore, backendsAfter),
    peakMemory: await peakMemory(pid),
  };
}

/** The first of the names by the second. */
export function figuresOf<Name extends string>(
  name: string,
  pairs: readonly Pair<Name>[],
  names: readonly [Name, Name],
): CaseFigures {
  const [first, second] = names;
  const ratios = pairs.map((pair) => pair[first].perSecond / pair[second].perSecond);
  return { name, sides: [sideOf(pairs, first), sideOf(pairs, second)], ratio: median(ratios), ratios };
}

function sideOf<Name extends string>(pairs: readonly Pair<Name>[], side: Name): SideFigures {
  const windows = pairs.map((pair) => pair[side]);
  const latencies = windows.flatMap(({ measured }) => Object.values(measured.latencies).flat());
  const count = sum(windows.map(({ measured }) => measured.count));
  return {
    side,
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
export const typicalMs = <Name extends string>(
  pairs: readonly Pair<Name>[],
  side: Name,
  kind: string,
): readonly number[] => pairs.map((pair) => median(pair[side].measured.latencies[kind] ?? []));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
