// One run from its beginning to its report: cycles and looks at both sides, in any order.
import { type Connected } from './connect.js';
import { isEnabled } from './organisation/organisation.js';
import { runPhase } from './cycle/workers.js';
import { personTask } from './cycle/people.js';
import { managerIdOf, managerTask } from './cycle/references.js';
import { type CycleEnd, type CycleKind, ending, runCycle } from './cycle/runCycle.js';
import { testConnection } from './cycle/testConnection.js';
import { type CycleReport, reportOf, type RunReport, speedOf } from './report/report.js';
import { compare } from './verify/compare.js';
import { type Verdict, type Witness } from './verify/difference.js';
import { type GraphqlConnection, graphqlTestimony } from './verify/graphqlTestimony.js';
import { scimTestimony } from './verify/scimTestimony.js';
import { type Testimony } from './verify/shown.js';

export interface Session {
  readonly job: Connected;
  /** A cycle that takes so many simulated minutes. */
  cycle(kind: CycleKind, minutes?: number): Promise<CycleEnd>;
  /** Looks at both sides; the report says why when that was not possible. */
  verify(): Promise<void>;
  /** Provisions one person at once, as Entra's "Provision on demand" does. */
  onDemand(objectId: string): Promise<CycleEnd>;
  report(): RunReport;
}

export interface SessionWanted {
  readonly job: Connected;
  readonly command: string;
  /** The second witness. */
  readonly graphql?: GraphqlConnection;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export function openSession({ job, command, graphql, settings = {} }: SessionWanted): Session {
  const startedAt = new Date();
  const cycles: CycleReport[] = [];
  const verdicts: Verdict[] = [];
  const looked: { hindrance?: string } = {};
  const counted = async (kind: CycleKind, work: () => Promise<CycleEnd>): Promise<CycleEnd> => {
    const before = job.meter.figures();
    const started = performance.now();
    const end = await work();
    cycles.push({ ...cycleReport(job, before), kind, end, seconds: (performance.now() - started) / 1000 });
    return end;
  };
  const { tenantUrl } = job.client;
  return {
    job,
    cycle: (kind, minutes) => counted(kind, () => runCycle(job, kind, minutes)),
    onDemand: (objectId) => counted('incremental', () => ending(() => onDemand(job, objectId))),
    async verify() {
      verdicts.length = 0;
      delete looked.hindrance;
      const end = await ending(() => lookByAll(job, graphql, verdicts));
      if (end.kind === 'completed') noteDifferences(cycles, verdicts);
      else looked.hindrance = end.why;
    },
    report: () =>
      reportOf({
        command,
        tenantUrl,
        startedAt,
        settings,
        state: job.state,
        figures: job.meter.figures(),
        cycles,
        verdicts,
        ...looked,
      }),
  };
}

async function lookByAll(job: Connected, graphql: GraphqlConnection | undefined, verdicts: Verdict[]): Promise<void> {
  for (const [witness, testimony] of testimonies(job, graphql)) verdicts.push(await look(job, witness, testimony));
}

/** With the cycle after which somebody looked. */
function noteDifferences(cycles: CycleReport[], verdicts: readonly Verdict[]): void {
  const last = cycles.pop();
  const differences = verdicts.reduce((sum, one) => sum + one.differences.length, 0);
  if (last) cycles.push({ ...last, differences });
}

const testimonies = (job: Connected, graphql?: GraphqlConnection): readonly [Witness, Testimony][] => [
  ['SCIM', scimTestimony(job.client)],
  ...(graphql ? [['GraphQL', graphqlTestimony(graphql)] as [Witness, Testimony]] : []),
];

type Figures = ReturnType<Connected['meter']['figures']>;

function cycleReport({ state, meter }: Connected, before: Figures) {
  const after = meter.figures();
  const failed = (figures: Figures) => figures.phases.reduce((sum, one) => sum + one.failed, 0);
  const people = [...state.organisation.people.values()];
  return {
    cycle: state.cycles,
    requests: speedOf(after.phases).requests - speedOf(before.phases).requests,
    failed: failed(after) - failed(before),
    people: people.length,
    enabled: people.filter(isEnabled).length,
  };
}

async function look(job: Connected, witness: Witness, testimony: Testimony): Promise<Verdict> {
  const { meter, watcher, state } = job;
  const phase = `verify by ${witness}`;
  meter.begin(phase);
  watcher.phase(phase, state.links.size + state.groupLinks.size);
  try {
    return await compare(state, witness, testimony, () => {
      meter.object();
      watcher.object();
    });
  } finally {
    meter.end();
  }
}

/** Entra does not honour the flag of the dialect here. */
async function onDemand(job: Connected, objectId: string): Promise<void> {
  const plain = { ...job, dialect: 'default' } as const;
  const person = job.state.organisation.people.get(objectId);
  if (!person) return;
  await testConnection(plain);
  await runPhase(plain, { name: 'people', references: false }, [personTask(plain, person)]);
  const link = job.state.links.get(objectId);
  const manager = managerIdOf(job.state, person);
  if (!link || manager === undefined || link.manager === manager) return;
  await runPhase(plain, { name: 'managers', references: true }, [managerTask(plain, person, link, manager)]);
}
