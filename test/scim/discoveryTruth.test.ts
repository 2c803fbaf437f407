import { expect } from 'chai';
import { aUser, patchOf } from '../support/builders.js';
import { tokenOf, type Json } from '../support/tenant.js';
import { aScene, type Scene } from './scene.js';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const MESSAGES = 'urn:ietf:params:scim:api:messages:2.0';

describe('what ServiceProviderConfig says is so, for each integration', () => {
  let scene: Scene;
  let person: Json;
  before(async () => {
    scene = await aScene();
    person = await scene.person({ displayName: 'Mara' });
  });

  for (const usersAndGroups of ['FULL', 'READ_ONLY', 'NONE'] as const) {
    for (const compatibility of ['ENTRA', 'RFC'] as const) {
      it(`of access ${usersAndGroups} in profile ${compatibility}`, async () => {
        const token = await tokenOf(scene.server.url, await scene.integration({ usersAndGroups, compatibility }));
        const headers = { Authorization: `Bearer ${token}` };
        const ask = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
          scene.scim(method, path, body, { ...headers, ...more });
        const config = (await ask('GET', '/ServiceProviderConfig')).body;
        const works = async (...request: Parameters<typeof ask>) => (await ask(...request)).status < 400;
        const at = `/Users/${person.id}`;
        const change = patchOf({ op: 'replace', path: 'nickName', value: usersAndGroups + compatibility });
        expect(await works('PATCH', at, change), 'patch').to.equal(config.patch.supported);
        const bulk = { schemas: [BULK_REQUEST], Operations: [{ method: 'PATCH', path: at, data: change }] };
        expect(await works('POST', '/Bulk', bulk), 'bulk').to.equal(config.bulk.supported);
        expect(await works('GET', '/Users?filter=userName+pr'), 'filter').to.equal(config.filter.supported);
        expect(await works('GET', '/Users?sortBy=userName'), 'sort').to.equal(config.sort.supported);
        expect(await works('GET', '/Users?cursor='), 'cursor').to.equal(config.pagination.cursor);
        expect(await works('GET', '/Users?startIndex=1'), 'index').to.equal(config.pagination.index);
        const { headers: answered } = await ask('GET', at);
        expect(answered.has('ETag'), 'etag').to.equal(config.etag.supported);
        expect(config.changePassword.supported).to.equal(false);
      });
    }
  }

  it('of how much there may be', async () => {
    const { bulk, filter, pagination } = await scene.get('/ServiceProviderConfig');
    const operations = (count: number) => ({
      schemas: [BULK_REQUEST],
      Operations: Array.from({ length: count }, () => ({ method: 'DELETE', path: '/Users/nobody' })),
    });
    expect((await scene.scim('POST', '/Bulk', operations(bulk.maxOperations as number))).status).to.equal(200);
    expect((await scene.scim('POST', '/Bulk', operations((bulk.maxOperations as number) + 1))).status).to.equal(413);
    const padded = (size: number) => {
      const body = JSON.stringify({ ...aUser(), nonsense: '' });
      return body.replace('"nonsense":""', `"nonsense":"${'x'.repeat(size - Buffer.byteLength(body))}"`);
    };
    expect((await scene.scim('POST', '/Users', padded(bulk.maxPayloadSize as number))).status).to.equal(201);
    expect((await scene.scim('POST', '/Users', padded((bulk.maxPayloadSize as number) + 1))).status).to.equal(413);
    await scene.crowd(pagination.maxPageSize as number);
    expect((await scene.get('/Users?count=5000')).itemsPerPage).to.equal(filter.maxResults);
    expect((await scene.get('/Users')).itemsPerPage).to.equal(pagination.defaultPageSize);
    expect(pagination.maxPageSize).to.equal(filter.maxResults);
  });

  it('of what it does not publish: neither /Me nor passwords', async () => {
    expect((await scene.scim('GET', '/Me')).status).to.equal(501);
    const { schemas, Resources } = await scene.get('/Schemas');
    expect(schemas).to.deep.equal([`${MESSAGES}:ListResponse`]);
    expect(JSON.stringify(Resources)).to.not.match(/"password"/);
  });
});
