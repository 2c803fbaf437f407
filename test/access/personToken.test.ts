import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { findActivePerson } from '../../src/directory/personState.js';
import { patchOf } from '../support/builders.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, send, type TestTenant } from '../support/tenant.js';
import { data, globalId, person } from '../graphql/asking.js';

describe("a person's token", function () {
  this.timeout(30_000);
  let tenant: TestTenant;
  let second: TestServer;
  before(async () => {
    tenant = await aTenant();
    second = await startServer((await theDatabase()).environment);
  });
  after(() => second.stop());

  const statusAt = async ({ url }: TestServer, token: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    return (await send(`${url}/graphql`, 'POST', { query: '{ viewer { role } }' }, headers)).status;
  };
  const timeUntil = async (status: number, server: TestServer, token: string): Promise<number> => {
    const start = performance.now();
    while ((await statusAt(server, token)) !== status) {
      if (performance.now() - start > 8000) throw new Error(`It is not ${status} within 8 s`);
      await sleep(50);
    }
    return performance.now() - start;
  };
  const lock = (id: string, name = 'lockUser') =>
    data(tenant, `mutation ($id: ID!) { ${name}(input: { id: $id }) { userErrors { code } } }`, {
      id: globalId('User', id),
    });

  const ends = {
    locked: (id: string) => lock(id),
    deactivated: (id: string) =>
      tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false })),
    deleted: (id: string) => tenant.scim('DELETE', `/Users/${id}`),
  };
  for (const [how, end] of Object.entries(ends)) {
    it(`is refused within 5 s in every process when the person is ${how}`, async () => {
      const { id } = await person(tenant);
      const token = await tenant.personToken({ role: 'ADMIN', userId: id });
      for (const server of [tenant.server, second]) expect(await statusAt(server, token)).to.equal(200);
      await end(id);
      const times = [tenant.server, second].map((server) => timeUntil(401, server, token));
      for (const ms of await Promise.all(times)) expect(ms).to.be.below(5000);
    });
  }

  it('is good again when the lock is lifted', async () => {
    const { id } = await person(tenant);
    const token = await tenant.personToken({ role: 'FRONTEND', userId: id });
    await lock(id);
    expect(await statusAt(tenant.server, token)).to.equal(401);
    await lock(id, 'unlockUser');
    expect(await timeUntil(200, tenant.server, token)).to.be.below(5000);
  });

  it('is not made for who is locked', async () => {
    const { id, userName } = await person(tenant);
    const { db } = tenant.server.deps;
    expect(await findActivePerson(db, tenant.tenant.id, userName)).to.equal(id);
    await lock(id);
    const refusal = await findActivePerson(db, tenant.tenant.id, userName).catch((error: Error) => error);
    expect(refusal).to.include({ kind: 'forbidden' }).and.have.property('message').that.includes('locked');
  });
});
