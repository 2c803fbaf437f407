import { expect } from 'chai';
import { openChange } from '../../src/simulator/churn/change.js';
import { scaled, USUAL_RATES } from '../../src/simulator/churn/rates.js';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';
import { aTenant } from '../support/tenant.js';
import { aJob, aState, differences } from './simulation.js';

describe('simulated cycles', function () {
  this.timeout(120_000);

  for (const dialect of ['default', 'aadOptscim062020'] as const) {
    it(`bring a tenant to what the organisation is, and keep it so, in the ${dialect} dialect`, async () => {
      const tenant = await aTenant();
      const job = aJob(tenant, await aState({ people: 70 }), { dialect });
      expect(await runCycle(job, 'initial')).to.deep.equal({ kind: 'completed' });
      expect(await differences(tenant, job)).to.deep.equal([]);
      const change = await openChange(job.state);
      for (let cycle = 0; cycle < 3; cycle += 1) {
        change(scaled(USUAL_RATES, 5));
        expect(await runCycle(job, 'incremental', 15 * 24 * 60)).to.deep.equal({ kind: 'completed' });
        expect(await differences(tenant, job)).to.deep.equal([]);
      }
      const { refusals, phases } = job.meter.figures();
      expect(refusals).to.deep.equal([]);
      expect(new Set(phases.map(({ phase }) => phase))).to.include.keys('people deleted', 'managers', 'members');
      job.close();
    });
  }
});

describe('a simulated bad line', function () {
  this.timeout(120_000);

  it('leaves no trace: answers are lost, requests cut, late and doubled, tokens die, and both sides still agree', async () => {
    const tenant = await aTenant();
    const chaos = { drop: 0.05, slow: 0.05, duplicate: 0.05, killToken: 0.02 };
    const job = aJob(tenant, await aState({ seed: 7, people: 70 }), { chaos });
    const change = await openChange(job.state);
    for (let cycle = 0; cycle < 3; cycle += 1) {
      if (cycle > 0) change(scaled(USUAL_RATES, 5));
      expect(await runCycle(job, cycle === 0 ? 'initial' : 'incremental')).to.deep.equal({ kind: 'completed' });
      expect(await differences(tenant, job)).to.deep.equal([]);
    }
    const { refusals, phases } = job.meter.figures();
    expect(refusals).to.deep.equal([]);
    const sum = (status: string) => phases.reduce((all, { statuses }) => all + (statuses[status] ?? 0), 0);
    expect([sum('lost') > 10, sum('401') > 3]).to.deep.equal([true, true]);
    job.close();
  });
});
