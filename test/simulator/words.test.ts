import { expect } from 'chai';
import { openSession } from '../../src/simulator/session.js';
import { reportInWords } from '../../src/simulator/report/words.js';
import { aTenant } from '../support/tenant.js';
import { aJob, aState } from './simulation.js';

describe('the report in words', function () {
  this.timeout(60_000);

  it('fits the terminal: the table in two halves, sentences broken between words', async () => {
    const tenant = await aTenant();
    const job = aJob(tenant, await aState({ people: 60, groups: 4, dirt: true }));
    const session = openSession({ job, command: 'initial' });
    await session.cycle('initial');
    await session.verify();
    job.close();
    const report = session.report();
    const [wide, narrow] = [reportInWords(report), reportInWords(report, 80)];
    const longest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));
    expect([longest(wide) > 100, longest(narrow) <= 80]).to.deep.equal([true, true]);
    const words = (text: string) => [...new Set(text.split(/\s+/))].sort();
    expect(words(narrow)).to.deep.equal(words(wide));
    expect(narrow).to.match(/^phase +objects +failed +requests +seconds +req\/s +retries$/m);
    expect(narrow).to.match(/^phase +p50 ms +p95 ms +p99 ms +answers$/m);
  });
});
