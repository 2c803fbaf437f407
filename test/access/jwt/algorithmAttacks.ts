// J1: the token chooses how it is checked.
import { type Attack, ecKeys, type Honest, jws, likeHonest, part, signature } from './forge.js';

const unsigned = ({ header, payload }: Honest, alg: unknown, sig = ''): string =>
  `${part({ ...header, alg })}.${part(payload)}.${sig}`;

const honestSignature = ({ header, payload, privateKey }: Honest): string =>
  signature(`${part(header)}.${part(payload)}`, privateKey, header.alg).toString('base64url');

/** The public half, which everybody has, as the bytes of an HMAC key. */
const PUBLIC_BYTES: Readonly<Record<string, (honest: Honest) => string | Buffer>> = {
  'as PEM': ({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }),
  'as PEM without its last line break': ({ publicKey }) =>
    publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
  'as DER': ({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }),
  'as JWK': ({ publicKey }) => JSON.stringify(publicKey.export({ format: 'jwk' })),
};

const hmacAttacks: readonly Attack[] = ['HS256', 'HS384', 'HS512'].flatMap((alg) => [
  ...Object.entries(PUBLIC_BYTES).map(([name, bytes]) => ({
    name: `J1: ${alg} with the public key ${name}`,
    token: (honest: Honest) => jws({ ...honest.header, alg }, honest.payload, bytes(honest), alg),
  })),
  {
    name: `J1: ${alg} with an empty key`,
    token: ({ header, payload }: Honest) => jws({ ...header, alg }, payload, '', alg),
  },
]);

/** What the honest key itself could sign, were the token allowed to say so. */
const OTHER_WAYS = { EC: ['ES384', 'ES512', 'ES256K'], RSA: ['PS256', 'RS384', 'RS512', 'PS512'] };

export const algorithmAttacks: readonly Attack[] = [
  ...['none', 'None', 'NONE', 'nOnE', '', 'null'].map((alg) => ({
    name: `J1: alg "${alg}" without a signature`,
    token: (honest: Honest) => unsigned(honest, alg),
  })),
  {
    name: 'J1: alg none with the honest signature',
    token: (honest) => unsigned(honest, 'none', honestSignature(honest)),
  },
  {
    name: 'J1: alg none with one byte of signature',
    token: (honest) => unsigned(honest, 'none', 'AA'),
  },
  ...([undefined, null, 256, true, ['none'], {}] as const).map((alg) => ({
    name: `J1: alg ${JSON.stringify(alg) ?? 'missing'} with the honest signature`,
    token: (honest: Honest) => unsigned(honest, alg, honestSignature(honest)),
  })),
  {
    name: 'J1: the honest algorithm in an array, rightly signed',
    token: ({ header, payload, privateKey }) => jws({ ...header, alg: [header.alg] }, payload, privateKey, header.alg),
  },
  {
    name: 'J1: the honest algorithm in small letters, rightly signed',
    token: ({ header, payload, privateKey }) =>
      jws({ ...header, alg: header.alg.toLowerCase() }, payload, privateKey, header.alg),
  },
  ...hmacAttacks,
  ...[0, 1, 2, 3].map((n) => ({
    name: `J1: the honest key by another of its algorithms (${n + 1})`,
    token: ({ header, payload, privateKey }: Honest) => {
      const ways = privateKey.asymmetricKeyType === 'ec' ? OTHER_WAYS.EC : OTHER_WAYS.RSA;
      const alg = ways[n % ways.length] ?? '';
      return jws({ ...header, alg }, payload, privateKey, alg);
    },
  })),
  {
    name: 'J1: EdDSA by another key',
    token: ({ header, payload }, { ed }) => jws({ ...header, alg: 'EdDSA' }, payload, ed.privateKey, 'EdDSA'),
  },
  {
    name: 'J1: ES256 by another key',
    token: ({ header, payload }, { ec }) => jws({ ...header, alg: 'ES256' }, payload, ec.privateKey, 'ES256'),
  },
  {
    name: 'J1: RS256 by another key',
    token: ({ header, payload }, { rsa }) => jws({ ...header, alg: 'RS256' }, payload, rsa.privateKey, 'RS256'),
  },
  {
    name: 'J1: PS256 by another key',
    token: ({ header, payload }, { rsa }) => jws({ ...header, alg: 'PS256' }, payload, rsa.privateKey, 'PS256'),
  },
  {
    name: 'J1: ES384 by another key',
    token: ({ header, payload }) => jws({ ...header, alg: 'ES384' }, payload, ecKeys('P-384').privateKey, 'ES384'),
  },
  {
    name: 'J1: the honest algorithm in the header, signed in another way',
    token: (honest, arsenal) => {
      const other = likeHonest(honest, arsenal) === arsenal.ec ? arsenal.rsa : arsenal.ec;
      const alg = other === arsenal.ec ? 'ES256' : 'RS256';
      return jws(honest.header, honest.payload, other.privateKey, alg);
    },
  },
];
