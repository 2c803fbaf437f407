// Random filters and awkward people: what PostgreSQL selects must be what `filterMatches` accepts. Nothing here knows of
// a database, so that the same can be asked of a scratch table and of the running service.
import fc from 'fast-check';
import { type Attribute } from '../../src/attribute/attribute.js';
import { parseAttributePath } from '../../src/attribute/attributePath.js';
import { attributesOfType, type ResourceType } from '../../src/attribute/resourceType.js';
import { type CompareOperator, type Filter, type Literal } from '../../src/filter/filter.js';

export type Json = Readonly<Record<string, unknown>>;

/** Filters of the type that resolve, written with values that the resources have or nearly have. */
export function arbitraryFilter(type: ResourceType, resources: readonly Json[]): fc.Arbitrary<Filter> {
  const terms = attributesOfType(type).flatMap(({ schema, attribute }) => {
    const inExtension = schema !== undefined && type.extensions.includes(schema);
    const values = resources.map((one) => (inExtension ? field(one, schema.id) : one));
    return termsOf(
      attribute,
      inExtension ? `${schema.id}:` : '',
      values.flatMap((value) => all(field(value, attribute.name))),
    );
  });
  const special = [
    ...[type.core.id, 'urn:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:User', 'urn:none'].map((urn) => [
      'schemas',
      urn,
    ]),
    ...['User', 'Group', 'user'].map((name) => ['meta.resourceType', name]),
  ].map(([path = '', value = '']) => comparison(path, fc.constantFrom('eq', 'ne'), fc.constant(value)));
  return combined(fc.oneof(...terms, ...special), 3);
}

const ALL: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const IN_ORDER: readonly CompareOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const EQUAL: readonly CompareOperator[] = ['eq', 'ne'];

function termsOf(attribute: Attribute, prefix: string, values: readonly unknown[]): fc.Arbitrary<Filter>[] {
  const { name, subAttributes, multiValued } = attribute;
  if (name === 'schemas') return [];
  const path = `${prefix}${name}`;
  const parts = subAttributes?.filter((sub) => sub.name !== 'resourceType');
  if (!parts) return [leaf(attribute, path, values), present(path)];
  const ofPart = (sub: Attribute) => values.flatMap((value) => all(field(value, sub.name)));
  const inside = combined(
    fc.oneof(...parts.flatMap((sub) => [leaf(sub, sub.name, ofPart(sub)), present(sub.name)])),
    2,
  );
  const within = inside.map((filter): Filter => ({ kind: 'within', column: 1, path: pathOf(path), filter }));
  const value = parts.find((sub) => sub.name === 'value');
  return [
    ...parts.flatMap((sub) => [leaf(sub, `${path}.${sub.name}`, ofPart(sub)), present(`${path}.${sub.name}`)]),
    ...(value ? [leaf(value, path, ofPart(value))] : []),
    ...(multiValued ? [within, within, within] : [within]),
    present(path),
  ];
}

function leaf(attribute: Attribute, path: string, values: readonly unknown[]): fc.Arbitrary<Filter> {
  const nothing = comparison(path, fc.constantFrom(...EQUAL), fc.constant(null));
  const of = (operators: readonly CompareOperator[], literal: fc.Arbitrary<Literal>) =>
    fc.oneof(
      { weight: 9, arbitrary: comparison(path, fc.constantFrom(...operators), literal) },
      { weight: 1, arbitrary: nothing },
    );
  const texts = values.filter((value) => typeof value === 'string');
  if (attribute.name === '$ref' || attribute.name === 'location') return of(EQUAL, fc.constantFrom('x', ...texts));
  switch (attribute.type) {
    case 'boolean':
      return of(EQUAL, fc.boolean());
    case 'dateTime':
      return of(IN_ORDER, fc.constantFrom('2020-02-29T23:59:59Z', '0001-01-01T00:00:00+14:00', ...texts));
    case 'binary':
      return of(EQUAL, nearly(texts));
    case 'string':
    case 'reference':
      return of(ALL, nearly(texts));
    case 'integer':
    case 'decimal':
      return of(IN_ORDER, fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'complex':
      throw new Error(`${path} has no value of its own`);
  }
}

/** The values, their cases, their beginnings, ends and middles, and what is special to LIKE and to Unicode. */
function nearly(texts: readonly string[]): fc.Arbitrary<string> {
  const pool = [...new Set([...texts, ...NASTY])];
  const cut = (text: string, from: number, to: number) => Array.from(text).slice(from, to).join('');
  return fc
    .tuple(fc.constantFrom(...pool), fc.constantFrom('same', 'upper', 'lower', 'start', 'end', 'middle'), fc.nat(6))
    .map(([text, how, length]) => {
      switch (how) {
        case 'upper':
          return text.toUpperCase();
        case 'lower':
          return text.toLowerCase();
        case 'start':
          return cut(text, 0, length);
        case 'end':
          return cut(text, Math.max(0, Array.from(text).length - length), Infinity);
        case 'middle':
          return cut(text, 1, 1 + length);
        default:
          return text;
      }
    });
}

const NASTY = [
  '',
  '%',
  '_',
  '\\',
  'ı',
  'İ',
  'ß',
  'ς',
  'Σ',
  '\u{10ffff}',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  "'",
  '"',
  ' ',
  'é',
  'e\u0301',
];

/** Filters made of the terms. */
export function combined(term: fc.Arbitrary<Filter>, maxDepth: number): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth, depthSize: 'small' },
      { weight: 3, arbitrary: term },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            fc.constantFrom('and' as const, 'or' as const),
            fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
          )
          .map(([kind, filters]): Filter => ({ kind, column: 1, filters })),
      },
      { weight: 1, arbitrary: tie('filter').map((filter): Filter => ({ kind: 'not', column: 1, filter })) },
    ),
  })).filter;
}

const present = (path: string): fc.Arbitrary<Filter> => fc.constant({ kind: 'present', column: 1, path: pathOf(path) });

const comparison = (
  path: string,
  operators: fc.Arbitrary<CompareOperator>,
  literals: fc.Arbitrary<Literal>,
): fc.Arbitrary<Filter> =>
  fc.tuple(operators, literals).map(([operator, literal]) => {
    const suited = literal === null && operator !== 'ne' ? 'eq' : operator;
    return {
      kind: 'compare',
      column: 1,
      path: pathOf(path),
      operator: suited,
      literal,
      ...(typeof literal === 'number' ? { digits: String(literal) } : {}),
    };
  });

const pathOf = (text: string) => parseAttributePath(text) ?? { text, name: text };

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Json)[name] : undefined;

const all = (value: unknown): unknown[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]) as unknown[];
