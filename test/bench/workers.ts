// `npm run bench -- workers`: WORKERS=2 beside WORKERS=1, on the same database and taking turns. What two can be faster by
// is what one leaves of the machine, and that is measured with it: the targets are shares of it. The control sends
// everything over one connection, which one worker serves: the other must be seen to do nothing.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { median, tableOf, verdictLine, type CaseFigures, type Verdict } from './figures.js';
import { aTenant, machineOf, setGround, type Closers, type Ground, type Settings, type Side } from './ground.js';
import { crowdOf, populateCrowds } from './lists/population.js';
import { figuresOf, FULL, QUICK, takeTurns, type Contender, type Extent } from './measure.js';
import { personToken, startLoad, startService, type Load } from './programs.js';
import { type CaseName } from './requests.js';
import { peakMemory, spent, treeUsage, type Usage } from './usage.js';

const PEOPLE = 10_000;
/** What Entra sends, and the request that costs Node most beside what it costs PostgreSQL. */
const CASES: readonly CaseName[] = ['get', 'filter', 'create', 'department', 'people over GraphQL'];
/** Two must not be slower than one, noise aside, and take half of the room that one leaves. */
const LEAST_RATIO = 0.9;
const LEAST_OF_ROOM = 0.5;
/** Of what both workers do: connections are dealt out in turn. */
const LEAST_SHARE = 0.3;
const MOST_OF_CONTROL = 0.1;
/** Of what a request costs the processes of one, the primary and its handing over included. */
const MOST_CPU = 1.3;
const MOST_MEMORY_MIB = 250;
const CONTROL_SECONDS = 2;

/** What was seen beside the rates, window by window. */
interface Watched {
  /** How much of the machine was at work. */
  readonly busy: number[];
  /** The lesser worker's share of what both did. */
  readonly shares: number[];
}

interface Scene {
  readonly ground: Ground;
  readonly sides: Readonly<Record<'two' | 'one', Side>>;
  readonly contender: (who: 'two' | 'one', name: CaseName, watched: Watched) => Contender;
}

