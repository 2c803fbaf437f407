import { expect } from 'chai';
import fc from 'fast-check';
import { findAttribute } from '../../src/attribute/attributePath.js';
import { groupType, userType } from '../../src/directory/resourceTypes.js';
import { filterMatches } from '../../src/filter/filterMatches.js';
import { parseFilter } from '../../src/filter/parseFilter.js';
import { resolveElementFilter } from '../../src/filter/resolveFilter.js';
import { runsOf, SEED } from '../support/property.js';
import { refusalOf, strict } from './asking.js';
import { arbitraryElementTree, arbitraryTree, meaningsOf } from './asked/trees.js';
import { holds } from './lanes.js';
import { type Population, thePopulation } from './population.js';
import { acceptsElement } from './reading/accepts.js';
import { print } from './reading/print.js';
import { refuses } from './reading/refuses.js';
import { type Comparison, isObject, type Json } from './reading/tree.js';
import { type Meaning } from './reading/vocabulary.js';
import { expected, selected, selectedOverHttp, tenantAt } from './selection.js';
import { sampleGroups, samplePeople } from './samples.js';

/** A spelling; 0, which is the plainest, is what a failure is reduced to. */
const spellings = fc.nat();

/** Too rare to wait for: an address without a key, and what comes right after all that begin so. */
const ONCE_WRONG: readonly Comparison[] = [
  { is: 'comparison', of: { attribute: 'emails' }, operator: 'eq', literal: '' },
  { is: 'comparison', of: { attribute: 'userName' }, operator: 'sw', literal: 'i' },
  { is: 'comparison', of: { attribute: 'nickName' }, operator: 'sw', literal: '\ud7ff' },
  { is: 'comparison', of: { attribute: 'title' }, operator: 'sw', literal: '\u{10ffff}' },
];

describe(`what a filter selects (seed ${SEED})`, function () {
  this.timeout(runsOf({ usual: 180_000, deep: 7_200_000 }));
  let population: Population;
  before(async () => {
    population = await thePopulation();
  });

  it('is asked of everybody, and never of one who was deleted', () => {
    for (const { resources } of population.users.tenants) {
      expect(resources.length).to.be.greaterThan(samplePeople.length);
      expect(resources.map(({ userName }) => userName))
        .to.include('local')
        .and.not.include('gone');
    }
    for (const { resources } of population.groups.tenants) expect(resources).to.have.length(sampleGroups.length);
  });

  it('is asked of every attribute that is published, most of them with values', () => {
    const names = meaningsOf(population.users.words).map(({ attribute, sub }) => `${attribute.name}.${sub?.name}`);
    expect(names).to.include.members(['emails.value', 'manager.$ref', 'meta.created', 'department.undefined']);
    expect(names.length).to.be.greaterThan(80);
  });

  it('is asked by filters that seldom are refused, and often divide people', () => {
    const { words, resources } = population.users;
    const tenant = tenantAt(population.users, 0);
    const answers = fc
      .sample(arbitraryTree(words, resources), { numRuns: 1000, seed: SEED })
      .map((tree) => expected(tree, print(tree), words, tenant));
    const dividing = answers.filter(
      (ids) => ids !== 'invalidFilter' && ids.length > 0 && ids.length < tenant.resources.length,
    );
    const refused = answers.filter((ids) => ids === 'invalidFilter');
    expect(refused.length).to.be.within(20, 300);
    expect(dividing.length).to.be.above(300);
  });

  for (const [type, usual, deep] of [
    ['users', 4000, 160_000],
    ['groups', 1000, 40_000],
  ] as const) {
    it(`is, of ${type}, what a reading of each accepts, and nobody of another tenant`, async () => {
      const question = population[type];
      const { words, resources } = question;
      const asked = fc.tuple(arbitraryTree(words, resources), spellings, fc.nat(), fc.noBias(fc.nat(49)));
      const property = fc.asyncProperty(asked, async ([tree, spelling, at, way]) => {
        const [text, tenant] = [print(tree, spelling), tenantAt(question, at)];
        const accepted = expected(tree, text, words, tenant);
        expect(await selected(words, tenant, text), text).to.deep.equal(accepted);
        if (way === 0) expect(await selectedOverHttp(words, tenant, text), text).to.deep.equal(accepted);
      });
      await holds(property, runsOf({ usual, deep }));
    });
  }

  for (const tree of ONCE_WRONG) {
    const text = print(tree);
    it(`is right for ${JSON.stringify(text)}`, async () => {
      const { words } = population.users;
      const tenant = tenantAt(population.users, 0);
      expect(await selected(words, tenant, text)).to.deep.equal(expected(tree, text, words, tenant));
    });
  }

  it('is, among the elements a PATCH path chooses from, what the reading accepts', () => {
    for (const [question, type] of [
      [population.users, userType],
      [population.groups, groupType],
    ] as const) {
      const lists = meaningsOf(question.words).filter(
        ({ attribute, sub }) => attribute.multiValued && isList(attribute, sub),
      );
      for (const meaning of lists) {
        const elements = elementsOf(meaning, question.resources);
        const attribute = findAttribute(
          type,
          { text: '', name: meaning.attribute.name },
          { shortNames: false },
        )?.attribute;
        if (!attribute) throw new Error(`${meaning.attribute.name} is not known`);
        const trees = fc.tuple(arbitraryElementTree(meaning, question.resources), spellings);
        const property = fc.property(trees, ([tree, spelling]) => {
          const text = print(tree, spelling);
          const resolve = () => resolveElementFilter(parseFilter(text, strict), attribute, { looseBooleans: false });
          if (refuses(tree, question.words, meaning.attribute))
            return void expect(refusalOf(resolve)).to.match(/^invalidFilter/);
          const filter = resolve();
          const chosen = elements.filter((element) => filterMatches(filter, element));
          const accepted = elements.filter((one) => acceptsElement(tree, meaning.attribute, one, question.words));
          expect(chosen, text).to.deep.equal(accepted);
        });
        fc.assert(property, { seed: SEED, numRuns: runsOf({ usual: 300, deep: 10_000 }) });
      }
    }
  });
});

const isList = ({ subAttributes }: Meaning['attribute'], sub: Meaning['sub']): boolean =>
  subAttributes !== undefined && sub === undefined;

const elementsOf = ({ attribute }: Meaning, resources: readonly Json[]): readonly Json[] =>
  resources.flatMap((resource) => resource[attribute.name] ?? []).filter(isObject);
