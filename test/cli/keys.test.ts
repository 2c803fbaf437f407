import { expect } from 'chai';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { cli } from '../support/program.js';
import { type Json } from '../support/tenant.js';

describe('signing keys on the command line', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  before(async () => void (database = await freshDatabase()));
  after(() => database.remove());

  const run = (...args: string[]) => cli(['key', ...args], database.environment);
  const json = async (...args: string[]): Promise<Json> => {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };

  it('are listed, rotated and retired, and say what is to be done', async () => {
    const next = await json('rotate');
    expect(next).to.include({ state: 'NEXT', retiredAt: null });
    const [first] = (await json('list')) as Json[];
    expect(first).to.include({ state: 'SIGNING' });
    const { code, stdout, stderr } = await run('retire', '--kid', String(first.kid));
    expect([code, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.match(/signs now. Rotate first; or, if it has leaked, .*--end-tokens/);
    const retired = await run('retire', '--kid', String(first.kid), '--end-tokens');
    expect(retired.stdout).to.match(/is retired. Every process refuses its tokens within ten seconds/);
    const list = await run('list');
    expect(list.stdout).to.match(/retired .*\n.* signs .*/s);
    expect(list.stdout).to.not.match(/private|"d"/);
    expect((await run('retire')).code).to.equal(2);
  });
});
