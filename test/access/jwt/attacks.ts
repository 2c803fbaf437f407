// The corpus: tokens that must not be accepted, whoever's they pretend to be. Each starts from an honest token of the
// same kind, so that nothing but what its name says can be the reason.
import { type JsonWebKey } from 'node:crypto';
import { algorithmAttacks } from './algorithmAttacks.js';
import { claimAttacks } from './claimAttacks.js';
import { type Arsenal, type Attack, type Honest, jws, type KeyPair, likeHonest, part, reissued } from './forge.js';
import { formAttacks } from './formAttacks.js';

/** Signed by the attacker, under a header that differs from the honest one in what is given. */
function byAttacker(honest: Honest, arsenal: Arsenal, head: Readonly<Record<string, unknown>>): string {
  const { header, payload } = honest;
  return jws({ ...header, ...head }, payload, likeHonest(honest, arsenal).privateKey, header.alg);
}

const KIDS: Readonly<Record<string, unknown>> = {
  'the honest kid': undefined,
  'a kid nobody has': 'nobody',
  'a kid that is a path': '../../../../../../dev/null',
  'a kid that is SQL': "x' union select 'AAAA' --",
  'a kid that is a shell command': '$(id)|`id`',
  'a kid that is a URL': 'https://attacker.example/key',
  'the kid __proto__': '__proto__',
  'the kid constructor': 'constructor',
  'the kid toString': 'toString',
  'a kid of 3 KB': 'k'.repeat(3000),
  'an empty kid': '',
  'a kid with NUL': 'a\u0000b',
  'a numeric kid': 0,
  'a kid that is true': true,
  'a kid that is null': null,
  'a kid that is an object': { $ne: null },
};

const kidAttacks: readonly Attack[] = [
  ...Object.entries(KIDS).map(([name, kid]) => ({
    name: `J2: another key, under ${name}`,
    token: (honest: Honest, arsenal: Arsenal) => byAttacker(honest, arsenal, kid === undefined ? {} : { kid }),
  })),
  {
    name: 'J2: another key, without a kid',
    token: (honest, arsenal) => byAttacker(honest, arsenal, { kid: undefined }),
  },
  {
    name: 'J2: the honest key, without a kid',
    token: (honest) => reissued(honest, {}, { kid: undefined }),
  },
  {
    name: 'J2: the honest key, its kid in an array',
    token: (honest) => reissued(honest, {}, { kid: [honest.header.kid] }),
  },
  {
    name: 'J2: the honest key, its kid in other letters',
    token: (honest) => reissued(honest, {}, { kid: `${honest.header.kid} ` }),
  },
];

const jwkOf = ({ publicKey }: KeyPair, kid: string): JsonWebKey => ({ ...publicKey.export({ format: 'jwk' }), kid });

/** Keys that the header itself brings or names. */
const KEY_HEADERS: Readonly<Record<string, (keys: KeyPair, kid: string, url: string) => object>> = {
  jwk: (keys, kid) => ({ jwk: jwkOf(keys, kid) }),
  jku: (_, __, url) => ({ jku: `${url}/jwks.json` }),
  x5u: (_, __, url) => ({ x5u: `${url}/certificate.pem` }),
  x5c: (keys) => ({ x5c: [keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] }),
  'jku with user info': (_, __, url) => ({ jku: url.replace('//', '//login.microsoftonline.com@') }),
  'jku, x5u, x5t and jwk together': (keys, kid, url) => ({
    jku: `${url}/jwks.json`,
    x5u: `${url}/certificate.pem`,
    x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'x5t#S256': part(Buffer.alloc(32)),
    jwk: jwkOf(keys, kid),
  }),
};

const keyHeaderAttacks: readonly Attack[] = Object.entries(KEY_HEADERS).flatMap(([name, head]) =>
  ([true, false] as const).map((keepsKid) => ({
    name: `J3: another key, brought by ${name}, ${keepsKid ? 'under the honest kid' : 'under a kid of its own'}`,
    token: (honest: Honest, arsenal: Arsenal) => {
      const kid = keepsKid ? honest.header.kid : 'attacker';
      return byAttacker(honest, arsenal, { kid, ...head(likeHonest(honest, arsenal), kid, arsenal.url) });
    },
  })),
);

/** Every attack that makes sense against any token. */
export const ATTACKS: readonly Attack[] = [
  ...algorithmAttacks,
  ...kidAttacks,
  ...keyHeaderAttacks,
  ...claimAttacks,
  ...formAttacks,
];
