// `npm run bench [-- --quick] [-- <case> …] [-- --json] [-- --profile <folder>]`: the service beside a bare program that
// sends the same statements. docs/benchmark.md says what the figures mean. Exit code 1 when a target is missed.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, tableOf, verdictLine, type CaseFigures, type Verdict } from './figures.js';
import { figuresOf, FULL, measureCases, measureCycles, QUICK, typicalMs, type Extent, type Pair } from './measure.js';
import { plansOf, printPlan, type Plan } from './plans.js';
import { machineOf, type Closers } from './ground.js';
import { benchGraphql, FULL_GRAPHQL, QUICK_GRAPHQL } from './graphql/bench.js';
import { benchFairness, benchOverload } from './load/bench.js';
import { benchLists, FULL_LISTS, QUICK_LISTS } from './lists/bench.js';
import { CASES, type CaseName } from './requests.js';
import { benchRevocation } from './revocation.js';
import { setStage, type Stage } from './stage.js';
import { benchWorkers } from './workers.js';
import { memoryVerdict, planVerdict, rateVerdicts, sizeVerdict } from './verdicts.js';

const MOST_MINUTES = 10;
/** What a tenant of a million people may take besides. */
const MOST_MINUTES_OF_LISTS = 15;
const STEP_MS = 30_000;
const USUAL = [...CASES, 'cycle', 'plans'] as const;
const ALL = [...USUAL, 'lists', 'graphql', 'revocation', 'workers', 'fairness', 'overload'] as const;
type Part = (typeof ALL)[number];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, profile: { type: 'string' } },
});
const unknown = positionals.filter((name) => !ALL.some((part) => part === name));
if (unknown.length > 0) {
  console.error(`There is no case ${unknown.join(', ')}. Cases: ${ALL.join(', ')}.`);
  process.exit(2);
}
const say = (text: string): void => (options.json ? console.error(text) : console.log(text));

const wanted = new Set<Part>(positionals.length > 0 ? (positionals as Part[]) : USUAL);
const closers: Closers = [];
const minutes = MOST_MINUTES + (wanted.has('lists') ? MOST_MINUTES_OF_LISTS : 0);
const watchdog = setTimeout(() => void abandon(`stopped after ${minutes} minutes`), minutes * 60_000);
process.once('SIGINT', () => void abandon('interrupted')).once('SIGTERM', () => void abandon('interrupted'));
try {
  const settings = { profile: options.profile, say: (message: string) => say(`… ${message}`) };
  const usual = USUAL.some((part) => wanted.has(part)) ? await bench(await setStage(settings, closers)) : undefined;
  await close();
  const extent = options.quick ? QUICK_LISTS : FULL_LISTS;
  const lists = wanted.has('lists') ? await benchLists(extent, say, settings, closers) : undefined;
  await close();
  const graphql = wanted.has('graphql')
    ? await benchGraphql(options.quick ? QUICK_GRAPHQL : FULL_GRAPHQL, say, settings, closers)
    : undefined;
  await close();
  const revocation = wanted.has('revocation') ? await benchRevocation(say, closers) : undefined;
  await close();
  const workers = wanted.has('workers')
    ? await benchWorkers(options.quick === true, say, settings, closers)
    : undefined;
  await close();
  const fairness = wanted.has('fairness') ? await benchFairness(say, closers) : undefined;
  await close();
  const overload = wanted.has('overload') ? await benchOverload(say, closers) : undefined;
  const rooms = {
    ...(lists && { lists }),
    ...(graphql && { graphql }),
    ...(revocation && { revocation }),
    ...(workers && { workers }),
    ...(fairness && { fairness }),
    ...(overload && { overload }),
  };
  if (options.json) console.log(JSON.stringify({ ...usual, ...rooms }, null, 2));
  const parts = [usual, lists, graphql, revocation, workers, fairness, overload];
  const verdicts = parts.flatMap((part) => part?.verdicts ?? []);
  process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1;
} finally {
  clearTimeout(watchdog);
  await close();
}

