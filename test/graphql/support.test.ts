import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { aUser, patchOf } from '../support/builders.js';
import { aTenant, type Answer, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, person } from './asking.js';

const SUPPORT = `query ($id: ID!) { support(integration: $id) { managedPeople failingSince failures lastSuccessAt requestIds text
  appIntegration { name clientId } lastError { at sentence status scimType detail requestId } } }`;

describe('what support asks for', () => {
  let tenant: TestTenant;
  const ask = async (): Promise<Json> => (await data(tenant, SUPPORT, { id: tenant.clientId })).support;
  const idOf = ({ headers }: Answer<Json>): string => headers.get('X-Request-Id') ?? '';
  const refused = () => tenant.scim('POST', '/Users', aUser({ userName: 'mara.vos@fabriek.example' }));
  beforeEach(async () => {
    tenant = await aTenant();
    await person(tenant, { userName: 'mara.vos@fabriek.example' });
  });

  it('is nothing but the number of people while all is well', async () => {
    const { lastSuccessAt, text, ...rest } = await ask();
    expect(rest).to.deep.equal({
      managedPeople: 1,
      failingSince: null,
      failures: 0,
      requestIds: [],
      appIntegration: { name: 'Entra ID', clientId: tenant.clientId },
      lastError: null,
    });
    expect(lastSuccessAt).to.be.a('string');
    expect(text)
      .to.match(/^Exact error: none in the provisioning log$/m)
      .and.match(/^Failing since: not failing$/m);
  });

  it('is the exact last error, since when it fails, and the ids of the requests', async () => {
    const answers = [await refused(), await refused(), await refused()];
    const found = await ask();
    expect(found.lastError).to.deep.include({
      status: 409,
      scimType: 'uniqueness',
      detail: answers[2]?.body.detail.replace('mara.vos@', 'ma***@'),
      requestId: idOf(answers[2] as Answer<Json>),
    });
    expect(found).to.deep.include({ failures: 3, requestIds: answers.map(idOf).reverse() });
    const { provisioningLog } = await data(tenant, '{ provisioningLog { nodes { at } } }');
    const times = each(provisioningLog.nodes, 'at');
    expect(found.failingSince).to.equal(times[2]);
    expect(found.lastSuccessAt).to.equal(times[3]);
    expect(found.lastError.at).to.equal(times[0]);
  });

  it('is a text ready to paste, with names masked', async () => {
    const answer = await refused();
    const { text, failingSince, lastSuccessAt, lastError } = await ask();
    expect(String(text).split('\n').slice(1)).to.deep.equal([
      `App integration: Entra ID (Client ID ${tenant.clientId}, profile ENTRA)`,
      'Exact error: 409 uniqueness: userName "ma***@fabriek.example" is already in use by another user of this tenant. Match that user, or change one of the two.',
      `Request: POST, ${lastError.at}, request id ${idOf(answer)}`,
      `Failing since: ${failingSince} (1 request not done)`,
      `Last request that was done: ${lastSuccessAt}`,
      'People managed: 1',
      'Deactivation brake: WATCHING. Provisioning may deactivate or delete 20 % of the managed people within 60 minutes, and 20 people in any case.',
      `Request ids: ${idOf(answer)}`,
    ]);
    expect(text).to.include(`tenant ${tenant.tenant.slug}`).and.not.include('mara.vos');
  });

  it('does not fail any more once a request was done, and still tells the last error', async () => {
    const answer = await refused();
    await person(tenant);
    const found = await ask();
    expect(found).to.deep.include({ failingSince: null, failures: 0, requestIds: [idOf(answer)], managedPeople: 2 });
    expect(found.lastError.status).to.equal(409);
    await refused();
    expect((await ask()).failures).to.equal(1);
  });

  it('names ten requests at most, and counts all of them', async () => {
    for (let n = 0; n < 12; n += 1) await refused();
    const { failures, requestIds } = await ask();
    expect(failures).to.equal(12);
    expect(requestIds).to.have.length(10);
  });

  it('counts who is managed: deactivated people too, deleted ones and SpeakUp’s own not', async () => {
    const [away, gone] = [await person(tenant), await person(tenant)];
    await tenant.scim('PATCH', `/Users/${away.id}`, patchOf({ op: 'replace', path: 'active', value: false }));
    await tenant.scim('DELETE', `/Users/${gone.id}`);
    await data(tenant, 'mutation { createUser(input: { userName: "own@fabriek.example" }) { userErrors { code } } }');
    expect((await ask()).managedPeople).to.equal(2);
  });

  it('is of one app integration: what fails for another does not count', async () => {
    await refused();
    const { clientId } = await tenant.integration({ name: 'Other' });
    const { support } = await data(tenant, SUPPORT, { id: clientId });
    expect(support).to.deep.include({ lastError: null, failures: 0, requestIds: [], lastSuccessAt: null });
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`is refused to ${role}`, async () => {
      expect(await codes(tenant, SUPPORT, { id: tenant.clientId }, role)).to.deep.equal(['FORBIDDEN']);
    });
  }

  it('of another tenant’s app integration is null, as of an unknown one', async () => {
    const theirs = await aTenant();
    for (const id of [theirs.clientId, '00000000-0000-7000-8000-000000000000', 'unknown']) {
      expect((await data(tenant, SUPPORT, { id })).support, id).to.equal(null);
    }
  });
});
