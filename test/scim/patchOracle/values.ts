// Values for PATCH operations: right and wrong in type, empty in every way, awkward in Unicode, and wrapped as Entra does.
import fc from 'fast-check';
import { type Kind, type Rule } from './interpreterSchema.js';
import { type Json } from './interpreterState.js';

/** Mostly the first, now and then one of the others. */
export const mostly = <T>(weight: number, first: fc.Arbitrary<T>, ...others: readonly fc.Arbitrary<T>[]) =>
  fc.oneof({ weight, arbitrary: first }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));

export const oneOf = <T extends Json>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const AWKWARD = [
  'é',
  'e\u0301',
  '😀',
  'ﷺ',
  '\u200b',
  '\u{10ffff}',
  'O\'Neil \\ "x"',
  '%_',
  '__proto__',
  '\t',
  'x'.repeat(300),
];

/** Few words, so that filters and repeated values meet. */
export const word = mostly<string>(12, oneOf('one', 'two', 'Three', 'ONE'), oneOf(...AWKWARD));

/** What no attribute, or only a lenient profile, takes; and what clears one. */
export const odd: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: oneOf<Json>(null, [], '', {}) },
  { weight: 1, arbitrary: oneOf<Json>({ value: '' }, { value: null }, [{ value: '' }], [{}], [null]) },
  { weight: 2, arbitrary: oneOf<Json>(7, 1.5, true, ['one'], ['one', 'two'], { nonsense: 'one' }) },
);

export const wrapped = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.tuple(value, fc.boolean()).map(([inner, ref]): Json => [ref ? { $ref: null, value: inner } : { value: inner }]);

export const flag: fc.Arbitrary<Json> = mostly<Json>(
  6,
  fc.boolean(),
  oneOf<Json>('True', 'False', 'true', 'FALSE', 'yes', 1),
);

const TYPES = ['work', 'home', 'other', 'Work'];

/** A value of the kind of a simple attribute, seldom something else. */
export function valueOf(rule: Pick<Rule, 'name' | 'kind'>): fc.Arbitrary<Json> {
  const right = ofKind(rule.kind, rule.name);
  return mostly<Json>(16, right, wrapped(right), odd);
}

function ofKind(kind: Kind, name: string): fc.Arbitrary<Json> {
  if (kind === 'boolean') return flag;
  if (kind === 'binary') return oneOf('AAEC', 'MIIB');
  if (name === 'type') return oneOf(...TYPES);
  return name === 'profileUrl' ? oneOf('https://fabriek.example/1', 'https://fabriek.example/2') : word;
}

/** An element of a multi-valued attribute, or the object of a complex one: some of its parts, names in any case. */
export function objectOf(rule: Rule, address: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const partOf = (part: Rule): fc.Arbitrary<Json> => {
    if (part.name === 'primary') return mostly<Json>(5, oneOf(false), flag);
    if (rule.name === 'emails' && part.name === 'value') return mostly<Json>(12, address, odd);
    if (rule.name === 'photos' && part.name === 'value') return oneOf('https://fabriek.example/a.png');
    return mostly<Json>(25, ofKind(part.kind, part.name), odd);
  };
  const parts = Object.fromEntries(rule.parts.map((part) => [part.name, partOf(part)]));
  const required = rule.parts.filter((part) => part.name === 'value').map((part) => part.name);
  const object = fc.record(parts, { requiredKeys: required });
  return mostly<Json>(
    15,
    object,
    object.map((one) => ({ ...one, nonsense: 'one' })),
    object.map((one) => Object.fromEntries(Object.entries(one).map(([name, value]) => [name.toUpperCase(), value]))),
  );
}

/** A list for a multi-valued attribute; one element may stand alone. */
export const listOf = (rule: Rule, address: fc.Arbitrary<Json>): fc.Arbitrary<Json> => {
  const element = objectOf(rule, address);
  return mostly<Json>(16, fc.array(element, { minLength: 1, maxLength: 3 }), element, odd);
};

/** The text as it is, or with its letters in another case. */
export const anyCase = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  mostly(
    8,
    text,
    text.map((one) => one.toUpperCase()),
    text.map((one) => one.toLowerCase()),
  );
