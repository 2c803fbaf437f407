import { expect } from 'chai';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  revokeIntegration,
  rotateSecret,
  setIntegrationEnabled,
} from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { setProvisioningEnabled } from '../../src/directory/tenant/tenants.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, send, tokenOf, type TestTenant } from '../support/tenant.js';

/** Waits until `holds` and returns after how many milliseconds it did. */
async function timeUntil(holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > 5000) throw new Error('It has not happened within 5 s');
    await sleep(20);
  }
  return performance.now() - start;
}

describe('a token that was good', () => {
  let second: TestServer;
  const operator = ({ tenant }: TestTenant) => systemActor(tenant.id, tenant.slug);
  const statusAt = async ({ url }: TestServer, token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await send(`${url}/scim/v2/Users?count=0`, 'GET', undefined, headers)).status;
  };

  before(async function () {
    this.timeout(60_000);
    second = await startServer((await theDatabase()).environment);
  });
  after(() => second.stop());

  it('of one process is good in every other', async () => {
    const { token } = await aTenant();
    expect(await statusAt(second, token)).to.not.equal(401);
  });

  it('stops within a second in every process when its integration is revoked', async () => {
    const acme = await aTenant();
    for (const server of [acme.server, second]) expect(await statusAt(server, acme.token)).to.not.equal(401);
    await revokeIntegration(acme.server.deps.db, operator(acme), requestContext(), acme.clientId);
    const times = [acme.server, second].map((server) =>
      timeUntil(async () => (await statusAt(server, acme.token)) === 401),
    );
    for (const ms of await Promise.all(times)) expect(ms).to.be.below(1000);
  });

  it('stops when its integration is disabled, and works again when it is enabled', async () => {
    const { server, token, clientId, ...acme } = await aTenant();
    const actor = systemActor(acme.tenant.id, acme.tenant.slug);
    await setIntegrationEnabled(server.deps.db, actor, requestContext(), clientId, false);
    expect(await timeUntil(async () => (await statusAt(server, token)) === 401)).to.be.below(1000);
    await setIntegrationEnabled(server.deps.db, actor, requestContext(), clientId, true);
    expect(await timeUntil(async () => (await statusAt(server, token)) !== 401)).to.be.below(1000);
  });

  it('outlives the rotation and the end of the secret that it was asked with', async () => {
    const acme = await aTenant();
    const { db } = acme.server.deps;
    await rotateSecret(db, operator(acme), requestContext(), acme.clientId, { revokeOthers: true });
    await sleep(600);
    expect(await statusAt(acme.server, acme.token)).to.not.equal(401);
  });

  it('carries the switch of its tenant, and never more than the integration may now', async () => {
    const acme = await aTenant();
    const { db, authenticator } = acme.server.deps;
    const authorization = `Bearer ${acme.token}`;
    expect(await authenticator.authenticate(authorization)).to.include({
      usersAndGroups: 'FULL',
      issues: 'NONE',
      tenantSlug: acme.tenant.slug,
      provisioningEnabled: true,
    });
    await setProvisioningEnabled(db, operator(acme), requestContext(), false);
    await sleep(600);
    expect(await authenticator.authenticate(authorization)).to.include({ provisioningEnabled: false });
    const reading = await tokenOf(acme.server.url, acme, 'scim.read');
    expect(await authenticator.authenticate(`Bearer ${reading}`)).to.include({ usersAndGroups: 'READ_ONLY' });
  });

  it("is not a person's when the person is not here, and is when it names nobody", async () => {
    const acme = await aTenant();
    const { authenticator } = acme.server.deps;
    const named = await acme.personToken({ role: 'ANALYST', userId: acme.clientId });
    const refusal = await authenticator.authenticate(`Bearer ${named}`).catch((error: Error) => error);
    expect(refusal).to.include({ kind: 'unauthenticated' });
    const unnamed = await acme.personToken({ role: 'ANALYST' });
    expect(await authenticator.authenticate(`Bearer ${unnamed}`)).to.include({
      kind: 'PERSON',
      id: null,
      role: 'ANALYST',
    });
  });

  it('is refused when the header is sent twice', async () => {
    const { server, token } = await aTenant();
    const status = await new Promise((resolve, reject) => {
      const ask = request(`${server.url}/scim/v2/Users`, (response) => resolve(response.resume().statusCode));
      ask.setHeader('Authorization', [`Bearer ${token}`, `Bearer ${token}`]);
      ask.on('error', reject).end();
    });
    expect(status).to.equal(401);
  });
});
