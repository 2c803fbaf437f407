import { expect } from 'chai';
import { DEEP, SEED } from '../support/property.js';
import { theServer } from '../support/server.js';
import { rewriting } from './forgotten.js';
import { aScratch, rowLevelSecurity, type Scratch } from './scratch.js';
import { allProbes, everyOne, type Probes, sampleOf } from './walk/probes.js';
import { type Figures, type Ground, prepare, walk } from './walk/walk.js';

/** The whole is `npm run test:walk`. */
const SHARE = 2000;

describe(`a walk with another tenant's values (seed ${SEED})`, function () {
  this.timeout(DEEP ? 1_800_000 : 240_000);
  let probes: Probes;
  let figures: Figures;
  before(async () => {
    const ground = await prepare(await theServer());
    probes = await allProbes(ground.there.tenant);
    figures = await walk(ground, DEEP ? everyOne(probes) : sampleOf(probes, SHARE, SEED));
  });

  it('has ten thousand questions at least, for every place where a value can stand', () => {
    expect(everyOne(probes)).to.have.length.above(10_000);
    const fewest = { 'GraphQL queries': 5000, 'GraphQL mutations': 500, filters: 3000, cursors: 300, headers: 500 };
    for (const [kind, fewestOfIt] of Object.entries({ ...fewest, paths: 2000, writes: 1000 })) {
      expect(probes[kind], kind).to.have.length.above(fewestOfIt);
    }
  });

  it('I1, I2, I3, I4, I5, I6, I7, I8, I9: is answered as one with values that nobody has, and shows nothing of the other tenant', () => {
    expect(figures.leaks).to.deep.equal([]);
    expect(figures.probes).to.be.above(SHARE * 0.8);
  });

  it('makes nothing fail', () => {
    expect(figures.faults).to.deep.equal([]);
  });

  it('goes through open doors: a tenant that asks with values of its own finds them', () => {
    expect(figures.live / figures.reads).to.be.above(0.15);
  });
});

describe('a walk where both walls are down for one statement', function () {
  this.timeout(240_000);
  let scratch: Scratch;
  let ground: Ground;
  let probes: Probes;
  before(async () => {
    scratch = await aScratch();
    ground = await prepare(scratch.server);
    probes = await allProbes(ground.there.tenant);
    await rowLevelSecurity(scratch.owner, 'disable');
  });
  after(() => scratch.remove());

  /** What is found while statements that say this have no predicate on the tenant. */
  const found = async (kind: string, count: number, forgets: (text: string) => string) => {
    const some = { [kind]: probes[kind] ?? [] };
    return (await rewriting(forgets, () => walk(ground, sampleOf(some, count, SEED), { live: false }))).leaks;
  };
  const listForgets = (text: string) => text.replace(/\bu\.tenant_id = \$1 and/, '$1::uuid is not null and');

  it('finds a list of people that forgets the tenant, by what it shows and by what it answers otherwise', async () => {
    const leaks = await found('filters', 400, listForgets);
    expect(leaks.filter(({ found: what }) => what.startsWith('shows'))).to.have.length.above(10);
  });

  it('finds a group that is read by its id alone', async () => {
    const byId = (text: string) =>
      text.replace('where g.tenant_id = $1 and g.id = $2', 'where $1::uuid is not null and g.id = $2');
    expect(await found('paths', 1500, byId)).to.have.length.above(5);
  });

  it('finds a list of GraphQL that forgets the tenant', async () => {
    expect(await found('GraphQL queries', 300, listForgets)).to.have.length.above(10);
  });

  it('finds nothing where nothing is forgotten, though row-level security is off', async () => {
    expect(await found('filters', 100, (text) => text)).to.deep.equal([]);
  });
});
