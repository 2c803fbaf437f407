import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Role } from '../../src/directory/actor.js';
import { codes, codesOf, data } from '../graphql/asking.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { aTenant, send, tokenOf, type Answer, type Json, type TestTenant } from '../support/tenant.js';
import { historyOf, logged } from './records.js';

const SET = `mutation ($input: SetAppIntegrationBudgetInput!) { setAppIntegrationBudget(input: $input) {
  appIntegration { clientId budget { requestsPerSecond burst } } userErrors { field code message } } }`;

interface Budget {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

describe('the budget of requests of an app integration', function () {
  this.timeout(30_000);
  const time = { now: Date.parse('2026-11-22T09:00:00.000Z'), otherIsLateBy: 0 };
  let database: TestDatabase;
  let server: TestServer;
  /** Another process, as far as the two know: what it remembers and its connections are its own. */
  let other: TestServer;
  before(async function () {
    this.timeout(120_000);
    database = await freshDatabase();
    server = await startServer(database.environment, () => new Date(time.now));
    other = await startServer(database.environment, () => new Date(time.now - time.otherIsLateBy));
  });
  after(async () => {
    await other.stop();
    await server.stop();
    await database.remove();
  });
  afterEach(() => void (time.otherIsLateBy = 0));

  const get = (token: string, { url } = server, path = '/Users?count=0'): Promise<Answer<Json>> =>
    send(`${url}/scim/v2${path}`, 'GET', undefined, { Authorization: `Bearer ${token}` });
  const policyOf = (budget: Budget | null) =>
    budget && `"requests";q=${budget.burst};w=${Math.ceil(budget.burst / budget.requestsPerSecond)}`;
  const set = async (tenant: TestTenant, budget: Budget | null, clientId = tenant.clientId): Promise<Json> =>
    (await data(tenant, SET, { input: { clientId, budget } })).setAppIntegrationBudget;
  /** Waits until both servers know the budget; the longest took these milliseconds. The bucket is full then. */
  const untilKnown = async (token: string, budget: Budget | null): Promise<number> => {
    const start = performance.now();
    for (const one of [server, other]) {
      while ((await get(token, one)).headers.get('RateLimit-Policy') !== policyOf(budget)) {
        if (performance.now() - start > 10_000) throw new Error('It has not become known within 10 s');
        await sleep(20);
      }
    }
    const took = performance.now() - start;
    time.now += 100_000;
    return took;
  };
  /** A tenant whose integration has a budget that both servers know. */
  const withBudget = async (requestsPerSecond: number, burst: number): Promise<TestTenant> => {
    const tenant = await aTenant({}, server);
    await set(tenant, { requestsPerSecond, burst });
    await untilKnown(tenant.token, { requestsPerSecond, burst });
    return tenant;
  };
  const statuses = async (count: number, ask: (at: number) => Promise<Answer<Json>>) => {
    const found: number[] = [];
    for (let at = 0; at < count; at += 1) found.push((await ask(at)).status);
    return found;
  };
  const spent = ({ clientId, tenant }: TestTenant): Promise<number> =>
    server.deps.db.orm.em.fork().transactional(async (em) => {
      await em.execute(`set local app.tenant = '${tenant.id}'`);
      const rows = await em.execute('select from integration_budget where integration_id = ?', [clientId]);
      return (rows as unknown[]).length;
    });

  it('is off where nobody has given one: nothing is counted, and nothing said', async () => {
    const tenant = await aTenant({}, server);
    const answers = await Promise.all(Array.from({ length: 30 }, () => get(tenant.token)));
    for (const { status, headers } of answers) {
      expect([status, headers.get('RateLimit'), headers.get('RateLimit-Policy')]).to.deep.equal([200, null, null]);
    }
    expect(await spent(tenant)).to.equal(0);
    const { appIntegration } = await data(
      tenant,
      'query ($id: UUID!) { appIntegration(clientId: $id) { budget { burst } } }',
      { id: tenant.clientId },
    );
    expect(appIntegration).to.deep.equal({ budget: null });
  });

  it('lets the burst pass, refuses the next with 429 and when to come again, and lets it pass then', async () => {
    const { token } = await withBudget(2, 5);
    for (const [left, seconds] of [
      [4, 1],
      [3, 1],
      [2, 2],
      [1, 2],
      [0, 3],
    ]) {
      const { status, headers } = await get(token);
      expect([status, headers.get('RateLimit')]).to.deep.equal([200, `"requests";r=${left};t=${seconds}`]);
      expect(headers.get('RateLimit-Policy')).to.equal('"requests";q=5;w=3');
    }
    const { status, headers, body } = await get(token);
    expect(status).to.equal(429);
    expect(headers.get('Content-Type')).to.equal('application/scim+json; charset=utf-8');
    expect(headers.get('Retry-After')).to.equal('1');
    expect(headers.get('RateLimit-Policy')).to.equal('"requests";q=5;w=3');
    expect(headers.get('RateLimit')).to.equal('"requests";r=0;t=3');
    expect(body).to.have.keys('schemas', 'status', 'detail');
    expect([body.schemas, body.status]).to.deep.equal([['urn:ietf:params:scim:api:messages:2.0:Error'], '429']);
    expect(body.detail).to.match(
      /"Entra ID" .*2 requests a second, at most 5 at once\. An administrator of SpeakUp can change it/,
    );
    time.now += 499;
    expect((await get(token)).status).to.equal(429);
    time.now += 1;
    expect(await statuses(2, () => get(token))).to.deep.equal([200, 429]);
    time.now += 1000;
    expect(await statuses(3, () => get(token))).to.deep.equal([200, 200, 429]);
    time.now += 3_600_000 - 200_000;
    expect(await statuses(6, () => get(token)), 'no more than the burst is saved').to.deep.equal([
      ...Array<number>(5).fill(200),
      429,
    ]);
  });

  it('is spent by every request with a token, whatever comes of it, before a body is read; 429 is not logged', async () => {
    const tenant = await withBudget(1, 4);
    const { token } = tenant;
    expect((await get(token, server, '/ServiceProviderConfig')).status).to.equal(200);
    expect((await get(token, server, '/Users/nobody')).status).to.equal(404);
    expect((await tenant.scim('POST', '/Users', '{')).status).to.equal(400);
    expect((await get(token, other, '/nowhere')).status).to.equal(404);
    const { status, headers } = await tenant.scim('POST', '/Users', '{');
    expect(status).to.equal(429);
    expect(await logged(tenant, headers.get('X-Request-Id') ?? '')).to.deep.equal([]);
    expect((await send(`${server.url}/scim/v2/ServiceProviderConfig`)).status, 'without a token').to.equal(200);
  });

  it('is spent by GraphQL requests of the integration too, with the code RATE_LIMITED', async () => {
    const { token } = await withBudget(1, 3);
    const ask = () =>
      send(
        `${other.url}/graphql`,
        'POST',
        { query: '{ viewer { role } }' },
        {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
        },
      );
    expect((await get(token)).status).to.equal(200);
    expect(await statuses(2, ask)).to.deep.equal([200, 200]);
    const { status, headers, body } = await ask();
    expect([status, codesOf(body), headers.get('Retry-After')]).to.deep.equal([429, ['RATE_LIMITED'], '1']);
    expect(headers.get('RateLimit')).to.equal('"requests";r=0;t=3');
    expect((await get(token)).status).to.equal(429);
  });

  it('is one for all processes: of many requests at once exactly the burst passes', async () => {
    const { token } = await withBudget(1, 12);
    for (let round = 0; round < 3; round += 1) {
      const asked = Array.from({ length: 40 }, (_, at) => get(token, at % 2 === 0 ? server : other));
      const answers = await Promise.all(asked);
      const passed = answers.filter(({ status }) => status === 200);
      expect(passed.length).to.equal(12);
      const told = passed.map(({ headers }) => Number(/r=(\d+)/.exec(headers.get('RateLimit') ?? '')?.[1]));
      expect(told.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 12 }, (_, n) => n));
      for (const { status } of answers) expect(status).to.be.oneOf([200, 429]);
      time.now += 12_000;
    }
  });

