import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Role } from '../../src/directory/actor.js';
import { historyOf } from '../scim/records.js';
import { aUser } from '../support/builders.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, send, tokenOf, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each } from './asking.js';

const SHOWN = `clientId name usersAndGroups issues compatibility state disabledAt revokedAt createdAt
  secrets { id state createdAt expiresAt revokedAt }`;
const ERRORS = 'userErrors { field message code }';

/** Each mutation of an app integration, with a fragment of its payload. */
const MUTATIONS = {
  updateAppIntegration: ['UpdateAppIntegrationInput', { name: 'Other' }],
  rotateAppIntegrationSecret: ['RotateAppIntegrationSecretInput', {}],
  completeAppIntegrationRotation: ['AppIntegrationInput', {}],
  setAppIntegrationEnabled: ['SetAppIntegrationEnabledInput', { enabled: false }],
  revokeAppIntegration: ['AppIntegrationInput', {}],
} as const;
type Name = keyof typeof MUTATIONS;

const query = (name: Name, more = '') =>
  `mutation ($input: ${MUTATIONS[name][0]}!) { ${name}(input: $input) { appIntegration { ${SHOWN} } ${more} ${ERRORS} } }`;

describe('app integrations in GraphQL', () => {
  let tenant: TestTenant;
  let second: TestServer;
  before(async function () {
    this.timeout(60_000);
    tenant = await aTenant();
    second = await startServer((await theDatabase()).environment);
  });
  after(() => second.stop());

  const run = async (name: Name, input: object, more = ''): Promise<Json> =>
    (await data(tenant, query(name, more), { input }))[name];
  const one = async (clientId: string): Promise<Json> =>
    (await data(tenant, `query ($id: UUID!) { appIntegration(clientId: $id) { ${SHOWN} } }`, { id: clientId }))
      .appIntegration;
  const errors = ({ userErrors }: Json) => (userErrors as Json[]).map(({ field, code }) => [field, code] as unknown);
  const statusOf = async (token: string, { url }: { url: string } = tenant.server) =>
    (await send(`${url}/scim/v2/Users?count=0`, 'GET', undefined, { Authorization: `Bearer ${token}` })).status;
  const until = async (holds: () => Promise<boolean>) => {
    const start = performance.now();
    while (!(await holds())) {
      if (performance.now() - start > 5000) throw new Error('It has not happened within 5 s');
      await sleep(20);
    }
    return performance.now() - start;
  };

  it('are listed in order of creation, with their secrets’ dates and never a secret', async () => {
    const own = await aTenant();
    const { clientId } = await own.integration({ name: 'Second', usersAndGroups: 'READ_ONLY' });
    const { appIntegrations } = await data(own, `{ appIntegrations { ${SHOWN} } }`);
    expect(each(appIntegrations, 'clientId')).to.deep.equal([own.clientId, clientId]);
    const [, shown] = appIntegrations;
    expect(shown).to.deep.include({
      name: 'Second',
      usersAndGroups: 'READ_ONLY',
      issues: 'NONE',
      compatibility: 'ENTRA',
      state: 'ENABLED',
      disabledAt: null,
      revokedAt: null,
    });
    expect(shown.secrets).to.have.length(1);
    expect(shown.secrets[0]).to.include({ state: 'LIVE', revokedAt: null });
    expect(Date.parse(shown.secrets[0].expiresAt)).to.be.above(Date.now());
  });

  it('are shown whole wherever one is: by changes, by the provisioning log, by status and support', async () => {
    const own = await aTenant();
    await own.scim('POST', '/Users', aUser());
    const { appIntegrations, ...others } = await data(
      own,
      `query ($id: ID!) { appIntegrations { ${SHOWN} } provisioningLog { nodes { appIntegration { ${SHOWN} } } }
        history(where: { actor: INTEGRATION }) { nodes { actor { appIntegration { ${SHOWN} } } } }
        support(integration: $id) { appIntegration { ${SHOWN} } } }`,
      { id: own.clientId },
    );
    const [whole] = appIntegrations;
    expect(others.provisioningLog.nodes).to.deep.equal([{ appIntegration: whole }]);
    expect(others.history.nodes).to.deep.equal([{ actor: { appIntegration: whole } }]);
    expect(others.support).to.deep.equal({ appIntegration: whole });
  });

  it('are renamed, and given other access and another profile; what is absent stays', async () => {
    const { clientId } = await tenant.integration();
    const renamed = await run('updateAppIntegration', { clientId, name: ' Entra of acme ', issues: null });
    expect(renamed.appIntegration).to.include({
      name: 'Entra of acme',
      usersAndGroups: 'FULL',
      issues: 'NONE',
      compatibility: 'ENTRA',
    });
    const given = { usersAndGroups: 'READ_ONLY', issues: 'ACCESS', compatibility: 'RFC' };
    const changed = await run('updateAppIntegration', { clientId, ...given });
    expect(changed.appIntegration).to.include({ name: 'Entra of acme', ...given });
    expect(await one(clientId)).to.deep.equal(changed.appIntegration);
    const [, , first, other, ...rest] = await historyOf(tenant, clientId);
    expect(first).to.deep.include({ kind: 'CHANGED', resource_type: 'Integration', actor_kind: 'PERSON' });
    expect(first.changes).to.deep.equal({ name: { before: 'Entra ID', after: 'Entra of acme' } });
    expect(Object.keys(other.changes as object)).to.have.members(['usersAndGroups', 'issues', 'compatibility']);
    expect(rest).to.deep.equal([]);
    await run('updateAppIntegration', { clientId, ...given });
    expect(await historyOf(tenant, clientId), 'no change, no record').to.have.length(4);
  });

  it('take less access away from tokens already issued', async () => {
    const made = await tenant.integration();
    const token = await tokenOf(tenant.server.url, made);
    const post = async () =>
      (await tenant.scim('POST', '/Groups', { schemas: [] }, { Authorization: `Bearer ${token}` })).status;
    expect(await post()).to.equal(400);
    await run('updateAppIntegration', { clientId: made.clientId, usersAndGroups: 'READ_ONLY' });
    expect(await until(async () => (await post()) === 403)).to.be.below(1000);
  });

  it('rotate without a moment in which neither secret works', async () => {
    const made = await tenant.integration();
    const { clientId } = made;
    const { url } = tenant.server;
    const rotated = await run(
      'rotateAppIntegrationSecret',
      { clientId, secretYears: 1 },
      'clientSecret secretExpiresAt tokenEndpoint tenantUrl exampleTokenRequest',
    );
    expect(rotated.userErrors).to.deep.equal([]);
    expect(rotated).to.include({ tokenEndpoint: `${url}/oauth2/token`, tenantUrl: `${url}/scim/v2` });
    expect(Date.parse(rotated.secretExpiresAt) - Date.now()).to.be.closeTo(365.25 * 86_400_000, 2 * 86_400_000);
    expect(each(rotated.appIntegration.secrets, 'state')).to.deep.equal(['LIVE', 'LIVE']);
    const fresh = { clientId, clientSecret: rotated.clientSecret as string };
    const old = await tokenOf(url, made);
    await tokenOf(url, fresh);
    expect(errors(await run('rotateAppIntegrationSecret', { clientId }))).to.deep.equal([[null, 'INVALID']]);

    const { appIntegration } = await run('completeAppIntegrationRotation', { clientId });
    expect(each(appIntegration.secrets, 'state')).to.deep.equal(['REVOKED', 'LIVE']);
    await until(() =>
      tokenOf(url, made).then(
        () => false,
        () => true,
      ),
    );
    await tokenOf(url, fresh);
    expect(await statusOf(old), 'a token already issued').to.equal(200);
    const again = await run('completeAppIntegrationRotation', { clientId });
    expect(each(again.appIntegration.secrets, 'state')).to.deep.equal(['REVOKED', 'LIVE']);
    const kinds = each(await historyOf(tenant, clientId), 'kind');
    expect(kinds).to.deep.equal(['CREATED', 'SECRET_ADDED', 'SECRET_ADDED', 'SECRET_REVOKED']);
  });

  it('are disabled within a second in every process, and enabled again', async () => {
    const made = await tenant.integration();
    const { clientId } = made;
    const token = await tokenOf(tenant.server.url, made);
    for (const server of [tenant.server, second]) expect(await statusOf(token, server)).to.equal(200);
    const { appIntegration } = await run('setAppIntegrationEnabled', { clientId, enabled: false });
    expect(appIntegration.state).to.equal('DISABLED');
    const stopped = [tenant.server, second].map((server) => until(async () => (await statusOf(token, server)) === 401));
    for (const ms of await Promise.all(stopped)) expect(ms).to.be.below(1000);
    const enabled = await run('setAppIntegrationEnabled', { clientId, enabled: true });
    expect(enabled.appIntegration).to.include({ state: 'ENABLED', disabledAt: null });
    expect(await until(async () => (await statusOf(token, second)) === 200)).to.be.below(1000);
  });

  it('are revoked for good, within a second in every process', async () => {
    const made = await tenant.integration();
    const { clientId } = made;
    const token = await tokenOf(tenant.server.url, made);
    for (const server of [tenant.server, second]) expect(await statusOf(token, server)).to.equal(200);
    const { appIntegration } = await run('revokeAppIntegration', { clientId });
    expect(appIntegration.state).to.equal('REVOKED');
    expect(each(appIntegration.secrets, 'state')).to.deep.equal(['REVOKED']);
    const stopped = [tenant.server, second].map((server) => until(async () => (await statusOf(token, server)) === 401));
    for (const ms of await Promise.all(stopped)) expect(ms).to.be.below(1000);
    for (const name of Object.keys(MUTATIONS) as Name[]) {
      if (name === 'revokeAppIntegration') continue;
      expect(errors(await run(name, { clientId, ...MUTATIONS[name][1] })), name).to.deep.equal([[null, 'INVALID']]);
    }
    expect((await one(clientId)).state).to.equal('REVOKED');
  });

  it('tell what is wrong with an input', async () => {
    const { clientId } = await tenant.integration();
    const cases: [Name, object, [string, string]][] = [
      ['updateAppIntegration', { name: '  ' }, ['name', 'BLANK']],
      ['updateAppIntegration', { name: 'x'.repeat(501) }, ['name', 'INVALID']],
      ['rotateAppIntegrationSecret', { secretYears: 4 }, ['secretYears', 'INVALID']],
    ];
    for (const [name, input, [field, code]] of cases) {
      expect(errors(await run(name, { clientId, ...input }))).to.deep.equal([[[field], code]]);
    }
  });

  it('of another tenant are like those that nobody has', async () => {
    const other = await aTenant();
    for (const clientId of [other.clientId, '00000000-0000-7000-8000-000000000000']) {
      expect(await one(clientId)).to.equal(null);
      for (const name of Object.keys(MUTATIONS) as Name[]) {
        const payload = await run(name, { clientId, ...MUTATIONS[name][1] });
        expect(payload, name).to.deep.equal({
          appIntegration: null,
          userErrors: [{ field: ['clientId'], message: 'There is no such app integration.', code: 'NOT_FOUND' }],
        });
      }
    }
    expect(await historyOf(tenant, other.clientId)).to.deep.equal([]);
    expect(await statusOf(other.token)).to.equal(200);
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`are refused to ${role}`, async () => {
      const { clientId } = tenant;
      expect(await codes(tenant, '{ appIntegrations { name } }', {}, role)).to.deep.equal(['FORBIDDEN']);
      const asked = 'query ($id: UUID!) { appIntegration(clientId: $id) { name } }';
      expect(await codes(tenant, asked, { id: clientId }, role)).to.deep.equal(['FORBIDDEN']);
      for (const name of Object.keys(MUTATIONS) as Name[]) {
        const input = { clientId, ...MUTATIONS[name][1] };
        expect(await codes(tenant, query(name), { input }, role), name).to.deep.equal(['FORBIDDEN']);
      }
      expect((await one(clientId)).name).to.equal('Entra ID');
    });
  }
});

