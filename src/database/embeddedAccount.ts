// The system account the embedded PostgreSQL runs under: our own or, because PostgreSQL refuses root, another one;
// and commands run as that account.
import { spawn } from 'node:child_process';
import { lchown, readFile, stat } from 'node:fs/promises';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Outcome {
  /** The exit code; -1 when the command could not be started or was killed. */
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

// Nothing of our own environment: PGDATA, PGOPTIONS, a locale or a time zone would change what is made. The tools'
// messages stay in English, where the launcher looks for some of them.
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The account of this process. Refuses systems without user ids, where there are no Unix sockets for us either. */
export function ownAccount(): Account {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new Error('The embedded PostgreSQL needs Linux or macOS here: set DATABASE_URL to a PostgreSQL of your own.');
  }
  return { name: `uid ${uid}`, uid, gid };
}

/**
 * For root: the owner of the first of `places` that belongs to somebody else, so that a database stays its owner's;
 * else `postgres`, else `nobody`. Owners without a line in /etc/passwd do not count: initdb refuses them.
 */
export async function serverAccount(places: readonly string[]): Promise<Account> {
  const known = await accounts();
  for (const place of places) {
    const owner = await ownerOf(place);
    const account = known.find(({ uid }) => uid === owner && uid !== 0);
    if (account) return account;
  }
  const account = known.find(({ name }) => name === 'postgres') ?? known.find(({ name }) => name === 'nobody');
  if (account) return account;
  throw new Error(
    'PostgreSQL does not run as root, and /etc/passwd has neither "postgres" nor "nobody": start as another user, or set DATABASE_URL.',
  );
}

/** The uid that owns `path`; undefined when there is nothing. */
export async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).uid;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes `account` the owner of a file or folder that root has just made; other users cannot give anything away. */
export async function giveTo(path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  if (isRoot()) await lchown(path, uid, gid);
}

/** Runs a command as `account` in a session of its own, so that a Ctrl-C in our terminal does not reach it. */
export function runAs(account: Account, command: string, args: readonly string[], cwd = '/'): Promise<Outcome> {
  return new Promise((resolve) => {
    const identity = isRoot() ? { uid: account.uid, gid: account.gid } : {};
    const child = spawn(command, args, {
      ...identity,
      cwd,
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Whether `account` gets into `folder`: tried, because modes alone leave out access lists and security modules. */
export async function canReach(account: Account, folder: string): Promise<boolean> {
  const { code } = await runAs(account, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
  return code === 0;
}

async function accounts(): Promise<readonly Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  return lines
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