  it('refills no faster where the clocks of two hosts differ, and goes on where one was wrong', async () => {
    const { token } = await withBudget(1, 3);
    time.otherIsLateBy = 30_000;
    expect(await statuses(4, (at) => get(token, at % 2 === 0 ? server : other))).to.deep.equal([200, 200, 200, 429]);
    time.now += 2000;
    expect(await statuses(4, (at) => get(token, at % 2 === 0 ? server : other))).to.deep.equal([200, 200, 429, 429]);
    time.otherIsLateBy = 0;
    time.now -= 90_000;
    const anew = await statuses(4, () => get(token));
    expect(anew, 'a clock put back by a minute and a half').to.deep.equal([200, 200, 200, 429]);
    time.now += 1000;
    expect(await statuses(2, () => get(token))).to.deep.equal([200, 429]);
    time.now += 90_000;
  });

  it('is of one integration: another one of the same tenant is not affected', async () => {
    const tenant = await withBudget(1, 2);
    const free = await tokenOf(server.url, await tenant.integration({ name: 'Free' }));
    const limited = await tenant.integration({ name: 'Limited' });
    const token = await tokenOf(server.url, limited);
    await set(tenant, { requestsPerSecond: 1, burst: 3 }, limited.clientId);
    await untilKnown(token, { requestsPerSecond: 1, burst: 3 });
    expect(await statuses(3, () => get(tenant.token))).to.deep.equal([200, 200, 429]);
    expect(await statuses(4, () => get(token))).to.deep.equal([200, 200, 200, 429]);
    expect(await statuses(10, () => get(free))).to.deep.equal(Array(10).fill(200));
    expect((await get(free)).headers.get('RateLimit')).to.equal(null);
  });

