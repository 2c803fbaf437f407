import { expect } from 'chai';
import fc from 'fast-check';
import { type Filter, printFilter } from '../../src/filter/filter.js';
import { parseFilter } from '../../src/filter/parseFilter.js';
import { runsOf, SEED } from '../support/property.js';
import { strict } from './asking.js';
import { arbitraryTree, meaningsOf } from './asked/trees.js';
import { holds } from './lanes.js';
import { type Inhabited, type Population, type Question, thePopulation } from './population.js';
import { isInOrderOf, isSortable } from './reading/order.js';
import { print } from './reading/print.js';
import { refuses } from './reading/refuses.js';
import { type Comparison, type Tree } from './reading/tree.js';
import { type Meaning } from './reading/vocabulary.js';
import { ALL, listed, selected, type Selected, tenantAt } from './selection.js';
import { isInGrammar, plain, treeFrom } from './parsed.js';
import { WALKS } from './walks.js';

/** Two of them, joined and negated, must stay below the limits of a filter. */
const DEPTH = 4;
const RUNS = runsOf({ usual: 300, deep: 10_000 });

const not = (part: Tree): Tree => ({ is: 'not', part });
const joined = (is: 'and' | 'or', ...parts: readonly Tree[]): Tree => ({ is, parts });

describe(`the laws of filters (seed ${SEED})`, function () {
  this.timeout(runsOf({ usual: 180_000, deep: 3_600_000 }));
  let population: Population;
  before(async () => {
    population = await thePopulation();
  });

  const trees = ({ words, resources }: Question) => arbitraryTree(words, resources, DEPTH);
  const questions = () => [population.users, population.groups];

  /** The law for pairs of filters, and each of the two types. */
  const law = async (
    check: (ask: (tree: Tree) => Promise<Selected>, one: Tree, other: Tree, at: Inhabited) => Promise<void>,
  ) => {
    for (const question of questions()) {
      const pairs = fc.tuple(trees(question), trees(question), fc.nat(), fc.nat());
      const property = fc.asyncProperty(pairs, async ([one, other, spelling, at]) => {
        const tenant = tenantAt(question, at);
        const ask = (tree: Tree) => selected(question.words, tenant, print(tree, spelling));
        // One that is refused is refused whatever stands beside it, which another test shows.
        fc.pre(!refuses(joined('and', one, other), question.words));
        await check(ask, one, other, tenant);
      });
      await holds(property, RUNS / 2);
    }
  };

  it('what is printed parses to the same filter', () => {
    for (const { words, resources } of questions()) {
      const asked = fc.tuple(arbitraryTree(words, resources), fc.nat());
      const property = fc.property(asked, ([tree, spelling]) => {
        const text = print(tree, spelling);
        fc.pre(isInGrammar(tree) && Buffer.byteLength(text) <= 8192);
        const parsed: Filter = parseFilter(text, strict);
        expect(treeFrom(parsed), text).to.deep.equal(plain(tree));
        expect(treeFrom(parseFilter(printFilter(parsed), strict)), text).to.deep.equal(plain(tree));
      });
      fc.assert(property, { seed: SEED, numRuns: runsOf({ usual: 2000, deep: 50_000 }) });
    }
  });

  it('a filter negated twice is itself', () =>
    law(async (ask, one) => {
      expect(await ask(not(not(one)))).to.deep.equal(await ask(one));
    }));

  it('not is everybody else', () =>
    law(async (ask, one, _, { resources }) => {
      const found = await ask(one);
      const others = resources.map(({ id }) => String(id)).filter((id) => !found.includes(id));
      expect(await ask(not(one))).to.deep.equal(others.sort());
    }));

  it('De Morgan: what is not both is not the one or not the other', () =>
    law(async (ask, one, other) => {
      expect(await ask(not(joined('and', one, other)))).to.deep.equal(await ask(joined('or', not(one), not(other))));
      expect(await ask(not(joined('or', one, other)))).to.deep.equal(await ask(joined('and', not(one), not(other))));
    }));

  it('and is the intersection, or the union', () =>
    law(async (ask, one, other) => {
      const [left, right] = [await ask(one), await ask(other)];
      const both = [...left].filter((id) => right.includes(id));
      expect(await ask(joined('and', one, other))).to.deep.equal(both);
      expect(await ask(joined('or', one, other))).to.deep.equal([...new Set([...left, ...right])].sort());
    }));

  it('ne is not eq', async () => {
    for (const question of questions()) {
      const { words, resources } = question;
      const comparisons = arbitraryTree(words, resources, 0).filter(
        (tree): tree is Comparison => tree.is === 'comparison',
      );
      const property = fc.asyncProperty(fc.tuple(comparisons, fc.nat()), async ([tree, at]) => {
        const ask = (asked: Tree) => selected(words, tenantAt(question, at), print(asked));
        expect(await ask({ ...tree, operator: 'ne' })).to.deep.equal(await ask(not({ ...tree, operator: 'eq' })));
      });
      await holds(property, RUNS);
    }
  });

  for (const [way, walk] of Object.entries(WALKS)) {
    it(`pages ${way} are the whole list, in its order, without repeats or holes`, async () => {
      for (const question of questions()) {
        const { words } = question;
        const sorts = fc.option(fc.tuple(fc.constantFrom(...sortable(question)), fc.boolean()), { nil: undefined });
        const asked = fc.tuple(trees(question), sorts, fc.integer({ min: 1, max: 30 }), fc.nat());
        const property = fc.asyncProperty(asked, async ([tree, sort, count, at]) => {
          fc.pre(!refuses(tree, words));
          const tenant = tenantAt(question, at);
          const query = { filter: print(tree), ...(sort ? sortOf(...sort) : {}) };
          const whole = await listed(words, tenant, { ...query, count: ALL });
          if (whole === 'invalidFilter') throw new Error(`${query.filter} was refused`);
          expect(await walk(words, tenant, query, count)).to.deep.equal(whole.ids);
          expect([...whole.ids].sort()).to.deep.equal(await selected(words, tenant, query.filter));
          const found = whole.ids.map((id) => tenant.resources.find((resource) => resource.id === id) ?? {});
          if (sort) expect(isInOrderOf(sort[0], sort[1], found), JSON.stringify(query)).to.equal(true);
        });
        await holds(property, RUNS / 3);
      }
    });
  }
});

const sortable = ({ words }: Question): readonly Meaning[] => meaningsOf(words).filter(isSortable);

const sortOf = ({ schema, attribute, sub }: Meaning, descending: boolean) => ({
  sortBy: `${schema.extension ? `${schema.urn}:` : ''}${attribute.name}${sub ? `.${sub.name}` : ''}`,
  sortOrder: descending ? 'descending' : 'ascending',
});
