// J6 to J9: the honest key signs what it should not have signed, or not for us, or not any more.
import { type Attack, type Fields, type Honest, reissued } from './forge.js';

const HOUR = 3600;
const FOREVER = 4_891_363_200; // the year 2125

type Changes = (honest: Honest) => Fields;

/** By what is wrong. */
const CLAIMS: Readonly<Record<string, Changes>> = {
  'J6: no iss': () => ({ iss: undefined }),
  'J6: the iss of somebody else': () => ({ iss: 'https://issuer.attacker.example' }),
  'J6: an iss with a slash more': ({ payload }) => ({ iss: `${String(payload.iss)}/` }),
  'J6: an iss in capital letters': ({ payload }) => ({ iss: String(payload.iss).toUpperCase() }),
  'J6: an iss that only begins like the honest one': ({ payload }) => ({
    iss: `${String(payload.iss)}.attacker.example`,
  }),
  'J6: an iss with a space before it': ({ payload }) => ({ iss: ` ${String(payload.iss)}` }),
  'J6: the honest iss in an array': ({ payload }) => ({ iss: [payload.iss] }),
  'J6: an iss that is null': () => ({ iss: null }),
  'J6: an iss that is a number': () => ({ iss: 1 }),
  'J6: an aud that is another': () => ({ aud: 'https://elsewhere.example' }),
  'J6: an aud that is empty': () => ({ aud: '' }),
  'J6: an aud that is an empty list': () => ({ aud: [] }),
  'J6: an aud that is null': () => ({ aud: null }),
  'J6: an aud that is everybody': () => ({ aud: '*' }),
  'J6: an aud that is an object': () => ({ aud: { $ne: null } }),
  'J6: the honest aud and another': ({ payload }) => ({ aud: [payload.aud, 'https://elsewhere.example'] }),
  'J6: an aud that only begins like the honest one': ({ payload }) => ({ aud: `${String(payload.aud)}x` }),
  'J8: no exp': () => ({ exp: undefined }),
  'J8: an exp that has passed': ({ payload }) => ({ iat: payload.iat - 600, exp: payload.iat - 60 }),
  'J8: an exp that is zero': () => ({ exp: 0 }),
  'J8: an exp before all time': () => ({ exp: -1 }),
  'J8: an exp in the year 2125': () => ({ exp: FOREVER }),
  'J8: an exp beyond all numbers': () => ({ exp: 1e308 }),
  'J8: an exp that is a text': ({ payload }) => ({ exp: String(payload.exp) }),
  'J8: an exp that is a date': ({ payload }) => ({ exp: new Date(payload.exp * 1000).toISOString() }),
  'J8: an exp that is null': () => ({ exp: null }),
  'J8: an exp that is true': () => ({ exp: true }),
  'J8: an exp in an array': ({ payload }) => ({ exp: [payload.exp] }),
  'J8: no iat': () => ({ iat: undefined }),
  'J8: an iat in the future': ({ payload }) => ({ iat: payload.iat + 600, exp: payload.exp + 600 }),
  'J8: an iat of the day before yesterday': ({ payload }) => ({ iat: payload.iat - 48 * HOUR }),
  'J8: an iat that is a text': ({ payload }) => ({ iat: String(payload.iat) }),
  'J8: an iat that is null': () => ({ iat: null }),
  'J8: milliseconds instead of seconds': ({ payload }) => ({ iat: payload.iat * 1000, exp: payload.exp * 1000 }),
  'J8: an nbf in the future': ({ payload }) => ({ nbf: payload.iat + 600 }),
  'J8: an nbf that is a text': ({ payload }) => ({ nbf: String(payload.iat) }),
  'J8: an nbf that is null': () => ({ nbf: null }),
  'J9: no sub': () => ({ sub: undefined }),
  'J9: a sub that is empty': () => ({ sub: '' }),
  'J9: a sub that is a number': () => ({ sub: 1 }),
  'J9: a sub that is null': () => ({ sub: null }),
  'J9: a sub that is a list': ({ payload }) => ({ sub: [payload.sub] }),
  'J9: the sub of somebody else': () => ({ sub: '01a2009b-2833-7167-809c-b09844092b28' }),
};

const TYPES: Readonly<Record<string, unknown>> = {
  'an ID token': 'id+jwt',
  'a logout token': 'logout+jwt',
  'a security event': 'secevent+jwt',
  'a proof of possession': 'dpop+jwt',
  'a JWE': 'JWE',
  'a number': 1,
  null: null,
  'an empty text': '',
  'a list': ['at+jwt'],
};

export const claimAttacks: readonly Attack[] = [
  ...Object.entries(CLAIMS).map(([name, claims]) => ({
    name,
    token: (honest: Honest) => reissued(honest, claims(honest)),
  })),
  ...Object.entries(TYPES).map(([name, typ]) => ({
    name: `J7: a type that says ${name}`,
    token: (honest: Honest) => reissued(honest, {}, { typ }),
  })),
];