  it('is given, changed and taken away in GraphQL, heeded everywhere within 5 s, and history says so', async () => {
    const tenant = await aTenant({}, server);
    const { clientId, token } = tenant;
    for (const one of [server, other]) expect((await get(token, one)).status).to.equal(200);
    const given = { requestsPerSecond: 1, burst: 2 };
    expect(await set(tenant, given)).to.deep.equal({ appIntegration: { clientId, budget: given }, userErrors: [] });
    expect(await untilKnown(token, given)).to.be.below(5000);
    expect(await statuses(3, () => get(token, other))).to.deep.equal([200, 200, 429]);
    const more = { requestsPerSecond: 2, burst: 40 };
    await set(tenant, more);
    await set(tenant, more);
    const start = performance.now();
    while ((await get(token, other)).status === 429) await sleep(20);
    expect(performance.now() - start, 'what is spent leaves room in the larger one at once').to.be.below(5000);
    expect(await set(tenant, null)).to.deep.equal({ appIntegration: { clientId, budget: null }, userErrors: [] });
    expect(await untilKnown(token, null)).to.be.below(5000);
    expect(await statuses(10, () => get(token, other))).to.deep.equal(Array(10).fill(200));
    const [, , ...records] = await historyOf(tenant, clientId);
    expect(records.map(({ kind, actor_kind }) => [kind, actor_kind] as unknown)).to.deep.equal(
      Array(3).fill(['CHANGED', 'PERSON']),
    );
    const was = (before: number | null, after: number | null) => ({ before, after });
    expect(records.map(({ changes }) => changes as unknown)).to.deep.equal([
      { requestsPerSecond: was(null, 1), burst: was(null, 2) },
      { requestsPerSecond: was(1, 2), burst: was(2, 40) },
      { requestsPerSecond: was(2, null), burst: was(40, null) },
    ]);
  });

  it('refuses what is no budget, and integrations that are not here or revoked, field by field', async () => {
    const tenant = await aTenant({}, server);
    const errors = async (requestsPerSecond: number, burst: number, clientId = tenant.clientId) => {
      const { userErrors } = await set(tenant, { requestsPerSecond, burst }, clientId);
      return (userErrors as Json[]).map(({ field, code }) => [code, (field as string[] | null)?.join('.')] as unknown);
    };
    expect(await errors(0, 5)).to.deep.equal([['INVALID', 'budget.requestsPerSecond']]);
    expect(await errors(10_001, 100_000)).to.deep.equal([['INVALID', 'budget.requestsPerSecond']]);
    expect(await errors(1, 100_001)).to.deep.equal([['INVALID', 'budget.burst']]);
    expect(await errors(5, 4)).to.deep.equal([['INVALID', 'budget.burst']]);
    expect(await errors(10_000, 100_000)).to.deep.equal([]);
    const foreign = await aTenant({}, server);
    expect(await errors(1, 1, foreign.clientId)).to.deep.equal([['NOT_FOUND', 'clientId']]);
    const { clientId } = await tenant.integration();
    await data(
      tenant,
      'mutation ($input: AppIntegrationInput!) { revokeAppIntegration(input: $input) { userErrors { code } } }',
      { input: { clientId } },
    );
    expect(await errors(1, 1, clientId)).to.deep.equal([['INVALID', undefined]]);
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`is not for ${role} to change`, async () => {
      const tenant = await aTenant({}, server);
      const input = { clientId: tenant.clientId, budget: { requestsPerSecond: 1, burst: 1 } };
      expect(await codes(tenant, SET, { input }, role)).to.deep.equal(['FORBIDDEN']);
      expect((await get(tenant.token)).headers.get('RateLimit')).to.equal(null);
    });
  }
});
