// Which process is the server of a home: PostgreSQL's lock files name a process id, which after a crash may be
// anybody's.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Home } from './embeddedHome.js';

export interface PostmasterFile {
  readonly pid: number;
  /** The folder of the server's socket. */
  readonly socketFolder: string;
}

/** What the home's server carries as `cluster_name`, so on the command line of each of its processes. */
export const serverMark = ({ directory }: Home): string =>
  `speakup-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;

/**
 * What a server says of itself in `postmaster.pid`; undefined when there is none, it is not complete yet, or it came
 * with a copy of another data folder.
 */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const lines = await linesOf(join(cluster, 'postmaster.pid'));
  const pid = Number(lines?.[0]);
  const socketFolder = lines?.[4];
  return pid > 0 && lines?.[1] === cluster && socketFolder ? { pid, socketFolder } : undefined;
}

/** The process id in a lock file of PostgreSQL; undefined when there is no such file. */
export async function lockFileOwner(file: string): Promise<number | undefined> {
  const lines = await linesOf(file);
  return lines === undefined ? undefined : Number(lines[0]);
}

/**
 * Whether process `pid` is this home's server. On Linux its command line tells, readable for every user and empty for
 * a dead process that nobody has collected; elsewhere every live process with that id is taken for it.
 */
export async function isServerAlive(home: Home, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const [commandLine] = (await linesOf(`/proc/${pid}/cmdline`)) ?? [];
  return commandLine !== undefined && commandLine.includes(serverMark(home));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    if (code === 'EPERM') return true;
    throw error;
  }
}

async function linesOf(file: string): Promise<string[] | undefined> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch (error) {
    // ESRCH: the process ended while /proc was being read.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
