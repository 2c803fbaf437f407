// The child processes: the service as `npm start` runs it, the bare program, the load generator, the command line.
import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { glob, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { freePort } from '../../scripts/freePort.js';
import { type BareSettings } from './bare.js';
import { type Order, type Report } from './load.js';
import { type Measured } from './meter.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Program {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

export interface Load {
  run(order: Order): Promise<Measured>;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUN = join(ROOT, 'scripts/run.mjs');
/** What the programs of the benchmark are made of. */
const OURS = ['test/bench', 'src/simulator'];

/** Compiles them, so that nothing translates them while they run. Returns their folder. */
export async function compilePrograms(): Promise<string> {
  const folder = join(ROOT, 'dist', `bench-${process.pid}`);
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, isolatedModules: true };
  for await (const name of glob(
    OURS.map((room) => `${room}/**/*.ts`),
    { cwd: ROOT },
  )) {
    const target = join(folder, name.replace(/ts$/, 'js'));
    await mkdir(dirname(target), { recursive: true });
    const source = await readFile(join(ROOT, name), 'utf8');
    await writeFile(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  return folder;
}

/** Starts the service with its log in a file, and waits until it is ready. `profile`: a folder for its CPU profile. */
export async function startService(environment: Environment, logFile: string, profile?: string): Promise<Program> {
  const port = await freePort();
  const log = await open(logFile, 'a');
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  // The script replaces the shell by the service: their process id is the same.
  const child = spawn('/bin/sh', ['-c', scripts.start], {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
      ...(profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profile}` }),
      ...environment,
      PORT: String(port),
    },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true;
  for (const deadline = Date.now() + 120_000; !(await ready()); await sleep(100)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    throw new Error(`The service did not start:\n${await readFile(logFile, 'utf8')}`);
  }
  return { pid: child.pid ?? 0, port, stop: () => ended(child) };
}

export async function startBare(folder: string, settings: BareSettings): Promise<Program> {
  const child = fork(join(folder, 'test/bench/bare.js'), { execArgv: [] });
  child.send(settings);
  const { port } = await nextMessage<{ port: number }>(child);
  return { pid: child.pid ?? 0, port, stop: () => ended(child) };
}

export function startLoad(folder: string): Load {
  const child = fork(join(folder, 'test/bench/load.js'), { execArgv: [], serialization: 'advanced' });
  return {
    async run(order) {
      child.send(order);
      const report = await nextMessage<Report>(child);
      if ('error' in report) throw new Error(report.error);
      return report.done;
    },
    stop: () => ended(child),
  };
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `npm run cli -- integration create`: the integration, and its tenant. */
export const createIntegration = (environment: Environment, tenant: string): Promise<Credentials> =>
  command(environment, 'integration create', ['--tenant', tenant, '--name', 'Benchmark', '--users-and-groups', 'full']);

/** `npm run cli -- token create`: a person's token. */
export async function personToken(environment: Environment, tenant: string, role: string): Promise<string> {
  const { accessToken } = await command<{ accessToken: string }>(environment, 'token create', [
    '--tenant',
    tenant,
    '--role',
    role,
  ]);
  return accessToken;
}

/** What a command of the command line answers to programs. */
async function command<T>(environment: Environment, name: string, options: readonly string[]): Promise<T> {
  const args = [RUN, 'cli/index.js', ...name.split(' '), ...options, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...environment } });
  return JSON.parse(stdout) as T;
}

function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`A program of the benchmark ended with ${code}`));
    child.once('exit', gone).once('message', (message) => {
      child.off('exit', gone);
      resolve(message as T);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

export const removePrograms = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
