// Tokens that are not quite in the form of RFC 7515 and 7519, and signatures that are not quite signatures.
import { sign } from 'node:crypto';
import { type Attack, type Honest, jws, part, reissued, signature } from './forge.js';

/** The honest token's three parts. */
function partsOf(honest: Honest): readonly [string, string, string] {
  const [header = '', payload = '', sig = ''] = reissued(honest).split('.');
  return [header, payload, sig];
}

const withSignature =
  (change: (bytes: Buffer, input: string, honest: Honest) => Buffer | string) => (honest: Honest) => {
    const [header, payload, sig] = partsOf(honest);
    const changed = change(Buffer.from(sig, 'base64url'), `${header}.${payload}`, honest);
    return `${header}.${payload}.${typeof changed === 'string' ? changed : changed.toString('base64url')}`;
  };

const withParts = (change: (parts: readonly [string, string, string], honest: Honest) => string) => (honest: Honest) =>
  change(partsOf(honest), honest);

/** Signed rightly, over a header or a payload that is a text of our own. */
const signedTexts =
  (header: (honest: Honest) => unknown, payload: (honest: Honest) => unknown = (honest) => honest.payload) =>
  (honest: Honest) =>
    jws(header(honest), payload(honest), honest.privateKey, honest.header.alg);

const same = ({ header }: Honest): unknown => header;
/** JSON with more text before its last brace. */
const andThen = (value: object, more: string): string => `${JSON.stringify(value).slice(0, -1)},${more}}`;
const TRAILING = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The last character with its unused bits set: a decoder that does not look reads the same bytes. */
const otherSpelling = (text: string): string =>
  text.slice(0, -1) + (TRAILING[TRAILING.indexOf(text.at(-1) ?? 'A') + 1] ?? '');

const signatures: readonly Attack[] = Object.entries({
  missing: withSignature(() => ''),
  'of zeros': withSignature((bytes) => Buffer.alloc(bytes.length)),
  'of ones': withSignature((bytes) => Buffer.alloc(bytes.length, 0xff)),
  'with its first bit turned': withSignature((bytes) => Buffer.from([(bytes[0] ?? 0) ^ 0x80, ...bytes.subarray(1)])),
  'with its last bit turned': withSignature((bytes) => {
    const copy = Buffer.from(bytes);
    copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
    return copy;
  }),
  'a byte short': withSignature((bytes) => bytes.subarray(0, -1)),
  'a byte long': withSignature((bytes) => Buffer.concat([bytes, Buffer.from([0])])),
  'with zeros before it': withSignature((bytes) => Buffer.concat([Buffer.alloc(8), bytes])),
  'in another encoding (DER)': withSignature((_, input, { privateKey }) => {
    const der = sign('sha256', Buffer.from(input), privateKey);
    return privateKey.asymmetricKeyType === 'ec' ? der : Buffer.concat([Buffer.from([0x30]), der]);
  }),
  'of another token': withSignature((_, __, honest) => {
    const [, , other] = reissued(honest, { exp: honest.payload.exp - 1 }).split('.');
    return other ?? '';
  }),
  'of the payload alone': withSignature((_, input, { privateKey, header }) =>
    signature(input.split('.')[1] ?? '', privateKey, header.alg),
  ),
  padded: withSignature((bytes) => `${bytes.toString('base64url')}==`),
  'spelled in another way': withSignature((bytes) => otherSpelling(bytes.toString('base64url'))),
}).map(([name, token]) => ({ name: `J1: a signature ${name}`, token }));

