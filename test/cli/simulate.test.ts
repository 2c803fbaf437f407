import { expect } from 'chai';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../scripts/freePort.js';
import { temporaryFolder } from '../support/database.js';
import { cli } from '../support/program.js';
import { type Json, aTenant, type TestTenant } from '../support/tenant.js';

describe('the command line simulates Entra ID', function () {
  this.timeout(180_000);
  let folder: string;
  let tenant: TestTenant;
  const file = (name: string) => join(folder, name);
  const simulate = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    cli(['simulate', ...args], environment);
  const target = () => ['--credentials', file('entra.json'), '--state', file('state.json')];
  const json = async (...args: string[]): Promise<Json> => {
    const { code, stdout, stderr } = await simulate([...args, '--json']);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };

  before(async () => {
    folder = await temporaryFolder();
    tenant = await aTenant();
    const { clientId, clientSecret, server } = tenant;
    const tenantUrl = `${server.url}/scim/v2`;
    const credentials = { clientId, clientSecret, tokenEndpoint: `${server.url}/oauth2/token`, tenantUrl };
    await writeFile(file('entra.json'), JSON.stringify(credentials));
  });
  after(() => rm(folder, { recursive: true }));

  it('makes an organisation, provisions it, lives on, and finds both sides equal', async () => {
    // One of them is switched off in Entra, and never provisioned.
    const made = await json('organisation', '--people', '30', '--groups', '4', '--out', file('org.json'));
    expect(made).to.deep.include({ people: 30, groups: 4 });
    expect(await json('test-connection', '--credentials', file('entra.json'))).to.deep.include({ ok: true });
    const dry = await simulate(['initial', '--organisation', file('org.json'), ...target(), '--dry-run']);
    expect([
      dry.code,
      dry.stdout.split('\n').filter((line) => line.startsWith('POST') && line.includes('/Users ')).length,
    ]).to.deep.equal([0, 29]);
    expect(dry.stdout).to.not.include(tenant.clientSecret);
    expect((await tenant.scim('GET', '/Users')).body.totalResults).to.equal(0);
    const first = await json('initial', '--organisation', file('org.json'), ...target(), '--verify', '--graphql');
    expect(first.converged).to.equal(true);
    expect(first.verdicts.map(({ witness, people }: Json) => [witness, people])).to.deep.equal([
      ['SCIM', 29],
      ['GraphQL', 29],
    ]);
    const life = await json(
      'life',
      ...target(),
      '--days',
      '2',
      '--speed',
      '12h=1s',
      '--joiners',
      '20%',
      '--verify',
      '--html',
      file('report.html'),
    );
    expect([life.converged, life.cycles.length]).to.deep.equal([true, 4]);
    const page = await readFile(file('report.html'), 'utf8');
    expect(page)
      .to.match(/<svg/)
      .and.match(/Both sides agree/);
    expect(page).to.not.match(/(src|href)="|@import|url\(/);
  });

  it('exits with 4 when there is a difference, and says which', async () => {
    const [{ id, userName }] = (await tenant.scim('GET', '/Users?count=1')).body.Resources;
    await tenant.scim('PATCH', `/Users/${id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'title', value: 'Somebody else' }],
    });
    const { code, stdout } = await simulate(['verify', ...target()]);
    expect(code).to.equal(4);
    expect(stdout).to.include('1 × different title').and.include(`person ${userName}: title should be`);
  });

  it('ends in order at a bound, and goes on with the rest in the next cycle', async () => {
    const stopped = await simulate(['mass-leave', '50%', ...target(), '--max-requests', '6']);
    expect([stopped.code, /the limit of 6 requests was reached/.test(stopped.stdout)]).to.deep.equal([1, true]);
    const rest = ['--joiners', '0', '--movers', '0', '--renames', '0', '--leavers', '0', '--group-churn', '0'];
    await json('cycle', ...target(), ...rest, '--returners', '0');
    expect((await tenant.scim('GET', '/Users?filter=active+eq+false')).body.totalResults).to.be.above(10);
    await json('restore', ...target());
    expect((await tenant.scim('GET', '/Users?filter=active+eq+false')).body.totalResults).to.equal(0);
  });

  it('says why both sides could not be compared, and exits with 1', async () => {
    const { code, stdout, stderr } = await simulate(['verify', ...target(), '--max-requests', '2']);
    expect([code, stderr]).to.deep.equal([1, '']);
    expect(stdout).to.include('Both sides could not be compared: the limit of 2 requests was reached');
  });

  it('exits with 2 for wrong usage, and 3 when nobody answers', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const cases: readonly (readonly [number, RegExp, readonly string[]])[] = [
      [
        2,
        /example\.com is another machine.*--allow-host/s,
        ['verify', ...target(), '--tenant-url', 'https://example.com/scim/v2'],
      ],
      [
        2,
        /The client id is missing/,
        ['verify', '--state', file('state.json'), '--tenant-url', nobody, '--token-endpoint', nobody],
      ],
      [2, /Nobody in the organisation is called/, ['on-demand', 'nobody@fabriek.example', ...target()]],
      [2, /There is no .*none\.json yet/, ['cycle', '--state', file('none.json'), '--credentials', file('entra.json')]],
      [2, /nowhere.*cannot be written/, ['verify', ...target(), '--html', file('nowhere/page.html')]],
      [2, /org\.json is no state/, ['cycle', '--state', file('org.json'), '--credentials', file('entra.json')]],
      [2, /share such as 2%/, ['cycle', ...target(), '--movers', '300%']],
      [3, /Nobody answers/, ['test-connection', '--credentials', file('entra.json'), '--token-endpoint', nobody]],
    ];
    for (const [code, words, args] of cases) {
      const ended = await simulate(args);
      expect([args, ended.code, ended.stdout]).to.deep.equal([args, code, '']);
      expect(ended.stderr).to.match(words);
    }
  });
});
