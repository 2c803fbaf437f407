// The Unix socket of an embedded server: a folder that only PostgreSQL's account and root can enter, and the
// connection URL through it.
import { existsSync } from 'node:fs';
import { lstat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { giveTo, isRoot } from './embeddedAccount.js';
import { mkdirIfMissing, rootFolder, type Home } from './embeddedHome.js';

export const PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${PORT}`;
/** What the shortest system (macOS) takes in a socket's address. */
const MAX_PATH_BYTES = 103;
const SHORT_PREFIX = 'speakup-';

/**
 * Where the socket of a running server is; undefined when that cannot be known. `recorded`, what the server itself has
 * written down, is asked only where it must be: a fixed place is right under another mount path, and in a copy, too.
 */
export async function findSocketFolder(home: Home, recorded: string | undefined): Promise<string | undefined> {
  return (await fixedFolder(home)) ?? recorded;
}

/** The folder for the socket of a server that is about to start. `recorded` is where the last one was, if known. */
export async function makeSocketFolder(home: Home, recorded: string | undefined): Promise<string> {
  const fixed = await fixedFolder(home);
  if (fixed !== undefined) return makePrivate(fixed, home);
  if (recorded !== undefined && fits(recorded) && (await isPrivate(recorded, home))) return recorded;
  // An unguessable name: in a folder that everybody may write to, a predictable one could be taken before us.
  const short = [tmpdir(), '/tmp'].find((folder) => fits(join(folder, `${SHORT_PREFIX}123456`)));
  return mkdtemp(join(short ?? '/tmp', SHORT_PREFIX));
}

/** Removes the folder of a server that has stopped when it is a temporary one. */
export async function removeSocketFolder(folder: string, home: Home): Promise<void> {
  const temporary = [tmpdir(), '/tmp'].includes(dirname(folder)) && (await isPrivate(folder, home));
  if (temporary) await rm(folder, { recursive: true, force: true });
}

/** The lock file PostgreSQL keeps beside its socket. */
export const socketLockFile = (folder: string): string => join(folder, `${SOCKET_NAME}.lock`);

/**
 * A URL for `pg` and libpq: both take the socket's folder from `host` in the query. The `localhost` is there for
 * parsers that insist on a host; `sslmode` because PGSSLMODE in the environment would ask for TLS on the socket.
 */
export const socketUrl = (folder: string, password: string, database: string): string =>
  `postgresql://postgres:${password}@localhost/${database}?host=${folder}&port=${PORT}&sslmode=disable`;

/** Short enough, and without any character that needs quoting in a URL, a shell or PostgreSQL's list of folders. */
const fits = (folder: string): boolean =>
  Buffer.byteLength(join(folder, SOCKET_NAME)) <= MAX_PATH_BYTES && /^[\w./-]+$/.test(folder);

/** In the home, or for root in its own folder; undefined for an ordinary user under a long or unusual path. */
async function fixedFolder(home: Home): Promise<string | undefined> {
  const beside = join(home.directory, 'socket');
  if (fits(beside)) return beside;
  return isRoot() ? join(await rootFolder(home.key), 'socket') : undefined;
}

/** For places whose parent folder is ours: what is there and is not as it must be is replaced. */
async function makePrivate(folder: string, home: Home): Promise<string> {
  if (existsSync(folder) && !(await isPrivate(folder, home))) await rm(folder, { recursive: true });
  if (await mkdirIfMissing(folder, 0o700)) await giveTo(folder, home.account);
  if (!(await isPrivate(folder, home))) throw new Error(`${folder} must be a folder of ${home.account.name} alone.`);
  return folder;
}

async function isPrivate(folder: string, { account }: Home): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const found = await lstat(folder);
  return found.isDirectory() && found.uid === account.uid && (found.mode & 0o077) === 0;
}
