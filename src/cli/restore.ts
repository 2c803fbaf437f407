// restore: a backup into an empty data folder.
import { type Command } from 'commander';
import { existsSync, createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { loadMasterKey } from '../access/masterKey.js';
import { type Config, configFromProcess } from '../config.js';
import { type BackupHeader, type Checksums } from '../database/backup.js';
import { withOwnersUrl } from '../database/owner.js';
import { readHeader, RestoreError, restoreInto } from '../database/restore.js';
import { createLog } from '../operation/logging.js';
import { Refusal } from '../refusal.js';
import { notEmbedded } from './backup.js';
import { jsonOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly newMasterKey?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function restore(parent: Command): void {
  parent
    .command('restore')
    .description('Puts a backup into an empty DATA_DIR, beside the master key it belongs to.')
    .argument('<file>', 'what backup wrote')
    .option('--new-master-key', 'when the master key is lost: all tokens end, client secrets go on')
    .addOption(jsonOption())
    .action(read);
}

async function read(file: string, { newMasterKey = false, json }: Options): Promise<void> {
  const config = configFromProcess();
  if (config.databaseUrl !== undefined) throw notEmbedded('pg_restore');
  const checksums = await restoreFile(file, config, newMasterKey).catch((error: unknown) => {
    if (error instanceof RestoreError) throw new Refusal('invalidValue', error.message);
    throw error;
  });
  const rows = Object.fromEntries(Object.entries(checksums).map(([table, found]) => [table, found.rows]));
  const words = `${file} is restored into ${config.dataDir}: ${rows.tenant} tenants, ${rows.directory_user} people, ${rows.directory_group} groups. People who were erased after the backup are back: erase them again.`;
  print(json, { rows }, words);
}

async function restoreFile(file: string, config: Config, withoutKeys: boolean): Promise<Checksums> {
  const log = createLog('warn', process.stderr);
  const lines = linesOf(file);
  try {
    const header = readHeader((await lines.next()).value ?? '');
    if (!withoutKeys) await assertKeyOf(header, config);
    return await withOwnersUrl(
      config,
      (message) => log.info(message),
      (url) => restoreInto(url, { header, lines, withoutKeys }),
    );
  } finally {
    await lines.return(undefined);
  }
}

/** Looked at before anything is done; a key is not made here, because it would be another one. */
async function assertKeyOf({ masterKey }: BackupHeader, config: Config): Promise<void> {
  const file = join(config.dataDir, 'master.key');
  if (config.masterKey === undefined && config.masterKeyFile === undefined && !existsSync(file)) {
    throw new RestoreError(
      `The master key of the backup is missing: put it into ${file}, or set MASTER_KEY or MASTER_KEY_FILE. If it is lost: --new-master-key.`,
    );
  }
  const { fingerprint } = await loadMasterKey(config, () => undefined);
  if (masterKey !== null && fingerprint !== masterKey) {
    throw new RestoreError('The master key here is not the one of the backup. If that one is lost: --new-master-key.');
  }
}

/** The lines of a compressed file. */
async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  const unpacked = createGunzip();
  // What breaks destroys the stream that is read below, with the reason.
  pipeline(createReadStream(file), unpacked, () => undefined);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunksOf(unpacked)) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function* chunksOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw new RestoreError(`The backup cannot be read: ${(error as Error).message}`);
  }
}
