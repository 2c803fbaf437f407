// One PostgreSQL server over one home: made, found running, started (after crashes too), stopped. Everything here
// happens under the home's start lock.
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveTo, runAs } from './embeddedAccount.js';
import { removeLeftovers, usableBinaries } from './embeddedBinaries.js';
import { assertReachable, readPassword, syncFolder, type Home } from './embeddedHome.js';
import { logLinesSince, logSize, prepareLog, SERVER_LOG } from './embeddedLog.js';
import { askServer, ensureDatabase } from './embeddedProbe.js';
import { isServerAlive, lockFileOwner, readPostmasterFile, serverMark } from './embeddedProcess.js';
import {
  findSocketFolder,
  makeSocketFolder,
  PORT,
  removeSocketFolder,
  socketLockFile,
  socketUrl,
} from './embeddedSocket.js';

const DATABASE = 'directory';
const START_SECONDS = 60;
const STOP_SECONDS = 60;

/** What a start may meet for a moment after a crash: the old server's last processes, or one that is just stopping. */
const PASSING =
  /lock file "[^"]+" already exists|pre-existing shared memory block|could not (create|bind).*socket|server did not start in time/i;

/** The URL of the home's database, with its server running: found so, or made and started. */
export async function ensureRunning(home: Home, log: (message: string) => void): Promise<string> {
  const password = await readPassword(home);
  const url = (await findRunning(home, password)) ?? (await startServer(home, password, log));
  await ensureDatabase(url('postgres'), DATABASE);
  return url(DATABASE);
}

/** Stops the home's server, if one runs, as `pg_ctl stop -m fast` does; returns when its process is gone. */
export async function stopServer(home: Home): Promise<void> {
  const found = await readPostmasterFile(home.cluster);
  if (found === undefined || !(await isServerAlive(home, found.pid))) return;
  const seen = await logSize(home);
  process.kill(found.pid, 'SIGINT');
  const deadline = Date.now() + STOP_SECONDS * 1000;
  while (await isServerAlive(home, found.pid)) {
    if (Date.now() > deadline) {
      throw new Error(`PostgreSQL did not stop within ${STOP_SECONDS} s.\n${await logLinesSince(home, seen)}`);
    }
    await sleep(10);
  }
  await removeSocketFolder(found.socketFolder, home);
}

type UrlOf = (database: string) => string;

async function findRunning(home: Home, password: string): Promise<UrlOf | undefined> {
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const recorded = await readPostmasterFile(home.cluster);
    const folder = await findSocketFolder(home, recorded?.socketFolder);
    if (folder === undefined) return undefined;
    const url: UrlOf = (database) => socketUrl(folder, password, database);
    const state = await askServer(url('postgres'));
    if (state === 'ready') return url;
    // Starting: whoever began it was killed; the server itself goes on, in its own session.
    if (state === 'absent' || Date.now() > deadline) return undefined;
    await sleep(50);
  }
}

async function startServer(home: Home, password: string, log: (message: string) => void): Promise<UrlOf> {
  await assertReachable(home);
  const binaries = await usableBinaries(home, log);
  await removeLeftovers(home, binaries);
  if (!existsSync(home.cluster)) {
    log(`Making a new database in ${home.directory}.`);
    await makeCluster(home, binaries, password);
  }
  await prepareLog(home);
  const recorded = await readPostmasterFile(home.cluster);
  const folder = await makeSocketFolder(home, recorded?.socketFolder);

  const deadline = Date.now() + START_SECONDS * 1000;
  const seen = await logSize(home);
  for (;;) {
    await removeStaleLockFiles(home, folder);
    const failure = await tryStart(home, binaries, folder);
    if (failure === undefined) return (database) => socketUrl(folder, password, database);
    const running = await findRunning(home, password);
    if (running) return running;
    if (!PASSING.test(failure) || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start in ${home.directory}.\n${await logLinesSince(home, seen, failure)}`);
    }
    await sleep(200);
  }
}

/** One attempt; returns what went wrong. */
async function tryStart(home: Home, binaries: string, socketFolder: string): Promise<string | undefined> {
  const settings = [
    ['listen_addresses', ''],
    ['port', PORT],
    ['unix_socket_directories', socketFolder],
    ['unix_socket_permissions', '0700'],
    ['fsync', 'on'],
    ['log_destination', 'stderr'],
    ['logging_collector', 'off'],
    // Its errors name keys and statements, and so people: what went wrong is in the service's own log, without them.
    ['log_error_verbosity', 'terse'],
    ['log_min_error_statement', 'panic'],
    ['log_parameter_max_length', '0'],
    ['log_parameter_max_length_on_error', '0'],
    ['cluster_name', serverMark(home)],
  ];
  const options = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const seen = await logSize(home);
  // Relative paths: pg_ctl puts them into a shell command without quoting what a shell would expand.
  const args = ['start', '-w', '-t', `${START_SECONDS}`, '-s', '-D', 'cluster', '-l', SERVER_LOG, '-o', options];
  const { code, output } = await runAs(home.account, join(binaries, 'bin', 'pg_ctl'), args, home.directory);
  return code === 0 ? undefined : `${output}\n${await logLinesSince(home, seen)}`;
}

/**
 * PostgreSQL takes a lock file for valid when its process id is alive, whoever that is: after a container's restart,
 * or when nobody collects dead processes, it would refuse for ever. Its check of the shared memory still stands.
 */
async function removeStaleLockFiles(home: Home, socketFolder: string): Promise<void> {
  for (const file of [join(home.cluster, 'postmaster.pid'), socketLockFile(socketFolder)]) {
    const pid = await lockFileOwner(file);
    if (pid !== undefined && !(await isServerAlive(home, pid))) await rm(file, { force: true });
  }
}

/** initdb in a folder of its own and one rename: a start that is killed half-way leaves nothing that looks finished. */
async function makeCluster(home: Home, binaries: string, password: string): Promise<void> {
  const draft = await mkdtemp(join(home.directory, 'initdb-'));
  await writeFile(join(draft, 'password'), password, { mode: 0o600 });
  await giveTo(join(draft, 'password'), home.account);
  await giveTo(draft, home.account);
  // builtin C.UTF-8 sorts by code point everywhere alike; a collation of the system would change with its updates.
  const args = ['-D', 'cluster', '-U', 'postgres', '--pwfile=password', '--auth=scram-sha-256', '--encoding=UTF8'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const tuning = ['--set=shared_buffers=128MB', '--set=max_connections=200'];
  const all = [...args, ...locale, ...tuning];
  const { code, output } = await runAs(home.account, join(binaries, 'bin', 'initdb'), all, draft);
  if (code !== 0) {
    await rm(draft, { recursive: true });
    const anonymous = output.includes('could not look up effective user ID')
      ? `\nPostgreSQL needs a line for uid ${home.account.uid} in /etc/passwd: add one, start as another user, or set DATABASE_URL.`
      : '';
    throw new Error(`PostgreSQL could not make a database in ${home.directory}.\n${output.trim()}${anonymous}`);
  }
  await rename(join(draft, 'cluster'), home.cluster);
  await syncFolder(home.directory);
  await rm(draft, { recursive: true });
}
