// Mutations of what a body says: still JSON, but with values, keys and depths that nobody sends on purpose.
import { type FuzzRequest } from './fuzzRequest.js';
import { LENGTHS, longText, mangledText, STRANGE_TEXTS, type Mutation } from './mutation.js';
import { type Random } from './random.js';

/** JSON with `verbatim` text inside it: for numbers and keys that JSON.stringify would not write. */
type Place = { readonly holder: Record<string, unknown>; readonly key: string };

const MARK = '\u0001verbatim:';

/** Stands for text that is written as it is. */
export const verbatim = (text: string): string => `${MARK}${text}\u0001`;

/** JSON, with the verbatim text put in. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(/"\\u0001verbatim:((?:[^"\\]|\\.)*?)\\u0001"/g, (_, text: string) =>
    // The marked text went through JSON.stringify with the rest.
    JSON.parse(`"${text}"`),
  );

const NUMBERS = [
  '1e400',
  '-1e400',
  '-0',
  '0',
  '-1',
  '1e308',
  '5e-324',
  '0.1',
  '9007199254740993',
  '123456789012345678901234567890',
  '2147483648',
  '9223372036854775808',
  'NaN',
  'Infinity',
  '0x10',
  '01',
  '1.',
  '.5',
] as const;

const OTHER_TYPES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  '',
  'true',
  [],
  {},
  [[]],
  [null],
  [{}],
  { value: null },
  { $ne: null },
  { value: { value: {} } },
  [
    { value: 'x', primary: true },
    { value: 'y', primary: true },
  ],
];

const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length'];

export const JSON_MUTATIONS: readonly Mutation[] = [
  atPlace('another type', ({ holder, key }, random) => {
    holder[key] = structuredClone(random.pick(OTHER_TYPES));
  }),
  atPlace('a strange number', ({ holder, key }, random) => {
    holder[key] = verbatim(random.pick(NUMBERS));
  }),
  atPlace('strange text', ({ holder, key }, random) => {
    holder[key] = random.pick(STRANGE_TEXTS);
  }),
  atPlace('mangled text', ({ holder, key }, random) => {
    const value = holder[key];
    holder[key] = mangledText(typeof value === 'string' ? value : JSON.stringify(value), random);
  }),
  atPlace('long text', ({ holder, key }, random) => {
    holder[key] = longText(random, random.pick(['x', 'é', '"', '\\', '\u0001', '👍']));
  }),
  atPlace('a long list', ({ holder, key }, random) => {
    holder[key] = Array.from({ length: random.pick([100, 1001, 20_000]) }, () => holder[key]).slice(
      0,
      most(holder[key]),
    );
  }),
  atPlace('a value taken away', ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }),
  atPlace('a key in another spelling', ({ holder, key }, random) => {
    if (Array.isArray(holder)) return;
    const value = holder[key];
    delete holder[key];
    holder[random.pick([key.toUpperCase(), `${key} `, `${key}.value`, mangledText(key, random)])] = value;
  }),
  atPlace('a value of another place', ({ holder, key }, random, root) => {
    const places = placesIn(root);
    // A body may be a number by now.
    if (places.length === 0) return;
    const other = random.pick(places);
    holder[key] = structuredClone(other.holder[other.key]);
  }),
  atPlace('a poisonous key', ({ holder, key }, random) => {
    const value = verbatim(
      `{"${random.pick(POISON)}":${random.pick(['{"polluted":true}', '"x"', '{"prototype":{"polluted":1}}', 'null'])}}`,
    );
    if (Array.isArray(holder) || random.once(2)) holder[key] = value;
    // Object.defineProperty, since an assignment of __proto__ would not make a key.
    else Object.defineProperty(holder, random.pick(POISON), { value: holder[key], enumerable: true });
  }),
  atPlace('deep nesting', ({ holder, key }, random) => {
    const depth = random.pick([20, 29, 30, 31, 32, 33, 34, 100, 5000, 200_000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['{"value":', '}'],
    ] as const);
    holder[key] = verbatim(open.repeat(depth) + '1' + close.repeat(depth));
  }),
  atPlace('many keys', ({ holder, key }, random) => {
    const count = random.pick(LENGTHS);
    holder[key] = Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, n]));
  }),
];

/** Elements that keep a body of copies below a few megabytes. */
const most = (element: unknown): number => Math.ceil(3_000_000 / (JSON.stringify(element) ?? '').length);

function atPlace(name: string, change: (place: Place, random: Random, root: unknown) => void): Mutation {
  return {
    name,
    apply(request, random) {
      const root = { body: parsed(request) };
      if (root.body === undefined) return undefined;
      // The body as a whole is a place too, but a rare one.
      const places = placesIn(random.once(12) ? root : root.body);
      if (places.length === 0) return undefined;
      change(random.pick(places), random, root.body);
      return { ...request, body: Buffer.from(jsonText(root.body ?? null)) };
    },
  };
}

function parsed({ body }: FuzzRequest): unknown {
  const text = body && body.length < 100_000 ? body.toString() : '';
  // What nests this deep is the work of another mutation, and would exhaust a recursion here.
  if (text === '' || /(?:\[|\{"\w*":){60}/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Another mutation has been here before, or it is a form.
    return undefined;
  }
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}
