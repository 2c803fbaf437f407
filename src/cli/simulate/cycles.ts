// simulate initial, cycle, chaos, life: whole cycles of Entra ID.
import { type Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { openChange } from '../../simulator/churn/change.js';
import { type Rates, scaled, USUAL_RATES } from '../../simulator/churn/rates.js';
import { type Session } from '../../simulator/session.js';
import { DEAD_TOKENS, withChaos } from './chaos.js';
import { share, speed, type Speed, whole } from './options.js';
import { ending } from './outcome.js';
import { run, type RunOptions, withRun } from './run.js';

const ORGANISATION = ['--organisation <file>', 'what "simulate organisation" wrote; needed the first time'] as const;

/** Adds the commands. */
export function simulateCycles(parent: Command): void {
  const initial = parent
    .command('initial')
    .description(
      'The first cycle, and each after "Restart provisioning": everybody is matched, then made or patched; references last.',
    );
  withChaos(withRun(initial.option(...ORGANISATION))).action(ending(runInitial));
  const cycle = parent
    .command('cycle')
    .description('Changes the organisation, and runs the cycle that follows forty minutes later.')
    .option('--count <number>', 'so many cycles', whole(1, 100_000), 1);
  withChaos(withRun(withRates(cycle))).action(ending((options: CycleOptions) => runCycles('cycle', options)));
  const chaos = parent
    .command('chaos')
    .description(
      'A cycle on a bad line: answers get lost, requests are cut, late and doubled, tokens die. Then looks at both sides.',
    )
    .option('--count <number>', 'so many cycles', whole(1, 100_000), 1);
  withChaos(withRun(withRates(chaos)), { drop: 0.01, slow: 0.05, duplicate: 0.01, killToken: DEAD_TOKENS }).action(
    ending((options: CycleOptions) => runCycles('chaos', { ...options, verify: true })),
  );
  const life = parent
    .command('life')
    .description('Many cycles, faster than in life. The rates are for a day.')
    .option('--days <number>', 'how long', whole(1, 3650), 30)
    .option('--verify-at-end', 'look at both sides once, after the last cycle; --verify looks after each')
    .option('--speed <ratio>', 'a cycle every so often, in so much real time', speed, speed('40m=2s'))
    .option(...ORGANISATION);
  withChaos(withRun(withRates(life))).action(ending(runLife));
}

const withRates = (command: Command): Command =>
  command
    .option('--joiners <share>', 'new people', share, USUAL_RATES.joiners)
    .option('--movers <share>', 'people with another department, title, place and manager', share, USUAL_RATES.movers)
    .option('--leavers <share>', 'people who leave; after 30 days they are deleted', share, USUAL_RATES.leavers)
    .option('--returners <share>', 'people who come back', share, USUAL_RATES.returners)
    .option('--renames <share>', 'people with another name', share, USUAL_RATES.renames)
    .option('--group-churn <share>', 'memberships that end, and that begin', share, USUAL_RATES.groupChurn);

const runInitial = (options: RunOptions): Promise<void> =>
  run('initial', options, async (session) => void (await session.cycle('initial')));

interface CycleOptions extends RunOptions, Rates {
  readonly count: number;
}

const runCycles = (command: string, options: CycleOptions): Promise<void> =>
  run(command, options, async (session) => {
    const change = await openChange(session.job.state);
    for (let n = 0; n < options.count; n += 1) {
      change(options);
      if (!(await goesOn(session, options, n + 1 < options.count))) return;
    }
  });

interface LifeOptions extends RunOptions, Rates {
  readonly days: number;
  readonly verifyAtEnd?: boolean;
  readonly speed: Speed;
}

const runLife = (options: LifeOptions): Promise<void> =>
  run('life', options, async (session, interrupted) => {
    await live(session, options, interrupted);
    if (options.verifyAtEnd && !options.verify) await session.verify();
  });

/** Ends early when a cycle does not come to its end. */
async function live(session: Session, options: LifeOptions, signal: AbortSignal): Promise<void> {
  const { state } = session.job;
  const { interval, seconds } = options.speed;
  const change = await openChange(state);
  const rates = scaled(options, interval / DAY);
  if (state.cycles === 0 && (await session.cycle('initial', interval)).kind !== 'completed') return;
  const end = state.clock + options.days * DAY;
  while (state.clock < end) {
    const next = performance.now() + seconds * 1000;
    change(rates);
    if (!(await goesOn(session, options, state.clock + interval < end, interval))) return;
    // Interrupted: the next cycle stops before its first request, and says so.
    await sleep(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
  }
}

/** In minutes. */
const DAY = 24 * 60;

/** A cycle, and a look at both sides where more of them follow: after the last one it is looked anyway. */
async function goesOn(session: Session, { verify }: RunOptions, more: boolean, minutes?: number): Promise<boolean> {
  const { kind } = await session.cycle('incremental', minutes);
  if (kind === 'stopped') return false;
  if (verify && more) await session.verify();
  return true;
}
