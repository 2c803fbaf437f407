import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestContext } from '../../src/directory/scope.js';
import { setProvisioningEnabled } from '../../src/directory/tenant/tenants.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { aGroup, aUser, patchOf } from '../support/builders.js';
import { type Answer, type Json, send, tokenOf } from '../support/tenant.js';
import { bareRequest } from './bareRequest.js';
import { bulkOf, post } from './bulkRequest.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

type Sent = readonly [method: string, path: string, body?: unknown];

describe('who may do what over SCIM', () => {
  let scene: Scene;
  let writes: Sent[];
  let reads: Sent[];
  before(async () => {
    scene = await aScene();
    const person = await scene.person();
    const group = await scene.group([person.id]);
    const change = patchOf({ op: 'replace', path: 'externalId', value: 'new' });
    writes = [
      ['POST', '/Users', aUser()],
      ['PUT', `/Users/${person.id}`, aUser()],
      ['PATCH', `/Users/${person.id}`, change],
      ['PATCH', `/Users/${person.id}`, patchOf()],
      ['DELETE', `/Users/${person.id}`],
      ['DELETE', '/Users/unknown'],
      ['POST', '/Groups', aGroup()],
      ['PUT', `/Groups/${group.id}`, aGroup()],
      ['PATCH', `/Groups/${group.id}`, change],
      ['DELETE', `/Groups/${group.id}`],
      ['POST', '/Bulk', bulkOf([post('a', '/Users', aUser())])],
      ['POST', '/Users', '{ no JSON'],
    ];
    reads = [
      ['GET', '/Users'],
      ['GET', '/Users?filter=userName+pr&count=1'],
      ['GET', `/Users/${person.id}`],
      ['GET', '/Groups'],
      ['GET', `/Groups/${group.id}`],
      ['HEAD', `/Groups/${group.id}`],
    ];
  });

  const discovery: Sent[] = ['/ServiceProviderConfig', '/ResourceTypes/User', '/Schemas'].map((path) => ['GET', path]);
  const as = async (token: string, [method, path, body]: Sent): Promise<Answer<Json>> => {
    const answer = await bareRequest({ server: scene.server, token }, method, path, { body });
    return { ...answer, headers: new Headers(answer.headers as Record<string, string>) };
  };
  const everything = async () => [await scene.get('/Users'), await scene.get('/Groups')];

  it('an integration that may read reads everything and writes nothing', async () => {
    const token = await tokenOf(scene.server.url, await scene.integration({ usersAndGroups: 'READ_ONLY' }));
    const before = await everything();
    for (const sent of [...reads, ...discovery]) expect((await as(token, sent)).status, sent.join(' ')).to.equal(200);
    for (const sent of writes) {
      expectRefusal(await as(token, sent), { status: 403, detail: /may read.*not write.*full access/ });
    }
    expect(await everything()).to.deep.equal(before);
  });

  it('a token for reading only writes nothing, whatever its integration may', async () => {
    const token = await tokenOf(scene.server.url, scene, 'scim.read');
    const before = await everything();
    for (const sent of reads) expect((await as(token, sent)).status, sent.join(' ')).to.equal(200);
    for (const sent of writes) expectRefusal(await as(token, sent), { status: 403, detail: /read.*not write/ });
    expect(await everything()).to.deep.equal(before);
  });

  it('an integration without access to people sees the discovery documents only', async () => {
    const none = await scene.integration({ usersAndGroups: 'NONE', issues: 'ACCESS' });
    const token = await tokenOf(scene.server.url, none);
    for (const sent of discovery) expect((await as(token, sent)).status).to.equal(200);
    const strange: Sent[] = [
      ['GET', '/Foo'],
      ['PUT', '/Users', {}],
      ['GET', '/Me'],
      ['GET', '/Users?filter=(('],
    ];
    for (const sent of [...writes, ...reads.slice(0, -1), ...strange]) {
      expectRefusal(await as(token, sent), { status: 403, detail: /no access to users and groups/ });
    }
  });

  it('a tenant whose provisioning is switched off refuses every request with a token, and loses nobody', async () => {
    const before = await everything();
    const { db } = scene.server.deps;
    const { tenant, token } = scene;
    const switchTo = async (enabled: boolean) => {
      await setProvisioningEnabled(db, systemActor(tenant.id, tenant.slug), requestContext(), enabled);
      // The state of an integration is looked at again within a second.
      await sleep(1100);
    };
    await switchTo(false);
    const off = {
      status: 403,
      detail: new RegExp(`switched off for tenant "${tenant.slug}".*administrator.*switches it on`),
    };
    for (const sent of [...writes, ...reads.slice(0, -1), ...discovery]) expectRefusal(await as(token, sent), off);
    expect((await send(`${scene.server.url}/scim/v2/Schemas`)).status, 'public discovery').to.equal(200);
    await switchTo(true);
    expect(await everything()).to.deep.equal(before);
  });

  it('I10, S16: nobody without a token gets further than 401, whatever the request and the spelling', async () => {
    const strange: Sent[] = [
      ['GET', '/Me'],
      ['GET', '/Foo'],
      ['PATCH', '/Users'],
      ['GET', '/Users?filter=(('],
      ['GET', '/%55sers'],
      ['GET', '/USERS'],
      ['GET', '//Users//'],
      ['GET', '/Schemas/../Users'],
      ['GET', '/Users/%ff'],
      ['GET', ''],
      ['POST', '/Users', '{ no JSON'],
    ];
    const headers = { Authorization: '' };
    for (const [method, path, body] of [...writes, ...reads.slice(0, -1), ...strange]) {
      const { status, headers: got, body: said } = await bareRequest(scene, method, path, { headers, body });
      const answer = { status, headers: new Headers(got as Record<string, string>), body: said };
      expectRefusal(answer, { status: 401, detail: /access token is needed/ });
      expect(answer.headers.get('WWW-Authenticate'), `${method} ${path}`).to.equal('Bearer');
    }
  });

  it('a token in the query string is no token', async () => {
    const answer = await send(`${scene.server.url}/scim/v2/Users?access_token=${scene.token}`);
    expectRefusal(answer, { status: 401, detail: /access token is needed/ });
  });

  it('a person is no integration', async () => {
    const answer = await as(await scene.personToken(), ['GET', '/Users']);
    expectRefusal(answer, { status: 401, detail: /belongs to a person/ });
  });
});
