import { ApolloServer, HeaderMap } from '@apollo/server';
import { expect } from 'chai';
import { type Actor } from '../../src/directory/actor.js';
import { createBudget, forgetBudgets } from '../../src/graphql/budget.js';
import { type GraphqlContext } from '../../src/graphql/context.js';
import { limits, MOST_COST } from '../../src/graphql/limits.js';
import { schema } from '../../src/graphql/schema.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codesOf, post } from './asking.js';

describe('the budget of a caller', () => {
  const LIMIT = MOST_COST;
  const time = { now: new Date('2026-11-22T09:00:00.000Z') };
  let database: TestDatabase;
  let server: TestServer;
  let tenant: TestTenant;
  before(async function () {
    this.timeout(60_000);
    database = await freshDatabase();
    server = await startServer({ ...database.environment, GRAPHQL_BUDGET: String(LIMIT) }, () => time.now);
    tenant = await aTenant({}, server);
  });
  after(async () => {
    await server.stop();
    await database.remove();
  });
  /** A query of this cost. */
  const costing = (cost: number) => `{ viewer { kind } users(first: ${cost - 2}) { nodes { id } } }`;

  it('refuses with 503 and Retry-After while nobody can count', async () => {
    const gone = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const apollo = new ApolloServer<GraphqlContext>({ schema, plugins: [limits(() => Promise.reject(gone))] });
    await apollo.start();
    const { status, headers } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([['content-type', 'application/json']]),
        body: { query: '{ __typename }' },
        search: '',
      },
      context: () => Promise.resolve({ request: time } as unknown as GraphqlContext),
    });
    expect([status, headers.get('retry-after')]).to.deep.equal([503, '5']);
    await apollo.stop();
  });

  it('is told with every answer, in extensions and headers, and is there again after a minute', async () => {
    const { headers, body } = await tenant.graphql(costing(12));
    const budget = { limit: LIMIT, remaining: LIMIT - 12, resetsAt: '2026-11-22T09:01:00.000Z' };
    expect(body.extensions.cost).to.deep.equal({ requested: 12, limit: MOST_COST, budget });
    expect(headers.get('RateLimit-Policy')).to.equal(`"cost";q=${LIMIT};w=60`);
    expect(headers.get('RateLimit')).to.equal(`"cost";r=${LIMIT - 12};t=60`);
    time.now = new Date('2026-11-22T09:00:59.001Z');
    expect((await tenant.graphql('{ __typename }')).headers.get('RateLimit')).to.equal(`"cost";r=${LIMIT - 13};t=1`);
    time.now = new Date('2026-11-22T09:01:00.000Z');
    expect((await tenant.graphql(costing(2 + 1))).headers.get('RateLimit')).to.equal(`"cost";r=${LIMIT - 3};t=60`);
  });

  it('refuses with 429 what costs one more than is left, before it is executed, and lets pass what costs as much', async () => {
    const caller = { role: 'FRONTEND' } as const;
    const inner = (rows: number, other: number) =>
      `{ users(first: ${rows}) { nodes { directReports(first: 133) { nodes { id } } } } ${Array.from({ length: other }, (_, n) => `a${n}: viewer { kind }`).join(' ')} }`;
    // 1 + 184 × 135 = 24 841: 159 are left.
    expect((await tenant.graphql(inner(184, 0), {}, caller)).body.extensions.cost.budget.remaining).to.equal(159);
    time.now = new Date(time.now.getTime() + 1500);
    const { status, headers, body } = await tenant.graphql(costing(160), {}, caller);
    expect([status, codesOf(body), body.data]).to.deep.equal([429, ['RATE_LIMITED'], undefined]);
    expect(body.errors[0].message).to.match(/has 159 left, and the operation costs 160\. Try again in 59 seconds/);
    expect(headers.get('Retry-After')).to.equal('59');
    expect(headers.get('RateLimit')).to.equal('"cost";r=159;t=59');
    const last = await tenant.graphql(costing(159), {}, caller);
    expect([last.status, last.body.extensions.cost.budget.remaining]).to.deep.equal([200, 0]);
    expect((await tenant.graphql('{ __typename }', {}, caller)).status).to.equal(429);
  });

  it('is each caller’s own', async () => {
    const left = async (headers: Record<string, string>) =>
      (await post(tenant, { query: '{ viewer { kind } }' }, headers)).body.extensions.cost.budget.remaining as number;
    expect(await left({ Authorization: `Bearer ${tenant.token}` })).to.equal(LIMIT - 1);
    expect(await left({ Authorization: `Bearer ${await tenant.personToken({ role: 'ANALYST' })}` })).to.equal(
      LIMIT - 1,
    );
    const other = await aTenant({}, server);
    expect(await left({ Authorization: `Bearer ${await other.personToken({ role: 'FRONTEND' })}` })).to.equal(
      LIMIT - 1,
    );
  });

  describe('in several processes', () => {
    const actor = (id: string): Actor => ({ kind: 'PERSON', id, role: 'ADMIN', tenantId: 't', tenantSlug: 't' });
    const processes = () => [createBudget(server.deps.db.pool, 100), createBudget(server.deps.db.pool, 100)] as const;
    const stored = async () => (await server.deps.db.pool.query('select from graphql_budget')).rowCount;

    it('is one: no more is granted, however many ask at once, and no less but for what the other has taken in advance', async () => {
      const both = processes();
      const asked = Array.from({ length: 60 }, (_, n) => both[n % 2 === 0 ? 0 : 1](actor('a'), 3, time.now));
      const answers = await Promise.all(asked);
      expect(answers.filter(({ granted }) => granted).length).to.be.within(30, 33);
      expect(await both[0](actor('b'), 100, time.now)).to.include({ granted: true, remaining: 0 });
      expect(await both[1](actor('b'), 1, time.now)).to.include({ granted: false, remaining: 0 });
      const later = new Date(time.now.getTime() + 60_000);
      expect(await both[0](actor('a'), 60, later)).to.include({ granted: true, remaining: 40 });
      expect(await both[1](actor('a'), 39, later)).to.include({ granted: false, remaining: 38 });
    });

    it('is mostly spent before anybody is refused, however many processes have some in advance', async () => {
      const limit = 10_000;
      const many = Array.from({ length: 64 }, () => createBudget(server.deps.db.pool, limit));
      let spent = 0;
      for (let n = 0; (await many[n % 64]?.(actor('m'), 20, time.now))?.granted; n += 1) spent += 20;
      expect(spent).to.be.within(0.75 * limit, limit);
    });

    it('is not asked for again by who cannot pay, until the minute is over', async () => {
      const [one, other] = processes();
      await one(actor('c'), 90, time.now);
      expect(await one(actor('c'), 11, time.now)).to.include({ granted: false, remaining: 10 });
      await server.deps.db.pool.query('delete from graphql_budget');
      expect(await one(actor('c'), 11, time.now)).to.include({ granted: false, remaining: 10 });
      expect(await other(actor('c'), 11, time.now)).to.include({ granted: true, remaining: 89 });
      expect(await one(actor('c'), 10, time.now)).to.include({ granted: true, remaining: 79 });
    });

    it('leaves nothing in the database when its minute is over', async () => {
      await processes()[0](actor('d'), 1, time.now);
      await forgetBudgets(server.deps.db, new Date(time.now.getTime() + 59_999));
      expect(await stored()).to.be.above(0);
      await forgetBudgets(server.deps.db, new Date(time.now.getTime() + 60_000));
      expect(await stored()).to.equal(0);
    });
  });
});
