// The speed that must be reached, and whether it was.
import { median, type CaseFigures, type Verdict } from './figures.js';
import { typicalMs, type Pair } from './measure.js';
import { type Plan } from './plans.js';

/** The least share of the bare program's rate. */
const LEAST_RATIO: Readonly<Record<string, number>> = {
  get: 0.5,
  filter: 0.5,
  create: 0.4,
  department: 0.4,
  'first cycle': 0.4,
  'list by index': 0.5,
  'list by cursor': 0.5,
  'people over GraphQL': 0.35,
};
/** The least share of its rate in a small tenant that a request has in a large one. */
const LEAST_BY_TENANT = 0.9;
/** What adding one to the biggest group may cost, in what it costs with the smallest. */
const MOST_BY_SIZE = 1.3;
const MOST_MEMORY_MIB = 250;

export function rateVerdicts(cases: readonly CaseFigures[]): Verdict[] {
  return cases.flatMap(({ name, sides: [, against], ratio }) => {
    const least = LEAST_RATIO[name];
    if (least === undefined || against.side !== 'bare') return [];
    const target = `${name}: at least ${least} of the bare program's rate`;
    return [{ target, figure: ratio.toFixed(2), met: ratio >= least }];
  });
}

/** The large tenant against the small one. */
export function tenantVerdicts(cases: readonly CaseFigures[]): Verdict[] {
  return cases
    .filter(({ sides: [first] }) => first.side === 'large')
    .map(({ name, ratio }) => ({
      target: `${name} in the large tenant: at least ${LEAST_BY_TENANT} of its rate in the small one`,
      figure: ratio.toFixed(2),
      met: ratio >= LEAST_BY_TENANT,
    }));
}

/** Adding to a group of 100 000 against adding to one of 10, pair by pair. */
export function sizeVerdict(small: readonly Pair[], big: readonly Pair[]): Verdict {
  const smallMs = typicalMs(small, 'service', 'add');
  const bigMs = typicalMs(big, 'service', 'add');
  const times = median(bigMs.map((ms, n) => ms / (smallMs[n] ?? Infinity)));
  const shown = `${times.toFixed(2)} (${median(bigMs).toFixed(2)} ms against ${median(smallMs).toFixed(2)} ms)`;
  const target = `adding one to a group of 100 000: at most ${MOST_BY_SIZE} times adding one to a group of 10`;
  return { target, figure: shown, met: times <= MOST_BY_SIZE };
}

export function memoryVerdict(peakMemory: number): Verdict {
  const target = `memory of the node process: under ${MOST_MEMORY_MIB} MiB`;
  return { target, figure: `${peakMemory.toFixed(0)} MiB`, met: peakMemory < MOST_MEMORY_MIB };
}

/** `where`: in which tenant. */
export function planVerdict(where: string, plans: readonly Plan[]): Verdict {
  const faulty = plans.filter(({ isHot, faults }) => isHot && faults.length > 0).map(({ title }) => title);
  const target = `hot statements ${where}: by an index, none reads a tenant or a group`;
  return { target, figure: faulty.length > 0 ? faulty.join(', ') : 'all', met: faulty.length === 0 };
}