export interface WorkersFigures {
  readonly cases: readonly CaseFigures[];
  readonly lines: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/** Measures, and says what was measured. */
export async function benchWorkers(
  quick: boolean,
  say: (text: string) => void,
  settings: Settings,
  closers: Closers,
): Promise<WorkersFigures> {
  const scene = await setScene(settings, closers);
  say(await machineOf(scene.ground));
  const [cases, lines, verdicts]: [CaseFigures[], string[], Verdict[]] = [[], [], []];
  for (const name of CASES) {
    settings.say(`measuring ${name}`);
    const { figures, room, share } = await measureCase(scene, name, quick ? QUICK : FULL);
    cases.push(figures);
    lines.push(`${name}: one leaves room for ${room.toFixed(2)}; the lesser of two workers did ${percent(share)}`);
    verdicts.push(...verdictsOf(figures, room, share));
  }
  verdicts.push(await control(scene), ...(await memory(scene, lines)));
  say(`\n${tableOf(cases)}\n`);
  lines.forEach(say);
  verdicts.forEach((verdict) => say(verdictLine(verdict)));
  return { cases, lines, verdicts };
}

async function setScene(settings: Settings, closers: Closers): Promise<Scene> {
  const ground = await setGround(settings, closers);
  const tenant = await aTenant(ground);
  settings.say(`populating a tenant with ${PEOPLE} people, and starting the service with two workers`);
  await populateCrowds(ground.owner, new Map([[tenant.id, PEOPLE]]));
  const { people } = await crowdOf(ground.owner, tenant.id, PEOPLE);
  const two = await startService({ ...ground.environment, WORKERS: '2' }, join(ground.logFile, '..', 'two.log'));
  closers.push(() => two.stop());
  const load = startLoad(ground.programs);
  closers.push(() => load.stop());
  await load.run({ order: 'subject', subject: { people, outsiders: [], groups: {}, places: [] } });
  const sides = { one: ground.service, two: { ...two, applicationName: ground.service.applicationName } };
  const person = `Authorization: Bearer ${await personToken(ground.environment, tenant.slug, 'frontend')}\r\n`;
  return {
    ground,
    sides,
    contender: (who, name, watched) => {
      const port = sides[who].port;
      const target =
        name === 'people over GraphQL'
          ? { ...tenant.target, port, headers: person, contentType: 'application/json' }
          : { ...tenant.target, port };
      return { side: sides[who], target, load: watching(load, sides[who], watched) };
    },
  };
}

async function measureCase({ ground, contender }: Scene, name: CaseName, extent: Extent) {
  const watched = { one: newWatched(), two: newWatched() };
  const contenders = { two: contender('two', name, watched.two), one: contender('one', name, watched.one) };
  // Two processes come to speed later than one.
  const warm = { ...extent, warmUpSeconds: 2 * extent.warmUpSeconds };
  const pairs = await takeTurns(ground.owner, contenders, [name], warm);
  const figures = figuresOf(name, pairs.get(name) ?? [], ['two', 'one']);
  return { figures, room: Math.min(2, 1 / median(watched.one.busy)), share: median(watched.two.shares) };
}

function verdictsOf({ name, ratio, sides: [two, one] }: CaseFigures, room: number, share: number): Verdict[] {
  const least = LEAST_RATIO + LEAST_OF_ROOM * (room - 1);
  const cpu = two.cpuMicros / one.cpuMicros;
  return [
    {
      target: `${name}: at least ${least.toFixed(2)} of the rate of one (room for ${room.toFixed(2)})`,
      figure: ratio.toFixed(2),
      met: ratio >= least,
    },
    {
      target: `${name}: each worker does at least ${percent(LEAST_SHARE)}`,
      figure: percent(share),
      met: share >= LEAST_SHARE,
    },
    {
      target: `${name}: CPU of a request at most ${MOST_CPU} times that with one`,
      figure: cpu.toFixed(2),
      met: cpu <= MOST_CPU,
    },
  ];
}

/** One connection: its requests all go to one worker. */
async function control({ contender }: Scene): Promise<Verdict> {
  const watched = newWatched();
  const { load, target } = contender('two', 'get', watched);
  await load.run({ order: 'window', target, name: 'get', salt: 'control', seconds: CONTROL_SECONDS, inFlight: 1 });
  const share = median(watched.shares);
  const expected = `control: over one connection the other worker does at most ${percent(MOST_OF_CONTROL)}`;
  return { target: expected, figure: percent(share), met: share <= MOST_OF_CONTROL };
}

/** The most that each process held since it began. */
async function memory({ sides }: Scene, lines: string[]): Promise<Verdict[]> {
  const held = async (pids: readonly number[]) => Promise.all(pids.map(peakMemory));
  const workers = await held(await workersOf(sides.two));
  const [primary = 0, one = 0] = await held([sides.two.pid, sides.one.pid]);
  const shown = workers.map((mib) => `${mib.toFixed(0)} MiB`).join(' and ');
  lines.push(
    `memory in the last window: one ${one.toFixed(0)} MiB; two: primary ${primary.toFixed(0)} MiB, workers ${shown} since they began`,
  );
  const most = Math.max(...workers);
  const target = `memory of each worker: under ${MOST_MEMORY_MIB} MiB`;
  return [{ target, figure: shown, met: workers.length === 2 && most < MOST_MEMORY_MIB }];
}

/** Looks at the machine and at the workers while load is run. */
const watching = (load: Load, side: Side, { busy, shares }: Watched): Load => ({
  ...load,
  async run(order) {
    const [machine, used] = [cpuTimes(), await treeUsage(side.pid)];
    const measured = await load.run(order);
    const [later, after] = [cpuTimes(), await treeUsage(side.pid)];
    busy.push(1 - (later.idle - machine.idle) / (later.all - machine.all));
    const did = (await workersOf(side)).map((pid) => spent(only(pid, used), only(pid, after)));
    if (did.length > 0) shares.push(Math.min(...did) / did.reduce((sum, ms) => sum + ms, 0));
    return measured;
  },
});

const newWatched = (): Watched => ({ busy: [], shares: [] });

const only = (pid: number, usage: Usage): Usage => new Map([...usage].filter(([one]) => one === pid));

const workersOf = async ({ pid }: Side): Promise<number[]> =>
  [...(await treeUsage(pid)).keys()].filter((one) => one !== pid);

function cpuTimes(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((each) => Object.values(each))) };
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
