// What the tests of the embedded database share: folders, processes of their own to kill, and a look at what runs.
import { expect } from 'chai';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { canReach, ownAccount, type Account } from '../../src/database/embeddedAccount.js';
import { packagedBinaries } from '../../src/database/embeddedBinaries.js';

const PROJECT = new URL('../..', import.meta.url).pathname;
export const IS_ROOT = process.getuid?.() === 0;
const folders: string[] = [];
const homes: string[] = [];
const original: string[] = [];
const copied: string[] = [];
export const children: ChildProcess[] = [];

/** A process that uses the database until a line comes on its standard input; scripts run in the project's folder. */
export const USER = `import { startEmbeddedPostgres } from './src/database/embedded.ts';
  const db = await startEmbeddedPostgres(process.argv[1], (message) => console.error(message));
  console.log(JSON.stringify({ url: db.url, directory: db.directory }));
  process.stdin.once('data', () => db.stop().then(() => process.exit()));`;

interface Answer {
  readonly url: string;
  readonly directory: string;
}

export async function start(data: string) {
  const messages: string[] = [];
  const db = await startEmbeddedPostgres(data, (message) => messages.push(message));
  // The socket's folder may be in a folder of its own under /var/lib.
  homes.push(db.directory, ...(IS_ROOT ? [dirname(socketFolder(db.url))] : []));
  return { ...db, messages };
}

/** Starts a script in a process group of its own. */
export function begin(script: string, argument: string, as?: OrdinaryUser) {
  const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', script, argument];
  const { project: cwd, ...identity } = as ?? { project: PROJECT };
  // The project brings its own Node.
  const node = process.execPath.replace(PROJECT, join(cwd, '/'));
  const child = spawn(node, args, { ...identity, cwd, detached: true, stdio: 'pipe' });
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close');
  const kill = async () => {
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  };
  const stop = async () => {
    child.stdin.end('stop\n');
    await ended;
    expect(child.exitCode, errors).to.equal(0);
  };
  return { output: () => output, errors: () => errors, hasEnded: () => child.exitCode !== null, kill, stop };
}

/** Runs a script until it has printed its answer. */
export async function run(script: string, argument: string, as?: OrdinaryUser) {
  const child = begin(script, argument, as);
  await until(() => child.output().includes('\n') || child.hasEnded());
  expect(child.output(), child.errors()).to.include('\n');
  const answer = JSON.parse(child.output()) as Answer;
  if (answer.directory) homes.push(answer.directory);
  return { ...child, answer };
}

/** A data folder with a stopped database that has one row: a copy, because making a database takes a second. */
export async function anEstablishedFolder(): Promise<string> {
  if (original.length === 0) {
    original.push(aFolder());
    folders.pop();
    const db = await start(original[0]!);
    await query(db.url, 'create table kept as select 1 as one');
    await db.stop();
    homes.splice(0);
  }
  const data = aFolder();
  execFileSync('cp', ['-a', home(original[0]!), data]);
  return data;
}

export async function withOneRow() {
  const data = await anEstablishedFolder();
  return { data, db: await start(data) };
}

export async function expectOneRow(data: string) {
  const db = await start(data);
  expect(await query(db.url, 'select one from kept')).to.deep.equal([{ one: 1 }]);
  await db.stop();
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A data folder that everybody may pass, unless told otherwise: mkdtemp's own mode would keep PostgreSQL's user out. */
export function aFolder(mode = 0o755): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'embedded-test-')));
  chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

/** A copy of this platform's package as `npm ci --ignore-scripts` leaves it. */
export function aPackage(): string {
  const packaged = packagedBinaries();
  const native = join(aFolder(), 'package', 'native');
  mkdirSync(dirname(native));
  cpSync(packaged, native, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
  cpSync(join(packaged, '..', 'package.json'), join(native, '..', 'package.json'));
  return native;
}

export interface OrdinaryUser {
  readonly uid: number;
  readonly gid: number;
  /** This project, where that user can read it. */
  readonly project: string;
}

/** For root the account `nobody`, with a copy of the project where it cannot reach this one; others are ordinary themselves. */
export async function anOrdinaryUser(): Promise<OrdinaryUser> {
  if (!IS_ROOT) return { ...ownAccount(), project: PROJECT };
  const nobody: Account = { name: 'nobody', uid: 65534, gid: 65534 };
  if (await canReach(nobody, PROJECT)) return { ...nobody, project: PROJECT };
  if (copied.length === 0) {
    copied.push(aFolder());
    folders.pop();
    const parts = ['package.json', 'tsconfig.json', 'src', 'node_modules'].map((part) => join(PROJECT, part));
    execFileSync('cp', ['-a', ...parts, copied[0]!]);
  }
  return { ...nobody, project: copied[0]! };
}

export const home = (data: string): string => join(data, 'postgres');
export const modeOf = (path: string): number => statSync(path).mode & 0o777;
export const socketFolder = (url: string): string => new URL(url).searchParams.get('host') ?? '';
export const fail = (message: string): never => expect.fail(message);

export async function rejection(promise: Promise<unknown>, part: string): Promise<void> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => String(error),
  );
  expect(outcome).to.include(part);
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition.toString()}`);
    await sleep(5);
  }
}

/** The PostgreSQL processes at work in a home, found by their working directory. */
export function serversOf(directory: string): number[] {
  const cluster = join(directory, 'cluster');
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && linkOf(`/proc/${pid}/cwd`) === cluster);
}

export const postmastersOf = (directory: string): number[] =>
  serversOf(directory).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('cluster_name='));

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    // Processes come and go, and some are not ours to look at.
    return String((error as NodeJS.ErrnoException).code);
  }
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function cleanUp() {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  const places = [...homes.splice(0), ...folders.map(home)];
  const left = places.flatMap(serversOf);
  left.forEach(killIfThere);
  await until(() => places.flatMap(serversOf).length === 0);
  removeSoon([...places, ...folders.splice(0)]);
}

export const forgetOriginal = (): void => removeSoon([...original.splice(0), ...copied.splice(0)]);

/** In the background: on a slow disk the removal of a cluster takes longer than making it. */
function removeSoon(paths: readonly string[]): void {
  spawn('rm', ['-rf', ...paths], { detached: true, stdio: 'ignore' }).unref();
}
