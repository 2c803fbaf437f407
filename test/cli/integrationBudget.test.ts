import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyOf } from '../scim/records.js';
import { cli } from '../support/program.js';
import { theDatabase } from '../support/server.js';
import { aTenant, type Json } from '../support/tenant.js';

describe('the command integration budget', function () {
  this.timeout(120_000);

  const run = async (...words: string[]) => cli(['integration', ...words], (await theDatabase()).environment);
  const shown = async (...words: string[]): Promise<Json> => {
    const { code, stdout, stderr } = await run(...words, '--json');
    expect([code, stderr]).to.deep.equal([0, '']);
    return JSON.parse(stdout);
  };

  it('gives a budget, which the running server heeds within 5 s and the list shows, and takes it away', async () => {
    const acme = await aTenant();
    const { clientId } = acme;
    const which = ['--tenant', acme.tenant.slug];
    const budget = { requestsPerSecond: 25, burst: 100 };
    const policy = async () => (await acme.scim('GET', '/Users?count=0')).headers.get('RateLimit-Policy');
    const untilPolicy = async (wanted: string | null) => {
      const start = performance.now();
      while ((await policy()) !== wanted && performance.now() - start < 8000) await sleep(50);
      return performance.now() - start;
    };
    expect(await policy()).to.equal(null);
    const set = ['budget', ...which, '--client-id', clientId];
    expect(await shown(...set, '--requests-per-second', '25', '--burst', '100')).to.deep.equal({ clientId, budget });
    expect(await untilPolicy('"requests";q=100;w=4')).to.be.below(5000);
    expect((await shown('list', ...which))[0]).to.deep.include({ clientId, budget });
    expect((await run('list', ...which)).stdout).to.match(/BUDGET .*enabled +25 a second, 100 at once +/s);
    const { stdout } = await run(...set, '--off');
    expect(stdout).to.equal(`App integration ${clientId} may send as many requests as it likes.\n`);
    expect(await untilPolicy(null)).to.be.below(5000);
    expect((await shown('list', ...which))[0]).to.deep.include({ clientId, budget: null });
    const [, , ...records] = await historyOf(acme, clientId);
    expect(records.map(({ actor_kind, changes }) => [actor_kind, changes] as unknown)).to.deep.equal([
      ['SYSTEM', { requestsPerSecond: { before: null, after: 25 }, burst: { before: null, after: 100 } }],
      ['SYSTEM', { requestsPerSecond: { before: 25, after: null }, burst: { before: 100, after: null } }],
    ]);
  });

  it('ends with 2 where it is used wrongly, and with 1 where the tenant has no such integration', async () => {
    const acme = await aTenant();
    const foreign = await aTenant();
    const of = (clientId: string) => ['budget', '--tenant', acme.tenant.slug, '--client-id', clientId];
    const codes = [];
    for (const words of [
      of(acme.clientId),
      [...of(acme.clientId), '--burst', '5'],
      [...of(acme.clientId), '--requests-per-second', '5', '--burst', '4'],
      [...of(acme.clientId), '--requests-per-second', '0', '--burst', '4'],
      [...of(acme.clientId), '--burst', '5', '--off'],
      [...of(foreign.clientId), '--off'],
    ]) {
      const { code, stdout, stderr } = await run(...words);
      codes.push(code);
      expect([stdout, stderr === '']).to.deep.equal(['', false]);
    }
    expect(codes).to.deep.equal([2, 2, 2, 2, 2, 1]);
  });
});
