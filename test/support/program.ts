// Programs as people start them: real child processes through npm, with an environment of their own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/freePort.js';
import { type Environment } from '../../src/config.js';
import { projectRoot } from '../../src/projectRoot.js';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

const started = new Set<ChildProcess>();

/** Kills what a failed test has left running, with everything it started. */
export async function killPrograms(): Promise<void> {
  const left = [...started];
  const ended = left.map((child) => once(child, 'close'));
  for (const { pid } of left) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  await Promise.all(ended);
}

/** Runs `npm run --silent cli -- …` to its end. */
export function cli(args: readonly string[], environment: Environment): Promise<Ended> {
  return runToEnd(['run', '--silent', 'cli', '--', ...args], environment);
}

/** Runs `npm start` to its end: for starts that fail. */
export const startToEnd = (environment: Environment): Promise<Ended> => runToEnd(['start', '--silent'], environment);

/** Runs `npm start` on a free port until it listens. `where` finds in its log where that is, for those that choose a port. */
export async function startProgram(
  environment: Environment,
  where?: (said: string) => string | undefined,
): Promise<RunningProgram> {
  const port = await freePort();
  const child = npm(['start', '--silent'], { PORT: String(port), ...environment });
  const written = collect(child);
  const url = () => (where ? where(written.stdout) : `http://127.0.0.1:${port}`);
  const ended = once(child, 'close').then(() => child.exitCode);
  while (!(await answers(`${url() ?? NOWHERE}/livez`))) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}: ${written.stderr}`);
    await sleep(25);
  }
  return { url: url() ?? NOWHERE, child, output: () => written.stdout + written.stderr, ended };
}

/** Nobody answers there. */
const NOWHERE = 'http://127.0.0.1:1';

/** Waits until /readyz says 200. */
export async function untilReady({ url, child }: RunningProgram): Promise<void> {
  while ((await statusOf(`${url}/readyz`)) !== 200) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
    await sleep(50);
  }
}

/** The status of a GET; undefined when nobody listens. */
export async function statusOf(url: string): Promise<number | undefined> {
  return fetch(url).then(
    ({ status }) => status,
    () => undefined,
  );
}

async function runToEnd(args: readonly string[], environment: Environment): Promise<Ended> {
  const child = npm(args, environment);
  const written = collect(child);
  await once(child, 'close');
  return { code: child.exitCode, ...written };
}

function npm(args: readonly string[], environment: Environment): ChildProcess {
  const { PATH, HOME } = process.env;
  // In a process group of its own, so that it can be killed as a whole.
  const child = spawn('npm', args, { cwd: projectRoot(), env: { PATH, HOME, ...environment }, detached: true });
  started.add(child);
  child.once('close', () => started.delete(child));
  return child;
}

function collect({ stdout, stderr }: ChildProcess) {
  const written = { stdout: '', stderr: '' };
  stdout?.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  stderr?.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  return written;
}

const answers = async (url: string): Promise<boolean> => (await statusOf(url)) !== undefined;
