import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshDatabase } from '../support/database.js';
import { hasPostgres15, postgres15, type Postgres15 } from '../support/postgres15.js';
import { statusOf } from '../support/program.js';
import { startServer, type TestServer } from '../support/server.js';
import { aTenant, send, tokenOf, type TestTenant } from '../support/tenant.js';

if (hasPostgres15) describe('an external PostgreSQL 15', tests);
else console.log('No PostgreSQL 15 in /usr/lib/postgresql: the tests of an external database are left out.');

function tests(this: Mocha.Suite) {
  this.timeout(60_000);
  let postgres: Postgres15;
  let server: TestServer;
  let acme: TestTenant;
  const steps: (() => Promise<void>)[] = [];
  const askScim = () => acme.scim('GET', '/Users?count=0');
  const askToken = () =>
    send(
      `${server.url}/oauth2/token`,
      'POST',
      new URLSearchParams({ client_id: acme.clientId, client_secret: 'x' }).toString(),
      {
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    );
  const untilReady = async () => {
    while ((await statusOf(`${server.url}/readyz`)) !== 200) await sleep(100);
  };

  before(async () => {
    postgres = await postgres15();
    steps.push(() => postgres.remove());
    await postgres.start();
    const database = await freshDatabase(postgres.url);
    server = await startServer(database.environment);
    steps.push(() => server.stop());
    acme = await aTenant({}, server);
  });
  after(async () => {
    for (const step of steps.reverse()) await step();
  });

  it('serves as well as the embedded one', async () => {
    const { rows } = await server.deps.db.pool.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    expect(rows[0]?.version).to.match(/^15\./);
    expect((await askScim()).status).to.equal(200);
  });

  for (const mode of ['fast', 'immediate'] as const) {
    it(`may go away (${mode}): 503 with Retry-After until it is back, then everything works without a restart`, async () => {
      expect((await askScim()).status).to.equal(200);
      await postgres.stop(mode);
      await sleep(1100);
      for (const ask of [askScim, askToken]) {
        const { status, headers } = await ask();
        expect([status, headers.get('retry-after')]).to.deep.equal([503, '5']);
      }
      expect(await statusOf(`${server.url}/readyz`)).to.equal(503);
      expect(await statusOf(`${server.url}/livez`)).to.equal(200);
      await postgres.start();
      await untilReady();
      expect((await askScim()).status).to.equal(200);
      expect(await tokenOf(server.url, acme)).to.be.a('string');
    });
  }

  it('may go away under requests: they end with 503 or what they asked for, never with 500', async () => {
    const seen = { token: new Set<number>(), read: new Set<number>(), write: new Set<number>() };
    const ask = {
      token: askToken,
      read: () => acme.scim('GET', '/Users?filter=userName+eq+%22x@acme.example%22'),
      write: () => acme.scim('POST', '/Users', aPerson()),
    };
    const deadline = Date.now() + 5000;
    const asking = (['token', 'read', 'write'] as const).flatMap((kind) =>
      [1, 2, 3].map(async () => {
        while (Date.now() < deadline) seen[kind].add((await ask[kind]()).status);
      }),
    );
    await sleep(1000);
    await postgres.stop('immediate');
    await sleep(1000);
    await postgres.start();
    await Promise.all(asking);
    expect([...seen.token].sort()).to.deep.equal([401, 503]);
    expect([...seen.read].sort()).to.deep.equal([200, 503]);
    expect([...seen.write].sort()).to.deep.equal([201, 503]);
    await untilReady();
    expect((await askScim()).status).to.equal(200);
  });
}

const aPerson = () => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${randomUUID()}@acme.example`,
});
