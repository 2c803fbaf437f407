import { expect } from 'chai';
import fc from 'fast-check';
import { parseAttributePath } from '../../src/attribute/attributePath.js';
import { type CompareOperator, type Filter, printFilter } from '../../src/filter/filter.js';
import { parseFilter } from '../../src/filter/parseFilter.js';
import { enterprise, strict } from './asking.js';

const OPERATORS: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

const paths = fc
  .constantFrom(
    'a',
    'x-1_y',
    'name.familyName',
    'members.$ref',
    `${enterprise}:manager`,
    `${enterprise}:manager.value`,
    'not-and',
  )
  .map((text) => parseAttributePath(text) ?? { text, name: text });

const literals = fc.oneof(
  fc
    .string({ unit: 'binary' })
    .filter((text) => !text.includes('\0'))
    .map((literal) => ({ literal })),
  fc.constantFrom(true, false, null).map((literal) => ({ literal })),
  fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((number) => {
    const digits = JSON.stringify(number);
    return { literal: Number(digits), digits };
  }),
);

const terms: fc.Arbitrary<Filter> = fc.oneof(
  paths.map((path): Filter => ({ kind: 'present', column: 1, path })),
  fc
    .tuple(paths, fc.constantFrom(...OPERATORS), literals)
    .map(([path, operator, literal]): Filter => ({ kind: 'compare', column: 1, path, operator, ...literal })),
);

const within = fc
  .tuple(
    paths.filter(({ sub }) => sub === undefined),
    combined(terms, 2),
  )
  .map(([path, filter]): Filter => ({ kind: 'within', column: 1, path, filter }));

describe('printFilter', () => {
  it('prints what parses to the same filter', () => {
    fc.assert(
      fc.property(combined(fc.oneof(terms, within), 3), (filter) => {
        expect(withoutColumns(parseFilter(printFilter(filter), strict))).to.deep.equal(withoutColumns(filter));
      }),
      { numRuns: 500 },
    );
  });
});

/** Where something was written is lost by writing it anew. */
function withoutColumns(filter: Filter): Filter {
  switch (filter.kind) {
    case 'compare':
    case 'present':
      return { ...filter, column: 0 };
    case 'not':
    case 'within':
      return { ...filter, column: 0, filter: withoutColumns(filter.filter) };
    case 'and':
    case 'or':
      return { ...filter, column: 0, filters: filter.filters.map(withoutColumns) };
  }
}

/** Filters made of the terms. */
function combined(term: fc.Arbitrary<Filter>, maxDepth: number): fc.Arbitrary<Filter> {
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