async function bench(stage: Stage) {
  const extent = options.quick ? QUICK : FULL;
  const machine = await machineOf(stage);
  say(machine);
  const plans = wanted.has('plans') ? await explainAll(stage) : {};
  const pairs = await measure(stage, extent);
  const cases = [...pairs].map(([name, measured]) => figuresOf(name, measured, ['service', 'bare']));
  const verdicts = verdictsOf(pairs, cases, plans);
  if (cases.length > 0) say(`\n${tableOf(cases)}\n`);
  for (const line of memberTimes(pairs)) say(line);
  for (const verdict of verdicts) say(verdictLine(verdict));
  return { machine, extent, cases, members: memberTimes(pairs), plans, verdicts };
}

/** The pairs of everything asked for, in the order of the table. */
async function measure(stage: Stage, extent: Extent): Promise<Map<string, readonly Pair[]>> {
  const pairs = new Map<string, readonly Pair[]>();
  const names = CASES.filter((name) => wanted.has(name));
  const isMembers = (name: CaseName) => name.startsWith('members');
  // The sizes of groups are compared with each other: they take turns.
  const rounds = [...names.filter((name) => !isMembers(name)).map((name) => [name]), names.filter(isMembers)];
  for (const round of rounds.filter(({ length }) => length > 0)) {
    say(`… measuring ${round.join(', ')}`);
    for (const [name, measured] of await measureCases(stage, round, extent)) pairs.set(name, measured);
  }
  if (wanted.has('cycle')) {
    if (names.length === 0) await measureCases(stage, ['filter', 'create', 'department'], { ...extent, pairs: 0 });
    say(`… measuring the first cycle of ${extent.cyclePeople} people`);
    pairs.set('first cycle', await measureCycles(stage, extent));
  }
  return pairs;
}

function verdictsOf(
  pairs: ReadonlyMap<string, readonly Pair[]>,
  cases: readonly CaseFigures[],
  plans: Plans,
): readonly Verdict[] {
  const small = pairs.get('members-10');
  const big = pairs.get('members-100000');
  return [
    ...rateVerdicts(cases),
    ...(small && big ? [sizeVerdict(small, big)] : []),
    ...(cases.length > 0 ? [memoryVerdict(Math.max(...cases.map(({ sides: [service] }) => service.peakMemory)))] : []),
    ...Object.entries(plans).map(([where, explained]) => planVerdict(where, explained)),
  ];
}

function memberTimes(pairs: ReadonlyMap<string, readonly Pair[]>): readonly string[] {
  return [...pairs].flatMap(([name, measured]) => {
    if (!name.startsWith('members')) return [];
    const ms = (side: 'service' | 'bare', kind: string) => median(typicalMs(measured, side, kind)).toFixed(2);
    return [
      `${name}: add ${ms('service', 'add')} ms (bare ${ms('bare', 'add')}), remove ${ms('service', 'remove')} ms (bare ${ms('bare', 'remove')})`,
    ];
  });
}

/** Plans, by where. */
type Plans = Readonly<Record<string, readonly Plan[]>>;

async function explainAll({ pool, actor, subject, unknown }: Stage): Promise<Plans> {
  const known = { ...subject, group: subject.groups[100_000] ?? '' };
  const plans: Plans = {
    // First, before PostgreSQL comes round to its statistics.
    'in a tenant the statistics do not know yet': await plansOf(pool, unknown.actor, unknown.subject),
    'in the large tenant': await plansOf(pool, actor, known),
  };
  if (options.json) return plans;
  for (const [where, explained] of Object.entries(plans)) {
    say(`\n══ Plans ${where}`);
    explained.forEach((plan) => say(printPlan(plan)));
  }
  return plans;
}

async function close(): Promise<void> {
  for (const step of closers.splice(0).reverse()) {
    // A step that hangs must not keep the others from being taken.
    const late = sleep(STEP_MS, undefined, { ref: false }).then(() =>
      Promise.reject(new Error('a step took too long')),
    );
    await Promise.race([step(), late]).catch((error: unknown) => console.error(`While stopping: ${String(error)}`));
  }
}

async function abandon(why: string): Promise<void> {
  console.error(`The benchmark was ${why}.`);
  await close();
  process.exit(1);
}
