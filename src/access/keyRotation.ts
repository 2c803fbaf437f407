// What an operator does with the signing keys. A rotation overlaps: the next key is published before it signs, so that
// whoever keeps the key set for a while has it, and the old one verifies until its last token has ended.
import { type Pool } from 'pg';
import { Refusal } from '../refusal.js';
import { type MasterKey } from './masterKey.js';
import { inTurn, keyToSignWith, makeKey, PUBLISHED_BEFORE_USE, VERIFIES_AFTER_USE } from './signingKeys.js';

/** Twice as long as the key set may be kept (five minutes, `metadata.ts`), and many times what processes take to read it. */
const PUBLISHED_BEFORE_USE_SOON = 10 * 60 * 1000;

/** NEXT: published, does not sign yet. VERIFYING: signs no more, its tokens are good. ENDED and RETIRED: good for nothing. */
export type KeyState = 'NEXT' | 'SIGNING' | 'VERIFYING' | 'ENDED' | 'RETIRED';

export interface ListedKey {
  readonly kid: string;
  readonly state: KeyState;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly retiredAt: Date | null;
  /** Until when its tokens are good; null where that is open. */
  readonly verifiesUntil: Date | null;
}

interface Settings {
  readonly pool: Pool;
  readonly masterKey: MasterKey;
  readonly now: Date;
}

type Row = Pick<ListedKey, 'kid' | 'createdAt' | 'signsFrom' | 'retiredAt'>;
interface Queries {
  readonly query: Pool['query'];
}

/** Every key there ever was, in the order in which they sign. */
export async function listSigningKeys(pool: Queries, now: Date): Promise<readonly ListedKey[]> {
  const { rows } = await pool.query<Row>(
    `select id as kid, created_at as "createdAt", signs_from as "signsFrom", retired_at as "retiredAt"
     from signing_key order by signs_from, created_at, id`,
  );
  const keys = rows.map((row) => ({
    kid: row.kid,
    createdAt: new Date(row.createdAt),
    signsFrom: new Date(row.signsFrom),
    retiredAt: row.retiredAt && new Date(row.retiredAt),
  }));
  const live = keys.filter(({ retiredAt }) => !retiredAt);
  return keys.map((key) => ({ ...key, ...stateOf(key, live, now) }));
}

/**
 * Makes the next key, which signs from the next day on; with `soon` ten minutes from now, also one that is waiting. Refuses
 * with `invalidValue` when one is waiting already. Returns the next key.
 */
export async function rotateSigningKey({ pool, masterKey, now }: Settings, soon: boolean): Promise<ListedKey> {
  const signsFrom = new Date(now.getTime() + (soon ? PUBLISHED_BEFORE_USE_SOON : PUBLISHED_BEFORE_USE));
  const made = await makeKey(masterKey);
  return inTurn(pool, async (client) => {
    const waiting = (await listSigningKeys(client, now)).find(({ state }) => state === 'NEXT');
    if (waiting && (!soon || waiting.signsFrom <= signsFrom)) {
      const from = waiting.signsFrom.toISOString();
      throw new Refusal('invalidValue', `The key ${waiting.kid} is waiting already, and signs from ${from} on.`);
    }
    if (waiting) await client.query('update signing_key set signs_from = $2 where id = $1', [waiting.kid, signsFrom]);
    else
      await client.query(
        'insert into signing_key (id, public_key, sealed_private_key, created_at, signs_from) values ($1, $2, $3, $4, $5)',
        [made.kid, made.publicKey, made.sealed, now, signsFrom],
      );
    return keyOf(await listSigningKeys(client, now), waiting?.kid ?? made.kid);
  });
}

/**
 * Ends a key for good, within seconds in every process. Refuses with `notFound`, and with `invalidValue` a key whose tokens
 * are good, unless `endTokens` says that they may end.
 */
export async function retireSigningKey(
  { pool, now }: Omit<Settings, 'masterKey'>,
  kid: string,
  endTokens: boolean,
): Promise<ListedKey> {
  return inTurn(pool, async (client) => {
    const key = keyOf(await listSigningKeys(client, now), kid);
    if (key.state === 'RETIRED') return key;
    if (!endTokens && ['SIGNING', 'VERIFYING'].includes(key.state)) {
      throw new Refusal(
        'invalidValue',
        key.state === 'SIGNING'
          ? 'This key signs now. Rotate first; or, if it has leaked, retire it together with its tokens: --end-tokens.'
          : `Tokens that this key has signed may be good until ${(key.verifiesUntil ?? now).toISOString()}. Wait for that; or, if it has leaked, retire it together with its tokens: --end-tokens.`,
      );
    }
    await client.query('update signing_key set retired_at = $2 where id = $1', [kid, now]);
    return keyOf(await listSigningKeys(client, now), kid);
  });
}

function keyOf(keys: readonly ListedKey[], kid: string): ListedKey {
  const key = keys.find((each) => each.kid === kid);
  if (!key) throw new Refusal('notFound', `There is no signing key ${kid}. See: key list`);
  return key;
}

function stateOf(key: Row, live: readonly Row[], now: Date): Pick<ListedKey, 'state' | 'verifiesUntil'> {
  if (key.retiredAt) return { state: 'RETIRED', verifiesUntil: key.retiredAt };
  const signing = keyToSignWith(live, now);
  const successor = live[live.indexOf(key) + 1];
  const verifiesUntil = successor ? new Date(successor.signsFrom.getTime() + VERIFIES_AFTER_USE) : null;
  if (key === signing) return { state: 'SIGNING', verifiesUntil };
  if (live.indexOf(key) > live.indexOf(signing)) return { state: 'NEXT', verifiesUntil };
  return { state: verifiesUntil !== null && verifiesUntil <= now ? 'ENDED' : 'VERIFYING', verifiesUntil };
}
