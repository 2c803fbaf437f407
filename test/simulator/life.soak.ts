// `npm run test:life`: 5 000 people through twenty cycles on a bad line; after every cycle both sides agree.
import { expect } from 'chai';
import { openChange } from '../../src/simulator/churn/change.js';
import { USUAL_RATES } from '../../src/simulator/churn/rates.js';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';
import { aTenant } from '../support/tenant.js';
import { aJob, aState, differences } from './simulation.js';

const PEOPLE = Number(process.env.LIFE_PEOPLE ?? 5000);
const CYCLES = 20;
const SEED = Number(process.env.TEST_SEED ?? 42);
/** The bin is emptied after thirty days: with two days from cycle to cycle some people are deleted, and hired again. */
const MINUTES = 2 * 24 * 60;

describe(`the life of ${PEOPLE} people on a bad line (seed ${SEED})`, function () {
  this.timeout(3_600_000);

  it(`leaves no difference after any of ${CYCLES} cycles`, async () => {
    const tenant = await aTenant();
    const state = await aState({ people: PEOPLE, groups: 120, seed: SEED });
    const chaos = { drop: 0.01, slow: 0.05, duplicate: 0.01, killToken: 0.002 };
    const job = aJob(tenant, state, { chaos });
    const change = await openChange(state);
    for (let cycle = 0; cycle <= CYCLES; cycle += 1) {
      const started = performance.now();
      if (cycle > 0) change(USUAL_RATES);
      expect(await runCycle(job, cycle === 0 ? 'initial' : 'incremental', MINUTES)).to.deep.equal({
        kind: 'completed',
      });
      const ran = performance.now();
      expect(await differences(tenant, job)).to.deep.equal([]);
      const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
      console.log(
        `      cycle ${cycle}: ${state.organisation.people.size} people, ${seconds(started, ran)} s, looked at in ${seconds(ran, performance.now())} s`,
      );
    }
    const { refusals, phases } = job.meter.figures();
    expect(refusals).to.deep.equal([]);
    const lost = phases.reduce((sum, { statuses }) => sum + (statuses.lost ?? 0), 0);
    const deleted = phases.find(({ phase }) => phase === 'people deleted')?.objects ?? 0;
    console.log(
      `      ${lost} requests lost, ${deleted} people deleted, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB with the service`,
    );
    expect([lost > 0, deleted > 0]).to.deep.equal([true, true]);
    job.close();
  });
});
