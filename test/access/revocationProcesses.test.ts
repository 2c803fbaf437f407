import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { globalId, person } from '../graphql/asking.js';
import { patchOf } from '../support/builders.js';
import { withOwnerIn } from '../support/owner.js';
import { startProgram, untilReady, type RunningProgram } from '../support/program.js';
import { theDatabase } from '../support/server.js';
import { aTenant, send, tokenOf, type Credentials, type TestTenant } from '../support/tenant.js';

/** Waits for what a test asserts next; returns after how many milliseconds it came. */
async function timeUntil(holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > 8000) throw new Error('It has not happened within 8 s');
    await sleep(10);
  }
  return performance.now() - start;
}

/** SPEC section 3: nearly always within a second. */
const SOON_MS = 1000;

describe('a revocation in one process, asked for in another', function () {
  this.timeout(60_000);
  let acme: TestTenant;
  let program: RunningProgram;
  let urls: readonly string[];

  before(async function () {
    this.timeout(120_000);
    acme = await aTenant();
    program = await startProgram((await theDatabase()).environment);
    await untilReady(program);
    urls = [acme.server.url, program.url];
  });
  after(async () => {
    program.child.kill();
    await program.ended;
  });

  /** A mutation as an administrator, at one of the processes. Input is written as in GraphQL. */
  const admin = async (url: string, mutation: string, input: string): Promise<void> => {
    const query = `mutation { ${mutation}(input: { ${input} }) { userErrors { code } } }`;
    const headers = { Authorization: `Bearer ${await acme.personToken()}`, 'Content-Type': 'application/json' };
    const { body } = await send(`${url}/graphql`, 'POST', { query }, headers);
    expect(body).to.deep.equal({ data: { [mutation]: { userErrors: [] } }, extensions: body.extensions });
  };
  const scimStatus = async (url: string, token: string): Promise<number> =>
    (await send(`${url}/scim/v2/Users?count=0`, 'GET', undefined, { Authorization: `Bearer ${token}` })).status;
  const graphqlStatus = async (url: string, token: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    return (await send(`${url}/graphql`, 'POST', { query: '{ viewer { role } }' }, headers)).status;
  };
  /** Waits until a process has heard for a while: before, it would ask the database every half second anyway. */
  const remembered = async (ask: (url: string) => Promise<number>, status = 200) => {
    for (const url of urls) expect(await ask(url)).to.equal(status);
    await sleep(700);
    for (const url of urls) expect(await ask(url)).to.equal(status);
  };
  const timesUntil = (ask: (url: string) => Promise<number>, status: number) =>
    Promise.all(urls.map((url) => timeUntil(async () => (await ask(url)) === status)));

  for (const [direction, by] of [
    ['here', 0],
    ['there', 1],
  ] as const) {
    const writer = () => urls[by] ?? '';

    it(`T6: stops an integration that is revoked ${direction}`, async () => {
      const { clientId, ...rest } = await acme.integration();
      const token = await tokenOf(acme.server.url, { clientId, ...rest });
      const ask = (url: string) => scimStatus(url, token);
      await remembered(ask);
      await admin(writer(), 'revokeAppIntegration', `clientId: "${clientId}"`);
      for (const ms of await timesUntil(ask, 401)) expect(ms).to.be.below(SOON_MS);
    });

    it(`T6: stops an integration that is disabled ${direction}, and lets it go on when it is enabled`, async () => {
      const credentials = await acme.integration();
      const token = await tokenOf(acme.server.url, credentials);
      const ask = (url: string) => scimStatus(url, token);
      const input = (enabled: boolean) => `clientId: "${credentials.clientId}", enabled: ${enabled}`;
      await remembered(ask);
      await admin(writer(), 'setAppIntegrationEnabled', input(false));
      for (const ms of await timesUntil(ask, 401)) expect(ms).to.be.below(SOON_MS);
      await sleep(700);
      await admin(writer(), 'setAppIntegrationEnabled', input(true));
      for (const ms of await timesUntil(ask, 200)) expect(ms).to.be.below(SOON_MS);
    });

    const ends: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
      locked: (id) => admin(writer(), 'lockUser', `id: "${globalId('User', id)}"`),
      deactivated: (id) => scimAt('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false })),
      deleted: (id) => scimAt('DELETE', `/Users/${id}`),
    };
    const scimAt = (method: string, path: string, body?: unknown) =>
      send(`${writer()}/scim/v2${path}`, method, body, {
        Authorization: `Bearer ${acme.token}`,
        'Content-Type': 'application/scim+json',
      });
    for (const [how, end] of Object.entries(ends)) {
      it(`T6: stops a person who is ${how} ${direction}`, async () => {
        const { id } = await person(acme);
        const token = await acme.personToken({ role: 'FRONTEND', userId: id });
        const ask = (url: string) => graphqlStatus(url, token);
        await remembered(ask);
        await end(id);
        for (const ms of await timesUntil(ask, 401)) expect(ms).to.be.below(SOON_MS);
      });
    }
  }

  it('T6: refuses a secret everywhere at once when its rotation is completed, and no token', async () => {
    const old = await acme.integration();
    const token = await tokenOf(program.url, old);
    await admin(acme.server.url, 'rotateAppIntegrationSecret', `clientId: "${old.clientId}"`);
    await admin(acme.server.url, 'completeAppIntegrationRotation', `clientId: "${old.clientId}"`);
    const statusOfSecret = async (url: string, { clientId, clientSecret }: Credentials) => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      return (await fetch(`${url}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })).status;
    };
    for (const url of urls) {
      expect(await statusOfSecret(url, old)).to.equal(401);
      expect(await scimStatus(url, token)).to.equal(200);
    }
  });

  it("T6: carries a tenant's switch to every process", async () => {
    const ask = (url: string) => scimStatus(url, acme.token);
    await remembered(ask);
    await admin(program.url, 'setProvisioningEnabled', 'enabled: false');
    for (const ms of await timesUntil(ask, 403)) expect(ms).to.be.below(SOON_MS);
    await sleep(700);
    await admin(acme.server.url, 'setProvisioningEnabled', 'enabled: true');
    for (const ms of await timesUntil(ask, 200)) expect(ms).to.be.below(SOON_MS);
  });

  it('T6: stops an integration within 5 s also where nothing was told, so that the tests above show who told', async () => {
    const credentials = await acme.integration();
    const token = await tokenOf(acme.server.url, credentials);
    const ask = (url: string) => scimStatus(url, token);
    await remembered(ask);
    await withOwnerIn(acme.tenant.id, async (owner) => {
      // In one transaction: for everybody else the trigger is always there.
      await owner.query('begin; alter table integration disable trigger integration_tells');
      await owner.query('update integration set revoked_at = now() where id = $1', [credentials.clientId]);
      await owner.query('alter table integration enable trigger integration_tells; commit');
    });
    for (const ms of await timesUntil(ask, 401)) expect(ms).to.be.within(SOON_MS, 5000);
  });
});
