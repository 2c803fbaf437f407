// Random commands over two tenants, through HTTP, against a model in memory that was written from SPEC and the RFCs.
// TEST_SEED repeats a run; a failure prints the shortest list of commands that fails.
import { expect } from 'chai';
import fc from 'fast-check';
import { SEED, runsOf } from '../support/property.js';
import { beginning, commandsUpTo, KINDS } from './machine/commands/index.js';
import { FAULTS } from './machine/faults.js';
import { REASONS } from './machine/outcome.js';
import { compareEverything } from './machine/whole.js';
import { type Layer, aWorld } from './machine/world.js';

const RUNS = runsOf({ usual: 150, deep: 2000 });
/** In how many runs a fault must be found. */
const RUNS_TO_FIND = 300;

/** Commands of a run after the ten it begins with. */
const MORE = 30;

const agreement = (met: Map<string, number>, layer: () => Layer) =>
  fc.asyncProperty(beginning, commandsUpTo(MORE), async (first, more) => {
    const { model, world } = await aWorld(met, layer());
    for (const command of first) await command.run(model, world);
    await fc.asyncModelRun(() => ({ model, real: world }), more);
    await compareEverything({ model, world });
  });

describe(`two tenants through random commands (seed ${SEED})`, function () {
  this.timeout(Math.max(240_000, RUNS * 4000));
  const met = new Map<string, number>();
  const faithful: Layer = (next) => next;

  it('are what the model says, after every command and as a whole', async () => {
    await fc.assert(
      agreement(met, () => faithful),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('have been through every kind of command and every outcome', () => {
    const outcomes = ['created', 'adopted', 'adopted by change', 'revived', 'changed', 'unchanged', 'group created'];
    const wanted = [...KINDS.map(({ name }) => name), ...Object.keys(REASONS), ...outcomes, 'made in SpeakUp', 'TAKEN'];
    expect(KINDS.length).to.be.at.least(30);
    expect(wanted.filter((what) => !met.has(what))).to.deep.equal([]);
  });

  for (const [fault, layer] of Object.entries(FAULTS)) {
    it(`are found out when the service ${fault}`, async () => {
      const details = await fc.check(agreement(new Map(), layer), {
        numRuns: RUNS_TO_FIND,
        seed: SEED,
        endOnFailure: true,
      });
      expect(details.failed, 'nobody noticed').to.equal(true);
    });
  }
});
