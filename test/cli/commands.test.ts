import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../scripts/freePort.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { cli, startProgram, untilReady, type RunningProgram } from '../support/program.js';
import { send, tokenOf, type Credentials } from '../support/tenant.js';

const CREATE = ['integration', 'create', '--tenant', 'acme', '--name', 'Entra ID', '--users-and-groups'];

describe('the command line', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  const run = async (...args: string[]) => cli(args, database.environment);
  /** Runs a command with --json and returns the one value it printed. */
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as never;
  };

  before(async () => void (database = await freshDatabase()));
  after(() => database.remove());

  describe('without a running server', () => {
    it('makes an integration, and the tenant with it, and prints one JSON object', async () => {
      const created: Record<string, string> = await json(...CREATE, 'full');
      expect(created).to.have.all.keys('clientId', 'clientSecret', 'tokenEndpoint', 'tenantUrl');
      expect(created.tenantUrl).to.equal('http://127.0.0.1:3000/scim/v2');
      expect(created.tokenEndpoint).to.equal('http://127.0.0.1:3000/oauth2/token');
      const tenants: unknown[] = await json('tenant', 'list');
      expect(tenants).to.have.lengthOf(1);
      expect(tenants[0]).to.include({ slug: 'acme', provisioningEnabled: true });
    });

    it('prints the same in words, with a token request to try', async () => {
      const { stdout } = await run(...CREATE, 'read-only', '--issues', 'access', '--compatibility', 'rfc');
      expect(stdout).to.match(/Tenant URL .*Token endpoint .*Client ID .*Client Secret +sus_.*curl .*\/oauth2\/token/s);
    });

    it('hands out PUBLIC_URL where it is set', async () => {
      const environment = { ...database.environment, PUBLIC_URL: 'https://directory.example/' };
      const { stdout } = await cli([...CREATE, 'none', '--json'], environment);
      expect(JSON.parse(stdout)).to.include({ tenantUrl: 'https://directory.example/scim/v2' });
    });

    it('lists, rotates and revokes', async () => {
      const listed: { clientId: string; secrets: unknown[] }[] = await json('integration', 'list', '--tenant', 'acme');
      expect(listed).to.have.lengthOf(3);
      expect(await json('integration', 'list')).to.deep.equal(listed);
      const id = listed[0]?.clientId ?? '';
      expect(await json('integration', 'rotate', '--client-id', id)).to.include({ clientId: id });
      const third = await run('integration', 'rotate', '--client-id', id, '--json');
      expect([third.code, third.stdout]).to.deep.equal([1, '']);
      expect(third.stderr).to.match(/two live secrets/);
      await json('integration', 'rotate', '--client-id', id, '--revoke-others');
      expect(await json('integration', 'revoke', '--client-id', id)).to.deep.equal({ clientId: id, revoked: true });
      const { stdout } = await run('integration', 'list', '--tenant', 'acme');
      expect(stdout).to.match(new RegExp(`${id} .* revoked +none +none live`));
    });

    it('says what is wrong on standard error, with exit code 2 for usage and 1 for a refusal', async () => {
      const wrong = [
        [],
        ['integration', 'create', '--tenant', 'acme', '--name', 'x'],
        [...CREATE, 'everything'],
        [...CREATE, 'full', '--secret-years', '9'],
        ['integration', 'create', '--tenant', 'A C', '--name', 'x', '--users-and-groups', 'full'],
        ['integration', 'rotate', '--client-id', 'x'],
        ['token', 'create', '--tenant', 'acme', '--role', 'king'],
        ['tenant', 'provisioning', 'maybe', '--tenant', 'acme'],
        ['frobnicate'],
      ];
      const refused = [
        ['integration', 'list', '--tenant', 'nobody'],
        ['integration', 'revoke', '--client-id', '01a2009b-2833-7167-809c-b09844092b28'],
        ['token', 'create', '--tenant', 'acme', '--role', 'admin', '--user', 'nobody@acme.example'],
      ];
      for (const args of wrong) {
        const { code, stdout, stderr } = await run(...args);
        expect([args, code, stdout, stderr === '']).to.deep.equal([args, 2, '', false]);
      }
      for (const args of refused) {
        const { code, stdout, stderr } = await run(...args);
        expect([args, code, stdout]).to.deep.equal([args, 1, '']);
        expect(stderr).to.match(/^There is no /m);
      }
    });

    it('exits with 2 when a setting is wrong, and names all of them', async () => {
      const { code, stderr } = await cli(['tenant', 'list'], { ...database.environment, PORT: 'x', POOL_SIZE: 'y' });
      expect(code).to.equal(2);
      expect(stderr).to.match(/PORT: .*POOL_SIZE: /s);
    });

    it('exits with 3 when the external database cannot be reached', async () => {
      const DATABASE_URL = `postgresql://nobody@127.0.0.1:${await freePort()}/x`;
      const { code, stdout, stderr } = await cli(['tenant', 'list', '--json'], {
        ...database.environment,
        DATABASE_URL,
      });
      expect([code, stdout]).to.deep.equal([3, '']);
      expect(stderr).to.match(/The database is not reachable/);
    });

    it('refuses to work with another master key', async () => {
      const file = join(database.environment.DATA_DIR ?? '', 'other.key');
      await writeFile(file, Buffer.alloc(32, 9).toString('base64'));
      const { code, stderr } = await cli(['tenant', 'list'], { ...database.environment, MASTER_KEY_FILE: file });
      expect(code).to.equal(2);
      expect(stderr).to.match(/another master key/);
    });
  });

  describe('beside a running server', () => {
    let program: RunningProgram;
    before(async () => {
      program = await startProgram(database.environment);
      await untilReady(program);
    });
    after(async () => {
      program.child.kill();
      await program.ended;
    });

    it("makes credentials that work at the server's own address", async () => {
      const created: Credentials & { tenantUrl: string; tokenEndpoint: string } = await json(...CREATE, 'full');
      expect(created).to.include({ tenantUrl: `${program.url}/scim/v2`, tokenEndpoint: `${program.url}/oauth2/token` });
      const headers = { Authorization: `Bearer ${await tokenOf(program.url, created)}` };
      const { status } = await send(`${created.tenantUrl}/Users`, 'GET', undefined, headers);
      expect(status).to.not.equal(401);
      await json('integration', 'revoke', '--client-id', created.clientId);
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect((await send(`${created.tenantUrl}/Users`, 'GET', undefined, headers)).status).to.equal(401);
    });

    it("makes a person's token, and switches provisioning", async () => {
      const token: { expiresIn: number } = await json('token', 'create', '--tenant', 'acme', '--role', 'analyst');
      expect(token).to.have.all.keys('accessToken', 'expiresIn');
      expect(token.expiresIn).to.equal(3600);
      const off: object = await json('tenant', 'provisioning', 'off', '--tenant', 'acme');
      expect(off).to.deep.equal({ slug: 'acme', provisioningEnabled: false });
    });
  });
});
