// Files of personal data: readable by their owner only, whole or not there at all, and never over another file.
import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { syncFolder } from '../database/embeddedHome.js';
import { Refusal } from '../refusal.js';

/** Writes pages of lines, through `through` if given. Refuses a file that is there, or a folder that is not. */
export async function writePrivateFile(
  path: string,
  pages: AsyncIterable<readonly string[]>,
  through: readonly Duplex[] = [],
): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw new Refusal('invalidValue', `The file cannot be written: ${(error as Error).message}`);
  });
  try {
    await pipeline([Readable.from(textOf(pages)), ...through, file.createWriteStream({ flush: true })]);
    // A link, not a rename: it replaces nothing.
    await link(draft, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new Refusal('invalidValue', `${path} is there already: name another file, or remove it.`);
    });
    await syncFolder(dirname(path));
  } finally {
    await rm(draft, { force: true });
  }
}

async function* textOf(pages: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const lines of pages) yield `${lines.join('\n')}\n`;
}