describe('the settings of a tenant in GraphQL', () => {
  const PROVISIONING = `mutation ($on: Boolean!) { setProvisioningEnabled(input: { enabled: $on }) {
    tenantSettings { slug provisioningEnabled groupAdoptionAllowed } ${ERRORS} } }`;
  const ADOPTION = `mutation ($on: Boolean!) { allowGroupAdoption(input: { allowed: $on }) {
    tenantSettings { provisioningEnabled groupAdoptionAllowed } ${ERRORS} } }`;

  it('switch provisioning off and on; people and groups stay as they are', async () => {
    const own = await aTenant();
    const off = (await data(own, PROVISIONING, { on: false })).setProvisioningEnabled;
    expect(off).to.deep.equal({
      tenantSettings: { slug: own.tenant.slug, provisioningEnabled: false, groupAdoptionAllowed: false },
      userErrors: [],
    });
    await sleep(600);
    expect((await own.scim('GET', '/Users')).status).to.equal(403);
    expect((await data(own, '{ tenantSettings { provisioningEnabled } }')).tenantSettings).to.deep.equal({
      provisioningEnabled: false,
    });
    await data(own, PROVISIONING, { on: true });
    await data(own, PROVISIONING, { on: true });
    await sleep(600);
    expect((await own.scim('GET', '/Users')).status).to.equal(200);
    const [, ...records] = await historyOf(own, own.tenant.id);
    expect(records.map(({ changes, actor_kind }) => [changes, actor_kind] as unknown)).to.deep.equal([
      [{ provisioningEnabled: { before: true, after: false } }, 'PERSON'],
      [{ provisioningEnabled: { before: false, after: true } }, 'PERSON'],
    ]);
  });

  it('let provisioning take over groups made in SpeakUp, and refuse it again', async () => {
    const own = await aTenant();
    const make = 'mutation ($name: String!) { createGroup(input: { displayName: $name }) { group { scimId } } }';
    const rename = async (name: string) => {
      const { scimId } = (await data(own, make, { name })).createGroup.group;
      const operation = { op: 'replace', path: 'displayName', value: `${name} of Entra` };
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
      const { status } = await own.scim('PATCH', `/Groups/${scimId}`, { schemas, Operations: [operation] });
      await sleep(600);
      return status;
    };
    expect(await rename('First')).to.equal(403);
    const allowed = (await data(own, ADOPTION, { on: true })).allowGroupAdoption;
    expect(allowed.tenantSettings).to.deep.equal({ provisioningEnabled: true, groupAdoptionAllowed: true });
    await sleep(600);
    expect(await rename('Second')).to.equal(204);
    await data(own, ADOPTION, { on: false });
    await sleep(600);
    expect(await rename('Third')).to.equal(403);
    const records = (await historyOf(own, own.tenant.id)).slice(1);
    expect(records.map(({ changes }) => changes as unknown)).to.deep.equal([
      { groupAdoptionAllowed: { before: false, after: true } },
      { groupAdoptionAllowed: { before: true, after: false } },
    ]);
  }).timeout(10_000);

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`are refused to ${role}`, async () => {
      const own = await aTenant();
      for (const asked of [PROVISIONING, ADOPTION]) {
        expect(await codes(own, asked, { on: true }, role)).to.deep.equal(['FORBIDDEN']);
      }
      expect(await codes(own, '{ tenantSettings { slug } }', {}, role)).to.deep.equal(['FORBIDDEN']);
    });
  }
});
