// What all commands that send something have in common: target, bounds, bad line, state file, progress and report.
import { type Command } from 'commander';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { environmentOfProcess } from '../../config.js';
import { EXIT, type ExitCode } from '../../exit.js';
import { connect, type JobWanted } from '../../simulator/connect.js';
import { type Job, USUAL } from '../../simulator/cycle/job.js';
import { newState, readState, type State, writeState } from '../../simulator/cycle/state.js';
import { assertWritable, readOrganisation } from '../../simulator/organisation/file.js';
import { reportPage } from '../../simulator/report/page.js';
import { type RunReport } from '../../simulator/report/report.js';
import { reportInWords } from '../../simulator/report/words.js';
import { MATCHING, type Matching } from '../../simulator/scim/mapping.js';
import { DIALECTS } from '../../simulator/scim/messages.js';
import { openSession, type Session } from '../../simulator/session.js';
import { SimulatorError } from '../../simulator/simulatorError.js';
import { dryTransport } from '../../simulator/wire/dryTransport.js';
import { chaosFrom, type ChaosOptions } from './chaos.js';
import { graphqlFrom, type GraphqlOptions, withGraphql } from './graphql.js';
import { collect, duration, oneOf, someOf, whole } from './options.js';
import { lineProgress, listProgress, type Progress } from './progress.js';
import { type TargetOptions, targetFrom, withTarget } from './target.js';

export interface RunOptions extends TargetOptions, GraphqlOptions, ChaosOptions {
  readonly state: string;
  readonly organisation?: string;
  readonly dialect?: Job['dialect'];
  readonly match: readonly Matching[];
  readonly inFlight: number;
  readonly batch: number;
  readonly allowHost: readonly string[];
  readonly maxRequests?: number;
  readonly maxTime?: number;
  readonly dryRun?: boolean;
  readonly verify?: boolean;
  readonly json?: boolean;
  readonly html?: string;
}

/** Adds the options of a command that sends something. */
export const withRun = (command: Command): Command =>
  withGraphql(withTarget(command))
    .option('--state <file>', 'what is remembered between runs', 'simulation.json')
    .option('--dialect <name>', `of PATCH: ${DIALECTS.join(', ')}; else by the flag in the tenant URL`, oneOf(DIALECTS))
    .option('--match <attributes>', 'by what people are matched, in order', matching, USUAL.matching)
    .option('--in-flight <number>', 'requests at the same time', whole(1, 256), USUAL.inFlight)
    .option('--batch <number>', 'members in one PATCH', whole(1, 1000), USUAL.batch)
    .option('--allow-host <host>', 'a host beyond this machine that may be written to; again for more', collect, [])
    .option('--max-requests <number>', 'end after so many', whole(1, 999_999_999))
    .option('--max-time <time>', 'end after so long, such as 10m', duration)
    .option('--dry-run', 'print the requests instead of sending them, and remember nothing')
    .option('--verify', 'look at both sides afterwards')
    .option('--json', 'print the report as one JSON object and nothing else')
    .option('--html <file>', 'write the report as a page to look at');

const matching = someOf(Object.keys(MATCHING) as Matching[]);

/** `interrupted`: nobody wants to wait any more. */
export type Work = (session: Session, interrupted: AbortSignal) => Promise<void>;

/** Runs the work with everything around it; what it did is remembered however it ends. */
export async function run(command: string, options: RunOptions, work: Work): Promise<void> {
  // Before anything is sent: what was done could not be remembered.
  for (const file of [options.state, options.html ?? options.state]) await assertWritable(file);
  const state = await stateFrom(options);
  const progress = await progressFor(options);
  const interrupted = interruption();
  const job = connect(await wantedFrom(options, state, progress, interrupted));
  const graphql = await graphqlFrom(options, job, environmentOfProcess());
  const session = openSession({ job, command, settings: settingsOf(options), ...(graphql ? { graphql } : {}) });
  try {
    await work(session, interrupted);
    if (options.verify && !options.dryRun) await session.verify();
  } finally {
    job.close();
    await progress.end();
    if (!options.dryRun) await writeState(options.state, state);
  }
  if (!options.dryRun) await show(session.report(), options);
}

/** Ctrl-C ends the run in order; twice, at once. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  // Not `once`: whoever shows the cursor again on a signal ends the process when nobody else listens any more.
  process.on('SIGINT', () => (interrupted.signal.aborted ? process.exit(EXIT.failed) : interrupted.abort()));
  return interrupted.signal;
}

/** The state of before; else a new one of the organisation. Refuses (wrong usage) when there is neither. */
async function stateFrom({ state, organisation }: Pick<RunOptions, 'state' | 'organisation'>): Promise<State> {
  if (existsSync(state)) return readState(state);
  if (organisation !== undefined) return newState(await readOrganisation(organisation));
  throw new SimulatorError(
    'wrongUsage',
    `There is no ${state} yet. Make an organisation ("simulate organisation --out org.json") and begin with "simulate initial --organisation org.json".`,
  );
}

async function wantedFrom(
  options: RunOptions,
  state: State,
  watcher: Progress,
  signal: AbortSignal,
): Promise<JobWanted> {
  const { allowHost, maxRequests, maxTime, dialect, match, inFlight, batch, dryRun } = options;
  const chaos = chaosFrom(options);
  return {
    target: await targetFrom(options, environmentOfProcess()),
    state,
    watcher,
    matching: match,
    inFlight,
    batch,
    bounds: {
      allowHosts: allowHost,
      signal,
      ...(maxRequests === undefined ? {} : { maxRequests }),
      ...(maxTime === undefined ? {} : { maxSeconds: maxTime }),
    },
    ...(dialect ? { dialect } : {}),
    ...(chaos ? { chaos } : {}),
    ...(dryRun ? { transport: dryTransport(state, (line) => console.log(line)) } : {}),
  };
}

const progressFor = ({ json, dryRun }: RunOptions): Promise<Progress> | Progress =>
  process.stdout.isTTY && !json && !dryRun ? listProgress() : lineProgress((line) => console.error(line));

const settingsOf = (options: RunOptions) => {
  const { match, inFlight, batch, dialect = 'as the tenant URL says' } = options;
  return { dialect, match, inFlight, batch, chaos: chaosFrom(options) ?? 'none' };
};

async function show(report: RunReport, { json, html }: RunOptions): Promise<void> {
  process.exitCode = exitCodeOf(report);
  if (html !== undefined) await writeFile(html, reportPage(report));
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `\n${reportInWords(report, process.stdout.columns)}\n`);
  if (html !== undefined) console.error(`The page is ${html}.`);
}

/** Differences first: they are what somebody looks for. */
export function exitCodeOf({ converged, cycles, refusals, hindrance }: RunReport): ExitCode {
  if (converged === false) return EXIT.differencesFound;
  if (hindrance !== undefined) return EXIT.failed;
  return refusals.length > 0 || cycles.some(({ end }) => end.kind !== 'completed') ? EXIT.failed : EXIT.done;
}
