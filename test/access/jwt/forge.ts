// Builds JWTs byte by byte, also those that no library would make.
import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export type Fields = Readonly<Record<string, unknown>>;

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A token that is accepted: what every forgery starts from. */
export interface Honest extends KeyPair {
  readonly header: Fields & { readonly alg: string; readonly kid: string };
  readonly payload: Fields & { readonly iat: number; readonly exp: number };
}

/** What an attacker has. */
export interface Arsenal {
  readonly ec: KeyPair;
  readonly rsa: KeyPair;
  readonly ed: KeyPair;
  /** A server of the attacker's with a key set that holds the attacker's keys under every name. Nobody may connect. */
  readonly url: string;
}

export interface Attack {
  /** Begins with the number of the threat. */
  readonly name: string;
  readonly token: (honest: Honest, arsenal: Arsenal) => string;
}

/** The attacker's key of the kind that the honest issuer uses. */
export const likeHonest = ({ header: { alg } }: Honest, { ec, rsa }: Arsenal): KeyPair =>
  alg.startsWith('ES') ? ec : rsa;

export const ecKeys = (namedCurve = 'P-256'): KeyPair => generateKeyPairSync('ec', { namedCurve });
export const rsaKeys = (): KeyPair => generateKeyPairSync('rsa', { modulusLength: 2048 });
export const edKeys = (): KeyPair => generateKeyPairSync('ed25519');

/** A text or bytes as they are, anything else as JSON; fields that are undefined are left out. */
export const part = (value: unknown): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))).toString(
    'base64url',
  );

/** A compact JWS; `alg` says how it is really signed, whatever the header claims. */
export function jws(header: unknown, payload: unknown, key: KeyObject | Buffer | string, alg: string): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signature(input, key, alg).toString('base64url')}`;
}

/** The honest token, with changes, signed by its own key. */
export const reissued = ({ header, payload, privateKey }: Honest, claims: Fields = {}, head: Fields = {}): string =>
  jws({ ...header, ...head }, { ...payload, ...claims }, privateKey, header.alg);

/** The bytes of a signature. HMAC takes any bytes as its key. */
export function signature(input: string, key: KeyObject | Buffer | string, alg: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('HS')) return createHmac(hash, key).update(input).digest();
  if (typeof key === 'string' || Buffer.isBuffer(key)) throw new Error(`${alg} needs a private key`);
  const data = Buffer.from(input);
  if (alg === 'EdDSA') return sign(null, data, key);
  if (alg === 'ES256K') return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('RS')) return sign(hash, data, key);
  return sign(hash, data, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}
