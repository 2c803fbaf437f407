// What filters are asked with: the values that resources have, or nearly have, and what a careless comparison trips
// over.
import fc from 'fast-check';
import { type Json, isObject, type Literal } from '../reading/tree.js';
import { type Attribute, isAddress, type Meaning } from '../reading/vocabulary.js';

/** Special to LIKE, to JSON, to Unicode's cases, or at an end of a range of code points. */
export const AWKWARD: readonly string[] = [
  ...['', ' ', '%', '_', '\\', '"', "'", '/', '\n', '\t', '%_', '\\%', '\\\\', '\u0001', '\u007f', '$1', '{}', 'null'],
  ...[
    'i',
    'I',
    'ı',
    'İ',
    'i\u0307',
    'ß',
    'ẞ',
    'ss',
    'ſ',
    's',
    '\u212a',
    'k',
    '\u212b',
    'å',
    '\u2126',
    'ω',
    'ǅ',
    'ϴ',
    'ﬀ',
  ],
  ...['Σ', 'σ', 'ς', 'ΑΣ', 'ας', 'ασ', 'ΑΣ.', 'é', 'e\u0301', 'É', 'E\u0301', '\u0301', '\u00ad', '\u200d', '\ufeff'],
  ...['Ა', 'ა', 'Ꭰ', 'ꭰ', 'ꭓ', '\u{10400}', '\u{10428}', '\u{1e900}', '\u{1e922}', '𝐀', '😀', '👩\u200d💻', '🇳🇱'],
  ...['\ud7ff', '\ue000', '\uffff', '\ufffd', '\u{10000}', '\u{10ffff}'],
];

/** The values of an attribute, or of its sub-attribute, that some resource has. */
export function valuesIn({ schema, attribute, sub }: Meaning, resources: readonly Json[]): readonly unknown[] {
  const values = resources
    .map((resource) => (schema.extension ? resource[schema.urn] : resource))
    .flatMap((holder) => all(isObject(holder) ? holder[attribute.name] : undefined));
  const found = sub ? values.flatMap((value) => all(isObject(value) ? value[sub.name] : undefined)) : values;
  return [...new Set(found)];
}

const all = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** Literals that suit the attribute; `others` are values of other attributes. */
export function suitedLiteral(
  attribute: Attribute,
  values: readonly unknown[],
  others: readonly string[],
): fc.Arbitrary<Literal> {
  const texts = values.filter((value) => typeof value === 'string');
  if (isAddress(attribute)) return address(texts);
  switch (attribute.type) {
    case 'boolean':
      return fc.boolean();
    case 'dateTime':
      return moment(texts);
    case 'integer':
    case 'decimal':
      return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    default: {
      const own = texts.length > 0 ? texts : AWKWARD;
      return fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...own) },
        { weight: 6, arbitrary: changed(fc.constantFrom(...own)) },
        { weight: 2, arbitrary: fc.constantFrom(...AWKWARD) },
        { weight: 1, arbitrary: changed(fc.constantFrom(...others)) },
        { weight: 1, arbitrary: anyText },
      );
    }
  }
}

/** What suits few attributes, so that profile RFC refuses it. */
export const anyLiteral: fc.Arbitrary<Literal> = fc.oneof(
  fc.constantFrom<Literal>(null, true, false, 'True', 'yesterday', '2026-02-30T00:00:00Z', '2025-02-29T12:00:00Z'),
  fc.constantFrom(
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T24:00:01Z',
    '2026-01-01',
    '0000-01-01T00:00:00Z',
  ),
  fc.constantFrom('2026-01-01T00:00:00+14:01', '2026-01-01T00:00:00+00:60', '2026-01-01T00:00:60Z', '2026-1-1T0:0:0Z'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Whole Unicode but NUL and half characters. */
export const anyText: fc.Arbitrary<string> = fc
  .string({ unit: 'binary', maxLength: 6 })
  .map((text) => text.replaceAll('\0', ''));

/** Nearly the text: another case, its beginning, end or middle, with something before, within or after it, or LIKE's own characters within. */
export function changed(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const how = fc.constantFrom(
    'upper',
    'lower',
    'each',
    'start',
    'end',
    'middle',
    'before',
    'after',
    'instead',
    'any',
    'many',
  );
  return fc
    .tuple(text, how, fc.nat(9), fc.nat(6), fc.constantFrom(...AWKWARD))
    .map(([whole, change, at, length, more]) => {
      const characters = Array.from(whole);
      const cut = (from: number, to?: number) => characters.slice(from, to).join('');
      switch (change) {
        case 'upper':
          return whole.toUpperCase();
        case 'lower':
          return whole.toLowerCase();
        case 'each':
          return characters
            .map((one, place) => (place % 2 === at % 2 ? one.toUpperCase() : one.toLowerCase()))
            .join('');
        case 'start':
          return cut(0, length);
        case 'end':
          return cut(Math.max(0, characters.length - length));
        case 'middle':
          return cut(at % (characters.length + 1), (at % (characters.length + 1)) + length);
        case 'before':
          return more + whole;
        case 'after':
          return whole + more;
        case 'any':
          return cut(0, at) + '_' + cut(at + 1);
        case 'many':
          return cut(0, at) + '%' + cut(at + length);
        case 'instead':
          return cut(0, at) + more + cut(at + 1);
      }
    });
}

/** Addresses of resources, by any name of the service, and what is nearly one. */
function address(texts: readonly string[]): fc.Arbitrary<string> {
  const own = fc.constantFrom('https://example.org/scim/v2/Users/0190a5c2-7b1e-7c3d-8e4f-1a2b3c4d5e6f', ...texts);
  const how = fc.constantFrom('same', 'same', 'elsewhere', 'end', 'id', 'slash', 'case', 'type', 'more');
  return fc.tuple(own, how).map(([text, change]) => {
    const [id = '', endpoint = ''] = text.split('/').reverse();
    switch (change) {
      case 'elsewhere':
        return `https://elsewhere.example/a/b/${endpoint}/${id}`;
      case 'end':
        return `${endpoint}/${id}`;
      case 'id':
        return id;
      case 'slash':
        return `${text}/`;
      case 'case':
        return text.toUpperCase();
      case 'type':
        return text.replace(endpoint, endpoint === 'Users' ? 'Groups' : 'Users');
      case 'more':
        return `${text}0`;
      default:
        return text;
    }
  });
}

/** The moments of resources, or next to one, in any zone and with any number of digits. */
function moment(texts: readonly string[]): fc.Arbitrary<string> {
  const far = [
    '2020-02-29T23:59:59Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59.999-14:00',
    '1969-12-31T24:00:00Z',
  ];
  const near = fc
    .tuple(
      fc.constantFrom('2026-01-01T00:00:00Z', ...texts),
      fc.constantFrom(0, 0, 0, 0, 1, -1, 1000, -3600_000),
      fc.constantFrom(0, 0, 60, -90, 330, 840, -840),
      fc.constantFrom('', '', '0', '000000', '5', '000001', '999999'),
      fc.constantFrom('Z', '+00:00', '-00:00', ''),
    )
    .map(([text, shift, zone, digits, zero]) => {
      const local = new Date(Date.parse(text) + shift + zone * 60_000).toISOString().replace('Z', digits);
      return local + (zone === 0 ? zero : zoneText(zone));
    });
  return fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: fc.constantFrom(...far) });
}

function zoneText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
