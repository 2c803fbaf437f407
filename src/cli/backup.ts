// backup: the whole embedded database in one file, while the service runs or not.
import { type Command } from 'commander';
import { createGzip } from 'node:zlib';
import { configFromProcess } from '../config.js';
import { backupOf } from '../database/backup.js';
import { asOwner, withOwnersUrl } from '../database/owner.js';
import { createLog } from '../operation/logging.js';
import { Refusal } from '../refusal.js';
import { jsonOption } from './options.js';
import { print } from './print.js';
import { writePrivateFile } from './privateFile.js';

/** Adds the command. */
export function backup(parent: Command): void {
  parent
    .command('backup')
    .description('Writes the embedded database into a file that only you can read; the service may run meanwhile.')
    .requiredOption('--out <file>', 'the file; it must not be there yet')
    .addOption(jsonOption())
    .action(write);
}

async function write({ out, json }: { readonly out: string; readonly json?: boolean }): Promise<void> {
  const config = configFromProcess();
  if (config.databaseUrl !== undefined) throw notEmbedded('pg_dump --format=custom');
  const log = createLog('warn', process.stderr);
  const logged = (message: string) => log.info(message);
  await withOwnersUrl(config, logged, (url) =>
    asOwner(url, async (owner) => {
      const pages = await backupOf(owner, new Date());
      if (!pages) throw new Refusal('notFound', `There is nothing to back up in ${config.dataDir} yet.`);
      await writePrivateFile(out, pages, [createGzip()]);
    }),
  );
  const words = `The database of ${config.dataDir} is in ${out}. It is of use only with the master key (MASTER_KEY, MASTER_KEY_FILE or ${config.dataDir}/master.key), which is not in it: keep both, in different places.`;
  print(json, { file: out }, words);
}

export const notEmbedded = (tool: string): Refusal =>
  new Refusal(
    'invalidValue',
    `This is for the embedded database. DATABASE_URL names a PostgreSQL of your own: use its tools, such as ${tool}.`,
  );
