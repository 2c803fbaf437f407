import { expect } from 'chai';
import { aCrowd, counted } from '../scim/brakeScene.js';
import { cli } from '../support/program.js';
import { theDatabase } from '../support/server.js';
import { type Json } from '../support/tenant.js';

describe('the command brake', function () {
  this.timeout(120_000);

  it('shows, configures, rejects and releases beside a running server', async () => {
    const scene = await aCrowd(120);
    const { environment } = await theDatabase();
    const brake = async (...words: string[]) =>
      cli(['brake', ...words, '--tenant', scene.tenant.slug], environment) as Promise<{
        code: number;
        stdout: string;
        stderr: string;
      }>;
    const shown = async (...words: string[]): Promise<Json> => {
      const { code, stdout, stderr } = await brake(...words, '--json');
      expect([code, stderr]).to.deep.equal([0, '']);
      return JSON.parse(stdout);
    };

    expect(await shown('show')).to.deep.include({ state: 'WATCHING', sharePercent: 20, leastPeople: 20, held: 0 });
    expect((await brake('reject')).code).to.equal(1);
    expect(await shown('configure', '--share', '10', '--least', '10')).to.deep.include({
      sharePercent: 10,
      leastPeople: 10,
    });
    expect(counted(await scene.leave(14))).to.deep.equal({ 200: 12, 503: 2 });
    const { stdout } = await brake('show');
    expect(stdout).to.match(/pulled, .*\nIt lets 10 % .*\nLast pulled .*: 12 of 120 .*\nPeople held: 2\.\n$/s);
    expect(await shown('reject')).to.deep.include({ state: 'REJECTED', held: 2 });
    expect(await shown('release')).to.deep.include({ slug: scene.tenant.slug, state: 'RELEASED' });
    expect(counted(await scene.leave(40))).to.deep.equal({ 200: 40 });
    expect(await shown('configure', '--off')).to.deep.include({ state: 'OFF', enabled: false });
    expect(await shown('configure', '--on')).to.deep.include({ state: 'WATCHING', enabled: true });
  });

  it('ends with 2 where it is used wrongly, and with 1 where there is no such tenant', async () => {
    const { environment } = await theDatabase();
    const codes = [];
    for (const words of [
      ['show'],
      ['configure', '--tenant', 'acme', '--share', '0'],
      ['configure', '--tenant', 'acme', '--on', '--off'],
      ['show', '--tenant', 'nobody-here'],
    ])
      codes.push((await cli(['brake', ...words], environment)).code);
    expect(codes).to.deep.equal([2, 2, 2, 1]);
  });
});
