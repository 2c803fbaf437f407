import { expect } from 'chai';
import { openChange } from '../../src/simulator/churn/change.js';
import { scaled, USUAL_RATES } from '../../src/simulator/churn/rates.js';
import { type JobWanted } from '../../src/simulator/connect.js';
import { runCycle } from '../../src/simulator/cycle/runCycle.js';
import { aTenant } from '../support/tenant.js';
import { aJob, aState, differences } from './simulation.js';

const KINDS: Readonly<Record<string, { readonly groups?: number } & Partial<Pick<JobWanted, 'dialect' | 'batch'>>>> = {
  'in the default dialect': { dialect: 'default' },
  'in the aadOptscim062020 dialect': { dialect: 'aadOptscim062020' },
  'without groups': { groups: 0 },
  // Many changes of the same few groups at the same time.
  'one member in a PATCH': { batch: 1 },
};

describe('simulated cycles', function () {
  this.timeout(120_000);

  for (const [kind, { groups = 12, ...wanted }] of Object.entries(KINDS)) {
    it(`bring a tenant to what the organisation is, and keep it so, ${kind}`, async () => {
      const tenant = await aTenant();
      const job = aJob(tenant, await aState({ people: 110, groups }), wanted);
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
      const references = groups > 0 ? ['managers', 'members'] : ['managers'];
      expect(phases.map(({ phase }) => phase)).to.include.members(['people deleted', ...references]);
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