const forms: readonly Attack[] = Object.entries({
  'two parts': withParts(([header, payload]) => `${header}.${payload}`),
  'four parts': withParts((parts) => `${parts.join('.')}.AAAA`),
  'a dot more at the end': withParts((parts) => `${parts.join('.')}.`),
  'a dot before it': withParts((parts) => `.${parts.join('.')}`),
  'five parts, as if encrypted': ({ payload }) =>
    [part({ alg: 'dir', enc: 'A256GCM' }), '', part(Buffer.alloc(12)), part(payload), part(Buffer.alloc(16))].join('.'),
  'five parts, the header honest': withParts(([header, payload, sig]) => [header, '', payload, sig, sig].join('.')),
  'a JWS in JSON': withParts(([header, payload, sig]) =>
    part({ payload, signatures: [{ protected: header, signature: sig }] }),
  ),
  'a token within the token': signedTexts(
    ({ header }) => ({ ...header, cty: 'JWT' }),
    (honest) => reissued(honest),
  ),
  'a header that is a list': signedTexts(({ header }) => [header]),
  'a header that is null': signedTexts(() => null),
  'a header that is no JSON': signedTexts(() => 'alg=none'),
  'an empty header': withParts(([, payload, sig]) => `.${payload}.${sig}`),
  'an empty payload': withParts(([header, , sig]) => `${header}..${sig}`),
  'a payload that is a list': signedTexts(same, ({ payload }) => [payload]),
  'a payload that is a text': signedTexts(same, ({ payload }) => JSON.stringify(JSON.stringify(payload))),
  'a payload that is null': signedTexts(same, () => 'null'),
  'a payload that is no UTF-8': signedTexts(same, () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  'claims below __proto__': signedTexts(same, ({ payload }) => `{"__proto__":${JSON.stringify(payload)}}`),
  'a compressed payload': signedTexts(
    ({ header }) => ({ ...header, zip: 'DEF' }),
    ({ payload }) => Buffer.from(JSON.stringify(payload)).subarray(1),
  ),
  'a critical header nobody knows': signedTexts(({ header }) => ({ ...header, crit: ['exp'], exp: 1 })),
  'an empty list of critical headers': signedTexts(({ header }) => ({ ...header, crit: [] })),
  'critical headers that are no list': signedTexts(({ header }) => ({ ...header, crit: 'b64', b64: false })),
  'a critical header that is not there': signedTexts(({ header }) => ({ ...header, crit: ['b64'] })),
  'a payload that is not encoded (b64)': ({ header, payload, privateKey }) => {
    const head = part({ ...header, b64: false, crit: ['b64'] });
    const text = part(payload);
    return `${head}.${text}.${signature(`${head}.${text}`, privateKey, header.alg).toString('base64url')}`;
  },
  'an edited payload under the honest signature': withParts(
    ([header, , sig], { payload }) =>
      `${header}.${part({ ...payload, scope: 'scim.read scim.write', jti: 'x' })}.${sig}`,
  ),
  'an edited header under the honest signature': withParts(
    ([, payload, sig], { header }) => `${part({ ...header, x: 1 })}.${payload}.${sig}`,
  ),
  'the alg twice, the last one none': ({ header, payload }) =>
    `${part(andThen(header, '"alg":"none"'))}.${part(payload)}.`,
  'the alg twice, the first one none': ({ header, payload }) =>
    `${part(`{"alg":"none",${JSON.stringify(header).slice(1)}`)}.${part(payload)}.AAAA`,
  'the exp twice, the last one passed': signedTexts(same, ({ payload }) => andThen(payload, '"exp":1')),
  'the exp twice, the last one escaped and passed': signedTexts(same, ({ payload }) =>
    andThen(payload, '"\\u0065xp":1'),
  ),
  'the iss twice, the last one another': signedTexts(same, ({ payload }) =>
    andThen(payload, '"iss":"https://x.example"'),
  ),
  'the kid twice, the last one unknown': signedTexts(({ header }) => andThen(header, '"kid":"nobody"')),
  'a padded header': withParts(([header, payload, sig]) => `${header}==.${payload}.${sig}`),
  '20 KB': (honest) => reissued(honest, { padding: 'x'.repeat(20_000) }),
  '9 KB of header': (honest) => reissued(honest, {}, { padding: 'x'.repeat(9_000) }),
  'nothing but dots': () => '..',
  'a word': () => 'null',
} satisfies Record<string, (honest: Honest) => string>).map(([name, token]) => ({ name: `J7: ${name}`, token }));

export const formAttacks: readonly Attack[] = [...signatures, ...forms];
