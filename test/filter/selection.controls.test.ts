import { AssertionError, expect } from 'chai';
import fc from 'fast-check';
import pg from 'pg';
import { type Deps } from '../../src/deps.js';
import { withOwnerUrl } from '../support/owner.js';
import { SEED } from '../support/property.js';
import { arbitraryTree } from './asked/trees.js';
import { type Population, thePopulation } from './population.js';
import { print } from './reading/print.js';
import { type Tree } from './reading/tree.js';
import { rewired, SABOTAGES, tenantForgotten } from './sabotage.js';
import { expected, selected, tenantAt } from './selection.js';

/** Each fault is met within as many filters; the rarest takes some hundreds. */
const BOUND = 5000;
/** Nothing is found in as many where nothing is wrong. */
const QUIET = 200;

describe(`the test of what a filter selects (seed ${SEED})`, function () {
  this.timeout(180_000);
  let population: Population;
  let services: Deps;
  before(async () => {
    population = await thePopulation();
    services = tenantAt(population.users, 0).scene.server.deps;
  });

  /** What the usual test finds of a service that reads the filter so and works with these. */
  const check = async (reads: (tree: Tree) => Tree, deps: Deps, numRuns: number) => {
    const { words, resources } = population.users;
    const asked = fc.tuple(arbitraryTree(words, resources), fc.nat());
    const property = fc.asyncProperty(asked, async ([tree, at]) => {
      const tenant = tenantAt(population.users, at);
      const accepted = expected(tree, print(tree), words, tenant);
      // What is refused stays refused, whatever it is rewritten to.
      if (accepted === 'invalidFilter') return;
      expect(await selected(words, tenant, print(reads(tree)), deps)).to.deep.equal(accepted);
    });
    return fc.check(property, { numRuns, seed: SEED, endOnFailure: true });
  };

  const asItIs = (tree: Tree): Tree => tree;

  for (const [fault, sabotage] of Object.entries(SABOTAGES)) {
    it(`catches ${fault}`, async () => {
      const deps = 'sql' in sabotage ? rewired(services, sabotage.sql) : services;
      const { failed, errorInstance } = await check('reads' in sabotage ? sabotage.reads : asItIs, deps, BOUND);
      expect(failed).to.equal(true);
      expect(errorInstance).to.be.instanceOf(AssertionError);
    });
  }

  it('finds nothing where nothing is wrong', async () => {
    const deps = rewired(services, (sent) => sent);
    expect((await check(asItIs, deps, QUIET)).failed).to.equal(false);
  });

  describe('of tenants', () => {
    const withOwner = (work: (service: OwnersService) => Promise<void>) =>
      withOwnerUrl(async (url) => {
        // A superuser: row-level security does not hold for it.
        const pool = new pg.Pool({ connectionString: url, max: 2 });
        try {
          await work((rewrite) => rewired(services, rewrite, pool));
        } finally {
          await pool.end();
        }
      });

    it('catches a forgotten tenant where row-level security is off too', async () => {
      await withOwner(async (service) => {
        const { failed, errorInstance } = await check(asItIs, service(tenantForgotten), BOUND);
        expect(failed).to.equal(true);
        expect(errorInstance).to.be.instanceOf(AssertionError);
        const { words } = population.users;
        const [here, elsewhere] = [tenantAt(population.users, 0), tenantAt(population.users, 1)];
        // By id: everybody of every tenant would be more than a page.
        const foreign = elsewhere.resources.map(({ id }) => String(id)).slice(0, 50);
        const filter = foreign.map((id) => `id eq "${id}"`).join(' or ');
        expect(await selected(words, here, filter, service(tenantForgotten))).to.have.members(foreign);
      });
    });

    it('finds nobody of another tenant by the predicate alone', async () => {
      await withOwner(async (service) => {
        expect(
          (
            await check(
              asItIs,
              service((sent) => sent),
              QUIET,
            )
          ).failed,
        ).to.equal(false);
      });
    });

    it('finds nobody of another tenant by row-level security alone', async () => {
      expect((await check(asItIs, rewired(services, tenantForgotten), QUIET)).failed).to.equal(false);
    });
  });
});

type OwnersService = (rewrite: Parameters<typeof rewired>[1]) => Deps;
