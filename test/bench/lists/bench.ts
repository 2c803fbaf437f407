// `npm run bench -- lists`: a tenant of a million people. Paging by cursor, filters, the hot requests against a small
// tenant, and pages against the bare program.
import { tableOf, verdictLine, type CaseFigures, type Verdict } from '../figures.js';
import { machineOf, type Closers, type Settings } from '../ground.js';
import { figuresOf, FULL, QUICK, takeTurns, type Extent } from '../measure.js';
import { printPlan, type Plan } from '../plans.js';
import { type CaseName } from '../requests.js';
import { toBareProgram } from '../stage.js';
import { memoryVerdict, rateVerdicts, tenantVerdicts } from '../verdicts.js';
import { explainFilters, filterLines, filterVerdicts } from './filters.js';
import { measurePaging, ORDERS, pagingLines, pagingVerdicts, walk, type Paging, type Walk } from './paging.js';
import { setListStage, type ListStage, type Populated } from './stage.js';

export interface ListFigures {
  readonly machine: string;
  readonly extent: ListExtent;
  readonly plans: readonly Plan[];
  readonly pagings: readonly Paging[];
  readonly walked: Walk;
  readonly cases: readonly CaseFigures[];
  readonly verdicts: readonly Verdict[];
}

export interface ListExtent extends Extent {
  readonly people: number;
  readonly rounds: number;
}

export const FULL_LISTS: ListExtent = { ...FULL, people: 1_000_000, rounds: 40 };
export const QUICK_LISTS: ListExtent = { ...QUICK, people: 100_000, rounds: 15 };

/** Measures, and says what was measured. */
export async function benchLists(
  extent: ListExtent,
  say: (text: string) => void,
  settings: Settings,
  closers: Closers,
): Promise<ListFigures> {
  const stage = await setListStage(extent.people, settings, closers);
  const { ground, large } = stage;
  const machine = await machineOf(ground);
  say(machine);
  const plans = await explainFilters(ground.pool, large.actor, large.somebody);
  plans.forEach((plan) => say(printPlan(plan)));
  settings.say('walking the large tenant');
  const pagings: Paging[] = [];
  for (const sortBy of ORDERS) pagings.push(await measurePaging(ground, large, sortBy, extent.rounds));
  const walked = await walk(large.target);
  settings.say('measuring pages of a hundred, then the large tenant against the small one');
  const cases = [...(await measurePages(stage, extent)), ...(await measureTenants(stage, extent))];
  const verdicts = [
    ...pagingVerdicts(pagings),
    ...filterVerdicts(plans),
    ...tenantVerdicts(cases),
    ...rateVerdicts(cases),
    memoryVerdict(Math.max(...cases.map(({ sides: [first] }) => first.peakMemory))),
  ];
  for (const line of [...filterLines(plans), ...pagingLines(pagings, walked)]) say(line);
  say(`\n${tableOf(cases)}\n`);
  for (const verdict of verdicts) say(verdictLine(verdict));
  return { machine, extent, plans, pagings, walked, cases, verdicts };
}

/** The service against the bare program. */
async function measurePages(
  { ground, large, small, bare }: ListStage,
  extent: Extent,
): Promise<readonly CaseFigures[]> {
  const measured = async (name: CaseName, { target, load }: Populated) => {
    const sides = {
      service: { side: ground.service, target, load },
      bare: { side: bare, target: toBareProgram(target, bare), load },
    };
    const pairs = await takeTurns(ground.owner, sides, [name], extent);
    return figuresOf(name, pairs.get(name) ?? [], ['service', 'bare']);
  };
  return [await measured('list by index', small), await measured('list by cursor', large)];
}

/** The large tenant against the small one; what writes comes last. */
async function measureTenants({ ground, large, small }: ListStage, extent: Extent): Promise<readonly CaseFigures[]> {
  const tenants = {
    large: { side: ground.service, target: large.target, load: large.load },
    small: { side: ground.service, target: small.target, load: small.load },
  };
  const cases: CaseFigures[] = [];
  for (const name of ['get', 'filter', 'department', 'create'] as const) {
    const pairs = await takeTurns(ground.owner, tenants, [name], extent);
    cases.push(figuresOf(name, pairs.get(name) ?? [], ['large', 'small']));
  }
  return cases;
}
