import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../support/program.js';
import { theDatabase } from '../support/server.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { data, each, person } from '../graphql/asking.js';
import { historyOfTenant } from '../scim/records.js';

describe('the import of people', function () {
  this.timeout(120_000);
  let folder: string;
  let tenant: TestTenant;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speakup-import-'));
    tenant = await aTenant();
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs the command on a file of this content. */
  async function run(content: string, ...options: string[]) {
    const file = join(folder, 'people.csv');
    await writeFile(file, content);
    const args = ['user', 'import', file, '--tenant', tenant.tenant.slug, ...options];
    return cli(args, (await theDatabase()).environment);
  }
  const users = async (): Promise<Json[]> =>
    (await data(tenant, '{ users { nodes { userName displayName email origin active protected } } }')).users
      .nodes as Json[];

  const GOOD = `\uFEFFuserName;email;displayName;protected
ada@x.example;ada@x.example;"Ada; de Vries";
bo@x.example;;Bo;true
`;

  it('says first what it would do, then does it, and takes the same people only once', async () => {
    const dry = await run(GOOD, '--dry-run', '--json');
    expect([dry.code, JSON.parse(dry.stdout)], dry.stderr).to.deep.equal([
      0,
      { dryRun: true, people: 2, imported: 0, errors: [] },
    ]);
    expect(await users()).to.deep.equal([]);

    const { code, stdout } = await run(GOOD);
    expect([code, stdout]).to.deep.equal([0, '2 people are imported.\n']);
    const ada = { userName: 'ada@x.example', displayName: 'Ada; de Vries', email: 'ada@x.example', protected: false };
    const bo = { userName: 'bo@x.example', displayName: 'Bo', email: 'bo@x.example', protected: true };
    expect(await users()).to.deep.equal([ada, bo].map((one) => ({ ...one, origin: 'SPEAKUP', active: true })));
    const records = (await historyOfTenant(tenant)).filter(({ resource_type }) => resource_type === 'User');
    expect(records.map(({ kind, actor_kind }) => [kind, actor_kind] as unknown)).to.deep.equal([
      ['CREATED', 'SYSTEM'],
      ['CREATED', 'SYSTEM'],
    ]);

    const again = await run(GOOD, '--json');
    expect(again.code).to.equal(1);
    expect(each(JSON.parse(again.stdout).errors, 'line')).to.deep.equal([2, 3]);
    expect(await users()).to.have.length(2);
  });

  it('imports nobody when one line is wrong, and says which and why', async () => {
    await person(tenant, { userName: 'scim@x.example', emails: [{ value: 'scim.mail@x.example' }] });
    const before = await users();
    const content = `userName,email,title
new@x.example,new@x.example,fine
other@x.example,nonsense,
new2@x.example,NEW@x.example,
scim.mail@x.example,,
SCIM@x.example,,
`;
    const { code, stdout, stderr } = await run(content);
    expect(code).to.equal(1);
    expect(stdout).to.equal('Nothing was imported: 4 lines are wrong.\n');
    expect(stderr.trim().split('\n')).to.deep.equal([
      'Line 3, email: "nonsense" is no e-mail address.',
      'Line 4, email: "new@x.example" stands in line 2 already.',
      'Line 5, userName: "scim.mail@x.example" belongs to somebody of this tenant already.',
      'Line 6, userName: "scim@x.example" belongs to somebody of this tenant already.',
    ]);
    const told = JSON.parse((await run(content, '--dry-run', '--json')).stdout);
    expect(told).to.deep.include({ dryRun: true, people: 5, imported: 0 });
    expect(each(told.errors, 'line')).to.deep.equal([3, 4, 5, 6]);
    expect(await users()).to.deep.equal(before);
  });

  it('makes somebody to adopt', async () => {
    await run('userName,title\nadopt@x.example,Baker\n');
    const adopted = await person(tenant, { userName: 'adopt@x.example', emails: undefined });
    expect(adopted.title).to.equal('Baker');
  });

  it('takes thousands of people in one transaction', async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `many.${n}@x.example,Many ${n}`);
    const { code, stdout, stderr } = await run(`userName,displayName\n${lines.join('\n')}\n`);
    expect([code, stdout], stderr).to.deep.equal([0, '3000 people are imported.\n']);
    const query = '{ users(where: { userName: { startsWith: "many." } }) { totalCount } }';
    expect((await data(tenant, query)).users.totalCount).to.equal(3000);
  });

  it('ends with 1 for a file or tenant that is not there, and with 2 for wrong usage', async () => {
    const { environment } = await theDatabase();
    const slug = tenant.tenant.slug;
    const codeOf = async (...args: string[]) => (await cli(['user', 'import', ...args], environment)).code;
    expect(await codeOf(join(folder, 'nothing.csv'), '--tenant', slug)).to.equal(1);
    expect(await codeOf(join(folder, 'people.csv'), '--tenant', 'nobody-here')).to.equal(1);
    expect(await codeOf(join(folder, 'people.csv'))).to.equal(2);
  });
});
