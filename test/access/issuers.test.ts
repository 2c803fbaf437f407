import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  listFederatedCredentials,
  removeFederatedCredential,
} from '../../src/directory/integration/federatedCredentials.js';
import { revokeIntegration, updateIntegration } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { aTenant, send, type TestTenant } from '../support/tenant.js';
import { aPerson, externalScene, type ExternalScene, PREFIX, trust } from './jwt/externalScene.js';
import { type Fields, type Honest, reissued } from './jwt/forge.js';

const operator = ({ tenant }: TestTenant) => systemActor(tenant.id, tenant.slug);

/** Waits until a token is refused, and returns after how many milliseconds it was. */
async function refusedAfter(statusOf: () => Promise<number>): Promise<number> {
  const start = performance.now();
  while ((await statusOf()) !== 401) {
    if (performance.now() - start > 6000) throw new Error('It is accepted after 6 s still');
    await sleep(50);
  }
  return performance.now() - start;
}

describe('an access token of an external issuer', function () {
  this.timeout(60_000);
  let scene: ExternalScene;
  const actorOf = (honest: Honest, claims: Fields = {}) =>
    scene.server.deps.authenticator.authenticate(`Bearer ${reissued(honest, claims)}`);
  /** Another app integration of acme, and a token of a Cognito client that stands for it. */
  const another = async (subject: string) => {
    const { clientId } = await scene.acme.integration();
    const credential = await trust({ ...scene.acme, clientId }, { issuer: scene.cognito.url, subject });
    const honest = scene.honest.cognitoApp();
    const token = reissued(honest, { sub: subject, client_id: subject });
    return { clientId, credential, statusOf: async () => (await scene.scim(token)).status };
  };

  before(async () => void (scene = await externalScene()));
  after(() => scene.close());

  it('J9: works in the tenant of the app integration, whatever tenant it names', async () => {
    const { acme, other, honest } = scene;
    for (const claims of [
      {},
      { tid: other.tenant.id, tenant: other.tenant.slug, 'custom:tenant': other.tenant.slug },
    ]) {
      const actor = await actorOf(honest.cognitoApp(), claims);
      expect(actor).to.include({ kind: 'INTEGRATION', tenantId: acme.tenant.id, id: acme.clientId });
    }
  });

  it('J6: may do what its scopes say, and never more than the app integration may', async () => {
    const { honest, acme, server } = scene;
    const levelOf = async (scope: string) => {
      const actor = await actorOf(honest.cognitoApp(), { scope });
      return actor.kind === 'INTEGRATION' && actor.usersAndGroups;
    };
    expect(await levelOf(`${PREFIX}scim.read`)).to.equal('READ_ONLY');
    expect(await levelOf(`openid ${PREFIX}scim.write`)).to.equal('FULL');
    const token = reissued(honest.cognitoApp());
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
    expect((await send(`${server.url}/scim/v2/Users`, 'POST', {}, headers)).status).to.equal(403);
    const change = (usersAndGroups: 'FULL' | 'READ_ONLY') =>
      updateIntegration(server.deps.db, operator(acme), requestContext(), acme.clientId, { usersAndGroups });
    await change('READ_ONLY');
    await sleep(600);
    expect(await levelOf(`${PREFIX}scim.write scim.write`)).to.equal('READ_ONLY');
    await change('FULL');
  });

  it('is refused by servers that do not trust the issuer', async () => {
    const token = reissued(scene.honest.cognitoApp());
    const { status } = await scene.acme.scim('GET', '/Users', undefined, { Authorization: `Bearer ${token}` });
    expect(status).to.equal(401);
  });

  it('T6: stops within a second when its app integration is revoked', async () => {
    const { clientId, statusOf } = await another('revoked-client');
    expect(await statusOf()).to.equal(200);
    await revokeIntegration(scene.server.deps.db, operator(scene.acme), requestContext(), clientId);
    expect(await refusedAfter(statusOf)).to.be.below(1500);
  });

  it('T6: stops within five seconds when its federated credential is removed', async () => {
    const { db } = scene.server.deps;
    const { clientId, credential, statusOf } = await another('removed-client');
    expect(await statusOf()).to.equal(200);
    await removeFederatedCredential(db, operator(scene.acme), requestContext(), clientId, credential);
    expect(await refusedAfter(statusOf)).to.be.below(5000);
    expect(await listFederatedCredentials(db, operator(scene.acme), requestContext(), clientId)).to.deep.equal([]);
  });

  it('J9: stands for one app integration of the whole service only, and for none by a credential of the other use', async () => {
    const { other, acme, cognito } = scene;
    await another('taken');
    const again = await trust(other, { issuer: cognito.url, subject: 'taken' }).catch((error: Error) => error);
    expect(again).to.include({ kind: 'uniqueness' });
    await trust(acme, { issuer: cognito.url, subject: 'asserting', use: 'CLIENT_ASSERTION', audience: 'x' });
    const token = reissued(scene.honest.cognitoApp(), { sub: 'asserting', client_id: 'asserting' });
    expect((await scene.scim(token)).status).to.equal(401);
  });

  it('J9: of a person is that person of the configured tenant, with the highest of the roles', async () => {
    const { graphql, honest, acme, other, maraId } = scene;
    await aPerson(other, 'mara');
    const shown = async (claims: Fields) => (await graphql(reissued(honest.cognitoPerson(), claims))).viewer;
    const mara = { tenant: acme.tenant.slug, user: { userName: 'mara@fabriek.example' } };
    expect(await shown({})).to.deep.equal({ ...mara, role: 'FRONTEND' });
    expect(await shown({ 'cognito:groups': ['handlers', 'readers'] })).to.deep.equal({ ...mara, role: 'ANALYST' });
    expect(await shown({ 'cognito:groups': ['owners'], tid: other.tenant.id })).to.deep.equal({
      ...mara,
      role: 'ADMIN',
    });
    const actor = await actorOf(honest.oidcPerson());
    expect(actor).to.include({ kind: 'PERSON', id: maraId, role: 'ANALYST', tenantId: acme.tenant.id });
  });

  it("J7: of a person does not open SCIM, and an app integration's is an analyst in GraphQL at most", async () => {
    expect((await scene.scim(reissued(scene.honest.cognitoPerson()))).status).to.equal(401);
    const { viewer } = await scene.graphql(reissued(scene.honest.oidcApp(), { scope: 'scim.write' }));
    expect(viewer).to.deep.include({ role: 'ANALYST', user: null });
  });

  it('I13: is nobody when two people have the value', async () => {
    const { acme, honest, graphql } = scene;
    const token = reissued(honest.cognitoPerson(), { sub: 'twin' });
    await aPerson(acme, 'twin');
    expect((await graphql(token)).status).to.equal(200);
    await aPerson(acme, 'twin', { userName: 'the.other.twin@fabriek.example' });
    expect((await graphql(reissued(honest.cognitoPerson(), { sub: 'twin', jti: 'new' }))).status).to.equal(401);
  });

  it('T6: stops within five seconds when the person is deactivated', async () => {
    const { acme, honest, graphql } = scene;
    const id = await aPerson(acme, 'leaver');
    const token = reissued(honest.cognitoPerson(), { sub: 'leaver' });
    const statusOf = async () => (await graphql(token)).status;
    expect(await statusOf()).to.equal(200);
    const deactivate = { op: 'replace', path: 'active', value: false };
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    await acme.scim('PATCH', `/Users/${id}`, { schemas, Operations: [deactivate] });
    expect(await refusedAfter(statusOf)).to.be.below(5000);
  });
});

