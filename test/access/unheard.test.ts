import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { revokeIntegration } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { type Refusal } from '../../src/refusal.js';
import { databaseProxy, type DatabaseProxy } from '../support/databaseProxy.js';
import { withOwnerIn, withOwnerUrl } from '../support/owner.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, tokenOf, type TestTenant } from '../support/tenant.js';

describe('a process whose connections to the database are lost', function () {
  this.timeout(60_000);
  let acme: TestTenant;
  let proxy: DatabaseProxy;
  let server: TestServer;

  before(async () => {
    acme = await aTenant();
    proxy = await withOwnerUrl(databaseProxy);
    const { environment } = await theDatabase();
    server = await startServer({ ...environment, DATABASE_URL: proxy.url });
  });
  afterEach(() => proxy.set('open'));
  after(async () => {
    await server.stop();
    await proxy.close();
  });

  /** What the process says of a token: `accepted`, or the kind of its refusal. */
  const ask = (token: string): Promise<string> =>
    server.deps.authenticator.authenticate(`Bearer ${token}`).then(
      () => 'accepted',
      ({ kind }: Refusal) => kind,
    );
  const until = async (token: string, wanted: string): Promise<number> => {
    const start = performance.now();
    while ((await ask(token)) !== wanted) {
      if (performance.now() - start > 10_000) throw new Error(`Not ${wanted} within 10 s`);
      await sleep(20);
    }
    return performance.now() - start;
  };
  const anIntegration = async () => {
    const credentials = await acme.integration();
    return { ...credentials, token: await tokenOf(acme.server.url, credentials) };
  };
  const revoke = (clientId: string) =>
    revokeIntegration(acme.server.deps.db, systemActor(acme.tenant.id, acme.tenant.slug), requestContext(), clientId);
  const listeners = async (): Promise<number> => {
    const { rows } = await server.deps.db.pool.query<{ count: string }>(
      "select count(*) from pg_stat_activity where application_name = 'speakup-directory listener' and datname = current_database()",
    );
    return Number(rows[0]?.count);
  };

  it('T6: hears again after its listening connection was ended, and forgets what may have changed meanwhile', async () => {
    const { clientId, token } = await anIntegration();
    await sleep(300);
    expect(await ask(token)).to.equal('accepted');
    const before = await listeners();
    await withOwnerIn(acme.tenant.id, async (owner) => {
      // One statement ends the listeners and revokes: nobody can hear of it.
      await owner.query(
        `with ended as (select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'speakup-directory listener')
         update integration set revoked_at = now() where id = '${clientId}' and (select count(*) from ended) > 0`,
      );
    });
    expect(await until(token, 'unauthenticated')).to.be.below(1000);
    const start = performance.now();
    while ((await listeners()) < before && performance.now() - start < 5000) await sleep(20);
    expect(await listeners()).to.equal(before);
    const next = await anIntegration();
    await sleep(700);
    expect(await ask(next.token)).to.equal('accepted');
    await revoke(next.clientId);
    expect(await until(next.token, 'unauthenticated')).to.be.below(400);
  });

  it('T6: refuses what it cannot ask about with 503 and Retry-After, and accepts nothing on what it remembers', async () => {
    const { token } = await anIntegration();
    expect(await ask(token)).to.equal('accepted');
    proxy.set('closed');
    expect(await until(token, 'unavailable')).to.be.below(5000);
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${server.url}/scim/v2/ServiceProviderConfig`, { headers });
    expect([answer.status, answer.headers.get('Retry-After')]).to.deep.equal([503, '5']);
    proxy.set('open');
    expect(await until(token, 'accepted')).to.be.below(7000);
  });

  it('T6: accepts no revoked token for longer than 5 s over a network that is cut without a word', async () => {
    const { clientId, token } = await anIntegration();
    await sleep(700);
    expect(await ask(token)).to.equal('accepted');
    proxy.set('silent');
    await revoke(clientId);
    const revokedAt = performance.now();
    const accepted: number[] = [];
    // Whoever waits for an answer that does not come is not let in by it either.
    const asking: Promise<void>[] = [];
    while (performance.now() - revokedAt < 7000) {
      asking.push(
        ask(token).then((said) => void (said === 'accepted' && accepted.push(performance.now() - revokedAt))),
      );
      await sleep(100);
    }
    proxy.set('open');
    await Promise.all(asking);
    expect(Math.max(0, ...accepted)).to.be.below(5000);
    expect(await until(token, 'unauthenticated')).to.be.below(7000);
  });
});
