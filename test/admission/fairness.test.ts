import { expect } from 'chai';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Gate } from '../../src/admission/gate.js';
import { type InFlight } from '../../src/admission/inFlight.js';
import { createRequestsInFlight, LIMITS } from '../../src/admission/requestsInFlight.js';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { BrakeRefusal, type Held } from '../../src/directory/brake/brakeRefusal.js';
import { holdDeactivation } from '../../src/directory/brake/watch.js';
import { spendRequest } from '../../src/directory/integration/requestBudget.js';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { aUser } from '../support/builders.js';
import { startServer, theDatabase, theServer, type TestServer } from '../support/server.js';
import { type Answer, type Json } from '../support/tenant.js';
import { crowd, holdingGroup, renaming, statuses, withGroup } from './crowd.js';

/** Of which a tenant alone takes four, so that one stands ready. */
const POOL_SIZE = '5';

describe('a tenant that asks for more than its share', () => {
  let server: TestServer;
  before(async () => {
    await theServer();
    server = await startServer({ ...(await theDatabase()).environment, POOL_SIZE });
  });
  after(() => server.stop());

  it('is told 429 after a second, in SCIM form and with whole seconds to wait, while another is served', async () => {
    const loud = await withGroup(server);
    const quiet = await withGroup(server);
    const times: number[] = [];
    const { loudAnswers, quietAnswers } = await holdingGroup(loud.tenant, loud.group, async () => {
      const start = performance.now();
      const under = crowd(30, async (at) => {
        const answer = await loud.tenant.scim(...renaming(loud.group, at));
        if (answer.status === 429) times.push(performance.now() - start);
        return answer;
      });
      await sleep(100);
      const served: Answer<Json>[] = [];
      for (let at = 0; at < 20; at += 1) served.push(await quiet.tenant.scim('GET', `/Groups/${quiet.group}`));
      const taken = performance.now() - start;
      await sleep(Math.max(0, 1300 - taken));
      return { loudAnswers: under, quietAnswers: served };
    });
    expect(statuses(quietAnswers)).to.deep.equal({ 200: 20 });
    const answers = await loudAnswers;
    expect(statuses(answers)).to.deep.equal({ 204: 4, 429: 26 });
    expect(Math.min(...times)).to.be.at.least(900);
    expect(Math.max(...times)).to.be.below(5000);
    for (const { status, headers, body } of answers) {
      if (status !== 429) continue;
      expect(headers.get('retry-after')).to.match(/^[2-5]$/);
      expect(headers.get('content-type')).to.equal('application/scim+json; charset=utf-8');
      expect(body).to.have.keys('schemas', 'status', 'detail');
      expect(body.status).to.equal('429');
      expect(body.detail).to.match(/more requests under way than its share.*Entra repeats the request by itself/);
    }
  });

  it('is refused at once as long as that lasts, with the headers of every answer, and is served again after', async () => {
    const loud = await withGroup(server);
    const { under, more } = await holdingGroup(loud.tenant, loud.group, async () => {
      const under = crowd(10, (at) => loud.tenant.scim(...renaming(loud.group, at)));
      await sleep(1100);
      const more = crowd(10, (at) => loud.tenant.scim(...renaming(loud.group, at)));
      await sleep(300);
      const start = performance.now();
      const early = await loud.tenant.scim(...renaming(loud.group, 0));
      expect(performance.now() - start).to.be.below(200);
      expect(early.status).to.equal(429);
      expect(early.headers.get('retry-after')).to.match(/^[2-5]$/);
      expect(early.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
      expect(early.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(early.headers.get('content-security-policy')).to.include("default-src 'none'");
      return { under, more };
    });
    await Promise.all([under, more]);
    expect((await loud.tenant.scim('GET', `/Groups/${loud.group}`)).status).to.equal(200);
  });

  it('is told 429 in GraphQL too, with the code RATE_LIMITED', async () => {
    const loud = await withGroup(server);
    await holdingGroup(loud.tenant, loud.group, async () => {
      const under = crowd(4, (at) => loud.tenant.scim(...renaming(loud.group, at)));
      await sleep(100);
      const { status, headers, body } = await loud.tenant.graphql('{ users(first: 1) { totalCount } }');
      expect(status).to.equal(429);
      expect(headers.get('retry-after')).to.match(/^[2-5]$/);
      expect(body.errors[0].extensions.code).to.equal('RATE_LIMITED');
      void under;
    });
  });

  it('is not left half-way: what goes on with a request that was admitted is served, though others are refused', async () => {
    const loud = await withGroup(server);
    const { under, answers } = await holdingGroup(loud.tenant, loud.group, async () => {
      const under = crowd(30, (at) => loud.tenant.scim(...renaming(loud.group, at)));
      await sleep(1200);
      const gate = server.deps.db.gate;
      const inFlight = createRequestsInFlight().begin(
        LIMITS.scim,
        new ServerResponse(new IncomingMessage(new Socket())),
      );
      inFlight.hasBegun = true;
      const tried = [gate.enter(loud.tenant.tenant.id, inFlight), gate.enter(loud.tenant.tenant.id)];
      const answers = tried.map((waits) => waits?.then(() => 'served').catch(String));
      await sleep(1200);
      return { under, answers };
    });
    expect(await answers[0]).to.equal('served');
    expect(await answers[1]).to.match(/more requests under way than its share/);
    server.deps.db.gate.leave(loud.tenant.tenant.id);
    expect(statuses(await under)).to.have.property('204');
  });

  it('asks for a permit for what is written beside a request; a budget that is spent has not begun it', async () => {
    const { db } = server.deps;
    const { tenant } = await withGroup(server);
    const { body } = await tenant.scim('POST', '/Users', aUser());
    const actor = { ...systemActor(tenant.tenant.id, tenant.tenant.slug), kind: 'INTEGRATION', id: tenant.clientId };
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    const request = { ...requestContext(), inFlight: createRequestsInFlight().begin(LIMITS.scim, response) };
    const asked: (InFlight | undefined)[] = [];
    const enter: Gate['enter'] = (of, inFlight) => {
      asked.push(inFlight);
      return db.gate.enter(of, inFlight);
    };
    const pools = { pool: db.pool, gate: { ...db.gate, enter } };
    await spendRequest(pools, actor as IntegrationActor, { requestsPerSecond: 9, burst: 9 }, request);
    expect(asked).to.deep.equal([undefined]);
    const held = { user: body.id, reason: 'LIMIT', count: 20, base: 100 } as unknown as Held;
    expect(await holdDeactivation(pools, actor as IntegrationActor, request, new BrakeRefusal(held))).to.equal(true);
    expect(asked).to.deep.equal([undefined, request.inFlight]);
  });

  it('is not the only one refused where others hold every connection: who asks for little is told 503', async () => {
    const loud = await withGroup(server);
    const second = await withGroup(server);
    const quiet = await withGroup(server);
    await holdingGroup(loud.tenant, loud.group, () =>
      holdingGroup(second.tenant, second.group, async () => {
        const under = crowd(4, (at) => loud.tenant.scim(...renaming(loud.group, at)));
        await sleep(100);
        const other = second.tenant.scim(...renaming(second.group, 0));
        await sleep(100);
        const { status, headers, body } = await quiet.tenant.scim('GET', `/Groups/${quiet.group}`);
        expect(status).to.equal(503);
        expect(headers.get('retry-after')).to.match(/^[2-5]$/);
        expect(body.detail).to.match(/overloaded/);
        void under;
        void other;
      }),
    );
  });
});

describe('without the queue', () => {
  it('a tenant whose requests hang keeps all others waiting', async () => {
    await theServer();
    const server = await startServer({ ...(await theDatabase()).environment, POOL_SIZE, ADMISSION: 'off' });
    try {
      const loud = await withGroup(server);
      const quiet = await withGroup(server);
      const { waits } = await holdingGroup(loud.tenant, loud.group, async () => {
        void crowd(10, (at) => loud.tenant.scim(...renaming(loud.group, at)));
        await sleep(100);
        const waiting = quiet.tenant.scim('GET', `/Groups/${quiet.group}`);
        expect(await Promise.race([waiting, sleep(1500, 'still waiting')])).to.equal('still waiting');
        return { waits: waiting };
      });
      expect((await waits).status).to.equal(200);
    } finally {
      await server.stop();
    }
  });
});