describe('people of an issuer for many tenants, found by their address', function () {
  this.timeout(60_000);
  let scene: ExternalScene;
  let second: TestTenant;
  const statusWith = async (claims: Fields) =>
    (await scene.graphql(reissued(scene.honest.oidcPerson(), { jti: Math.random(), ...claims }, { typ: 'JWT' })))
      .status;

  before(async () => {
    second = await aTenant();
    const tenant = { claim: 'customer', values: { 'c-2': second.tenant.slug } };
    const person = { claim: 'email', matches: 'email' };
    scene = await externalScene({ tenant, person }, { type: 'JWT' });
    await aPerson(second, 'noor', { emails: [{ type: 'work', value: 'Noor@Fabriek.example' }] });
  });
  after(() => scene.close());

  it('J9: come in where the table says, and nowhere by the name of a tenant', async () => {
    const noor = { email: 'noor@fabriek.EXAMPLE', email_verified: true };
    expect(await statusWith({ ...noor, customer: 'c-2' })).to.equal(200);
    for (const customer of [second.tenant.slug, second.tenant.id, 'c-3', '', undefined, ['c-3'], { 'c-2': 1 }]) {
      expect(await statusWith({ ...noor, customer }), JSON.stringify(customer)).to.equal(401);
    }
  });

  it('J9: come in by an address that the issuer has verified only', async () => {
    const noor = { email: 'noor@fabriek.example', customer: 'c-2' };
    for (const email_verified of [undefined, false, 'true', 1, null]) {
      expect(await statusWith({ ...noor, email_verified })).to.equal(401);
    }
    expect(await statusWith({ ...noor, email_verified: true, email: ['noor@fabriek.example'] })).to.equal(401);
    expect(await statusWith({ ...noor, email_verified: true, email: 'mara@fabriek.example' })).to.equal(401);
  });

  it('J7: come in with tokens of type JWT when the issuer makes no others, and still not with ID tokens', async () => {
    const noor = { email: 'noor@fabriek.example', email_verified: true, customer: 'c-2' };
    for (const id of [{ nonce: 'n' }, { at_hash: 'h' }, { typ: 'ID' }, { token_use: 'id' }]) {
      expect(await statusWith({ ...noor, ...id })).to.equal(401);
    }
  });
});
