// The embedded server's own log file, and its last lines for error messages.
import { existsSync } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from './embeddedAccount.js';
import { type Home } from './embeddedHome.js';

/** The name of the log in the home. */
export const SERVER_LOG = 'server.log';
const ROTATE_BYTES = 10_000_000;
const LAST_LINES = 20;
const LAST_BYTES = 16_384;

/** Makes the log, PostgreSQL's account its owner; a log over 10 MB is put aside as `server.log.1`, replacing the last. */
export async function prepareLog({ directory, account }: Home): Promise<void> {
  const file = join(directory, SERVER_LOG);
  if (existsSync(file)) {
    const { size, uid } = await stat(file);
    if (size > ROTATE_BYTES) await rename(file, `${file}.1`);
    else if (uid !== account.uid) await rm(file);
    else return;
  }
  await writeFile(file, '', { mode: 0o600, flag: 'wx' });
  await giveTo(file, account);
}

/** The log's size in bytes: a place to read on from. */
export async function logSize({ directory }: Home): Promise<number> {
  const file = join(directory, SERVER_LOG);
  return existsSync(file) ? (await stat(file)).size : 0;
}

/** The last 20 lines (at most 16 KiB) written after byte `from`; `otherwise` when there are none. */
export async function logLinesSince(home: Home, from: number, otherwise = ''): Promise<string> {
  const end = await logSize(home);
  const start = Math.max(from, end - LAST_BYTES);
  if (end <= start) return otherwise;
  const handle = await open(join(home.directory, SERVER_LOG));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').trim().split('\n');
    return lines.slice(-LAST_LINES).join('\n');
  } finally {
    await handle.close();
  }
}
