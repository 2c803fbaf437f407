// Where an embedded database lives: in the data folder or, for root with a folder that PostgreSQL's account cannot
// reach, in a folder of root's under /var/lib named by the data folder's path.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, lstat, mkdir, open, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canReach, giveTo, isRoot, ownAccount, ownerOf, serverAccount, type Account } from './embeddedAccount.js';

export interface Home {
  /** Holds `cluster`, `socket`, `server.log`, `password` and the locks. */
  readonly directory: string;
  /** PostgreSQL's own data directory. */
  readonly cluster: string;
  /** Who PostgreSQL runs as. */
  readonly account: Account;
  /** 16 hexadecimal digits that stand for this database on this machine. */
  readonly key: string;
}

const ROOT_FOLDER = '/var/lib/speakup-directory';

/**
 * Finds the home of the database of `dataDir`, making the folders when they are missing. A database that is there is
 * always found again: reachability decides only where a new one goes.
 */
export async function findHome(dataDir: string, log: (message: string) => void): Promise<Home> {
  const own = ownAccount();
  await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
  const data = await realpath(dataDir);
  return isRoot() ? homeForRoot(data, log) : homeForUser(data, own);
}

/** A folder of root's own for the database `key`, where no other user can have put anything. Only root can make it. */
export async function rootFolder(key: string): Promise<string> {
  const folder = join(ROOT_FOLDER, key);
  for (const path of [ROOT_FOLDER, folder]) {
    await mkdirIfMissing(path, 0o711);
    const { uid, mode } = await lstat(path);
    if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${path} must belong to root and be writable by root only.`);
  }
  return folder;
}

/** Refuses a home that the account has lost its way to: a new database elsewhere would look as if all data were gone. */
export async function assertReachable({ account, directory }: Home): Promise<void> {
  if (await canReach(account, directory)) return;
  throw new Error(
    `PostgreSQL runs as user "${account.name}", which cannot reach the database in ${directory}: allow it to pass the folders above (chmod o+x).`,
  );
}

/** The database superuser's password: made once, whole or not at all, in a file that only our own user reads. */
export async function readPassword({ directory }: Home): Promise<string> {
  const file = join(directory, 'password');
  if (!existsSync(file)) {
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
    await giveTo(draft, await stat(directory));
    // A link, not a rename: it does not replace a password that is already in use.
    await link(draft, file);
    await rm(draft);
    await syncFolder(directory);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Makes a new name in `folder` survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder of exactly that mode, whatever the umask, and says whether it is new. */
export async function mkdirIfMissing(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    await chmod(path, mode);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function homeForUser(data: string, own: Account): Promise<Home> {
  const directory = join(data, 'postgres');
  await mkdirIfMissing(directory, 0o700);
  const owner = await ownerOf(directory);
  if (owner !== own.uid) {
    throw new Error(
      `The database in ${directory} belongs to uid ${owner}, this process runs as uid ${own.uid}: run as its owner, or choose another DATA_DIR.`,
    );
  }
  return home(data, directory, own);
}

async function homeForRoot(data: string, log: (message: string) => void): Promise<Home> {
  const inside = join(data, 'postgres');
  const account = await serverAccount([join(inside, 'cluster'), inside, data]);
  if (existsSync(join(inside, 'cluster'))) return home(data, inside, account);
  const outside = join(ROOT_FOLDER, keyOf(data));
  if (!existsSync(join(outside, 'cluster')) && (await canReach(account, data))) {
    // As a service account's, the home is root's: that account is not to change our locks and password.
    const isNew = await mkdirIfMissing(inside, 0o711);
    if (isNew && (await ownerOf(data)) === account.uid) await giveTo(inside, account);
    return home(data, inside, account);
  }
  await rootFolder(keyOf(data));
  log(
    `The database is in ${outside}: PostgreSQL does not run as root, and user "${account.name}", which it runs as instead, could not reach ${data}.`,
  );
  return home(data, outside, await serverAccount([join(outside, 'cluster')]));
}

async function home(data: string, place: string, account: Account): Promise<Home> {
  // PostgreSQL writes down real paths, also where `postgres` is a link to another disk.
  const directory = await realpath(place);
  return { directory, cluster: join(directory, 'cluster'), account, key: keyOf(data) };
}

const keyOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16);
