// The master key seals what the database must not hold in the clear. It comes from the environment, from a file, or is
// made once in the data folder; the database keeps its fingerprint, so that no process works with another one.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pool } from 'pg';
import { type Config, ConfigError } from '../config.js';

/** What a derived key is used for. Two purposes never share a key. */
export type Purpose = 'fingerprint' | 'signing keys' | 'cursors';

export interface MasterKey {
  /** Encrypts and authenticates; `about` must be given again to open (the row's id, the tenant…). */
  seal(purpose: Purpose, plain: Uint8Array, about: string): Buffer;
  /** Opens what `seal` made; undefined when it was changed, or made with another key, purpose or `about`. */
  open(purpose: Purpose, sealed: Uint8Array, about: string): Buffer | undefined;
  /** Says which key this is without telling the key. */
  readonly fingerprint: string;
}

const NONCE = 12;
const TAG = 16;

/** The key from MASTER_KEY, MASTER_KEY_FILE, or `DATA_DIR/master.key`, which is made when it is missing. */
export async function loadMasterKey(config: Config, warn: (message: string) => void): Promise<MasterKey> {
  if (config.masterKey) return masterKeyFromText(config.masterKey, 'MASTER_KEY');
  if (config.masterKeyFile) {
    return masterKeyFromText(await readKeyFile(config.masterKeyFile), `MASTER_KEY_FILE (${config.masterKeyFile})`);
  }
  if (config.databaseUrl) {
    warn(
      `The master key is a file in ${config.dataDir} while the database is elsewhere: set MASTER_KEY, or the next machine cannot read this database's signing keys.`,
    );
  }
  const file = join(config.dataDir, 'master.key');
  if (!existsSync(file)) await makeKeyFile(config.dataDir, file);
  return masterKeyFromText(await readFile(file, 'utf8'), file);
}

/** A master key from 32 bytes. */
export function masterKeyFromBytes(bytes: Uint8Array): MasterKey {
  if (bytes.length !== 32) throw new Error('A master key has 32 bytes');
  const derived = new Map<Purpose, Buffer>();
  const keyFor = (purpose: Purpose): Buffer => {
    const known = derived.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', bytes, 'speakup-directory', purpose, 32));
    derived.set(purpose, key);
    return key;
  };
  return {
    seal(purpose, plain, about) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce).setAAD(Buffer.from(about));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(purpose, sealed, about) {
      if (sealed.length < NONCE + TAG) return undefined;
      const nonce = sealed.subarray(0, NONCE);
      const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), nonce, { authTagLength: TAG })
        .setAAD(Buffer.from(about))
        .setAuthTag(sealed.subarray(sealed.length - TAG));
      const plain = decipher.update(sealed.subarray(NONCE, sealed.length - TAG));
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch {
        // The only thing `final` throws for is a tag that does not fit.
        return undefined;
      }
    },
    fingerprint: keyFor('fingerprint').subarray(0, 16).toString('hex'),
  };
}

/** Writes the key's fingerprint into a new database. Throws when the database belongs to another key. */
export async function assertMasterKey(pool: Pool, { fingerprint }: MasterKey): Promise<void> {
  const name = 'master_key_fingerprint';
  await pool.query('insert into service_state (name, value) values ($1, $2) on conflict do nothing', [
    name,
    fingerprint,
  ]);
  const { rows } = await pool.query<{ value: string }>('select value from service_state where name = $1', [name]);
  if (rows[0]?.value !== fingerprint) {
    throw new ConfigError([
      'MASTER_KEY: this database was set up with another master key. Give every process the same MASTER_KEY or MASTER_KEY_FILE, or the DATA_DIR that holds its master.key',
    ]);
  }
}

function masterKeyFromText(text: string, source: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== 32) throw new ConfigError([`${source}: must hold 32 bytes in base64, holds ${bytes.length}`]);
  return masterKeyFromBytes(bytes);
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`MASTER_KEY_FILE: ${(error as Error).message}`]);
  }
}

/** Written aside, then linked: of two processes that start at once one wins, and nobody sees half a key. */
async function makeKeyFile(folder: string, file: string): Promise<void> {
  const asRoot = process.getuid?.() === 0;
  await mkdir(folder, { recursive: true, mode: asRoot ? 0o711 : 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const owner = await stat(folder);
  // Root at work in somebody's folder: its owner must be able to start the service too.
  if (asRoot) await chown(draft, owner.uid, owner.gid);
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}
