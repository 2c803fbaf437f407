// The keys that sign access tokens: ES256, kept in the database and shared by every process, the private half sealed
// under the master key. A new key is published a day before it signs; an old one is accepted until its last token ends.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet, type JWK } from 'jose';
import { type Pool, type PoolClient } from 'pg';
import { refusalFromDatabase } from '../directory/constraints.js';
import { type MasterKey } from './masterKey.js';

const DAY = 24 * 60 * 60 * 1000;
/** A key signs for this long before the next one is made. */
const ROTATE_AFTER = 90 * DAY;
/** Readers of the key set may keep it for this long. */
export const PUBLISHED_BEFORE_USE = DAY;
/** A key verifies for this long after its last token was signed: those live for an hour. */
export const VERIFIES_AFTER_USE = DAY;
/** How often every process reads what others made and retired. */
export const READ_KEYS_EVERY_MS = 10_000;
const RELOAD_AT_MOST_EVERY = 1000;

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: JWK;
  readonly createdAt: Date;
  /** It is published before. */
  readonly signsFrom: Date;
}

export interface SigningKeys {
  /** The key that signs now. */
  current(): SigningKey;
  /** The key of a `kid`. An unknown one may be another process's newest: the database is asked, once a second at most. */
  find(kid: string): Promise<SigningKey | undefined>;
  /** Whether a key verifies, as far as this process knows. */
  has(kid: string): boolean;
  /** Whether a URL is one this service has issued tokens under; asks the database like `find`. */
  isIssuer(url: string): Promise<boolean>;
  /** RFC 7517: every key that verifies. */
  jwks(): JSONWebKeySet;
  /** Makes the next key when it is due, and reads what other processes made. */
  refresh(): Promise<void>;
}

interface Settings {
  readonly pool: Pool;
  readonly masterKey: MasterKey;
  /** The base URL of this process: registered as an issuer for all processes. */
  readonly issuer: string;
  readonly clock: () => Date;
}

interface Loaded {
  keys: readonly SigningKey[];
  issuers: ReadonlySet<string>;
  at: number;
  /** The next reading of the database, which everything unknown waits for together. */
  soon?: Promise<void>;
}

/** Loads the keys, making the first one in a new database. */
export async function openSigningKeys({ pool, masterKey, issuer, clock }: Settings): Promise<SigningKeys> {
  const loaded: Loaded = { keys: [], issuers: new Set(), at: -RELOAD_AT_MOST_EVERY };
  const reload = async () => {
    loaded.at = performance.now();
    loaded.keys = inUse(await readKeys(pool, masterKey), clock());
    loaded.issuers = await readIssuers(pool);
  };
  const refresh = async () => {
    await makeKeyIfDue(pool, masterKey, clock());
    await reload();
  };
  // Waiting is better than refusing: a good token that is refused counts against it at Entra.
  const reloadSoon = () => {
    const wait = Math.max(0, loaded.at + RELOAD_AT_MOST_EVERY - performance.now());
    return (loaded.soon ??= sleep(wait)
      .then(reload)
      .catch(rethrowAsRefusal)
      .finally(() => delete loaded.soon));
  };
  await registerIssuer(pool, issuer);
  await refresh();
  const known = (kid: string) => loaded.keys.find((key) => key.kid === kid);
  return {
    refresh,
    current: () => keyToSignWith(loaded.keys, clock()),
    jwks: () => ({ keys: loaded.keys.map(({ publicKey }) => publicKey) }),
    has: (kid) => known(kid) !== undefined,
    async find(kid) {
      if (!known(kid)) await reloadSoon();
      return known(kid);
    },
    async isIssuer(url) {
      if (!loaded.issuers.has(url)) await reloadSoon();
      return loaded.issuers.has(url);
    },
  };
}

/** The newest of the keys (in order of `signsFrom`) that signs by now; in a new database the oldest, which every process will have. */
export function keyToSignWith<Key extends Pick<SigningKey, 'signsFrom'>>(keys: readonly Key[], now: Date): Key {
  const settled = keys.filter(({ signsFrom }) => signsFrom <= now);
  const key = settled.at(-1) ?? keys[0];
  if (!key) throw new Error('There is no signing key');
  return key;
}

/** Oldest first, without those whose successor has been signing for a day: their tokens lived an hour. */
function inUse(keys: readonly SigningKey[], now: Date): readonly SigningKey[] {
  return keys.filter((_, index) => {
    const successor = keys[index + 1];
    return !successor || now.getTime() - successor.signsFrom.getTime() < VERIFIES_AFTER_USE;
  });
}

/** Under a lock: of two processes that start at once one makes the key, and the other finds it. */
async function makeKeyIfDue(pool: Pool, masterKey: MasterKey, now: Date): Promise<void> {
  const due = new Date(now.getTime() - ROTATE_AFTER);
  const isDue = 'not exists (select from signing_key where created_at > $1 and retired_at is null)';
  const { rows } = await pool.query<{ due: boolean }>(`select ${isDue} as due`, [due]);
  if (!rows[0]?.due) return;
  const { kid, publicKey, sealed } = await makeKey(masterKey);
  const signsFrom = new Date(now.getTime() + PUBLISHED_BEFORE_USE);
  await inTurn(pool, async (client) => {
    await client.query(
      `insert into signing_key (id, public_key, sealed_private_key, created_at, signs_from)
       select $2, $3, $4, $5, $6 where ${isDue}`,
      [due, kid, publicKey, sealed, now, signsFrom],
    );
  });
}

/** Changes of the keys, one at a time in all processes together, each in a transaction. */
export async function inTurn<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin; select pg_advisory_xact_lock(hashtext('speakup-directory signing keys'))");
    const done = await work(client);
    await client.query('commit');
    client.release();
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

export async function makeKey(masterKey: MasterKey) {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const publicKey: JWK = { ...jwk, kid, alg: 'ES256', use: 'sig' };
  const sealed = masterKey.seal('signing keys', pair.privateKey.export({ type: 'pkcs8', format: 'der' }), kid);
  return { kid, publicKey, sealed };
}

interface KeyRow {
  readonly id: string;
  readonly public_key: JWK;
  readonly sealed_private_key: Buffer;
  readonly created_at: string;
  readonly signs_from: string;
}

async function readKeys(pool: Pool, masterKey: MasterKey): Promise<SigningKey[]> {
  const { rows } = await pool.query<KeyRow>(
    `select id, public_key, sealed_private_key, created_at, signs_from from signing_key
     where retired_at is null order by signs_from, created_at, id`,
  );
  return rows.map((row) => {
    const key = masterKey.open('signing keys', row.sealed_private_key, row.id);
    if (!key) throw new Error(`Signing key ${row.id} cannot be opened with this master key`);
    return {
      kid: row.id,
      privateKey: createPrivateKey({ key, type: 'pkcs8', format: 'der' }),
      publicKey: row.public_key,
      // MikroORM's pool leaves moments as text.
      createdAt: new Date(row.created_at),
      signsFrom: new Date(row.signs_from),
    };
  });
}

const ISSUER = 'issuer ';

/** Several processes, or one after another, may serve under several URLs when PUBLIC_URL is not set: one deployment. */
async function registerIssuer(pool: Pool, url: string): Promise<void> {
  const insert = "insert into service_state (name, value) values ($1, '') on conflict do nothing";
  await pool.query(insert, [`${ISSUER}${url}`]);
}

async function readIssuers(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>("select name from service_state where name like 'issuer %'");
  return new Set(rows.map(({ name }) => name.slice(ISSUER.length)));
}

function rethrowAsRefusal(error: unknown): never {
  throw refusalFromDatabase(error);
}
