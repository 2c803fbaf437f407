// simulate test-connection: what Entra's button does, one check after the other, each with the cause when it fails.
import { type Command } from 'commander';
import { environmentOfProcess } from '../../config.js';
import { EXIT } from '../../exit.js';
import { connect } from '../../simulator/connect.js';
import { ending as endOf } from '../../simulator/cycle/runCycle.js';
import { newState } from '../../simulator/cycle/state.js';
import { testConnection } from '../../simulator/cycle/testConnection.js';
import { type Organisation } from '../../simulator/organisation/organisation.js';
import { print } from '../print.js';
import { collect } from './options.js';
import { ending } from './outcome.js';
import { type TargetOptions, targetFrom, withTarget } from './target.js';

interface Options extends TargetOptions {
  readonly allowHost: readonly string[];
  readonly json?: boolean;
}

/** Adds the command. */
export function simulateConnection(parent: Command): void {
  withTarget(parent.command('test-connection'))
    .description('What "Test connection" does: asks for a token, then for a person and a group that cannot exist.')
    .option('--allow-host <host>', 'a host beyond this machine that may be asked; again for more', collect, [])
    .option('--json', 'print one JSON value and nothing else')
    .action(ending(test));
}

interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly why?: string;
}

const NOBODY: Organisation = { seed: 0, locales: [], domain: '', people: new Map(), groups: new Map() };

async function test(options: Options): Promise<void> {
  const target = await targetFrom(options, environmentOfProcess());
  const job = connect({ target, state: newState(NOBODY), bounds: { allowHosts: options.allowHost } });
  const checks: Check[] = [];
  const check = async (name: string, work: () => Promise<unknown>) => {
    const end = await endOf(async () => void (await work()));
    checks.push({ check: name, ok: end.kind === 'completed', ...(end.kind === 'completed' ? {} : { why: end.why }) });
    return end.kind === 'completed';
  };
  try {
    const hasToken = await check('a token', () => job.tokens.token());
    if (hasToken) await check('nobody is found by a name nobody has', () => testConnection(job));
  } finally {
    job.close();
  }
  const ok = checks.every((one) => one.ok);
  if (!ok) process.exitCode = EXIT.failed;
  const words = checks.map((one) => `${one.ok ? 'ok     ' : 'FAILED '} ${one.check}${one.why ? `: ${one.why}` : ''}`);
  print(options.json, { ok, checks }, words.join('\n'));
}
