import { expect } from 'chai';
import { aGroup, aUser, PATCH_OP, patchOf } from '../support/builders.js';
import { bulk, bulkOf, expectFailure, post, resultsOf } from './bulkRequest.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('the message of a Bulk request', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const peopleCount = async (): Promise<number> => (await scene.get('/Users?count=0')).totalResults as number;
  const setTitle = (value: string) => patchOf({ op: 'replace', path: 'title', value });

  it('needs its envelope: schemas with the URN of the message, and operations', async () => {
    const operation = post('a', '/Users', aUser());
    const bodies: [unknown, RegExp][] = [
      [{ Operations: [operation] }, /BulkRequest/],
      [{ schemas: [], Operations: [operation] }, /BulkRequest/],
      [{ schemas: [PATCH_OP], Operations: [operation] }, /BulkRequest/],
      [[operation], /JSON object/],
      [{ ...bulkOf([]) }, /at least one/],
      [{ ...bulkOf([]), Operations: operation }, /list/],
      [{ schemas: bulkOf([]).schemas }, /list/],
    ];
    const before = await peopleCount();
    for (const [body, detail] of bodies) {
      expectRefusal(await scene.scim('POST', '/Bulk', body), { status: 400, scimType: 'invalidSyntax', detail });
    }
    expect(await peopleCount()).to.equal(before);
  });

  it('reads names in any case, and methods too', async () => {
    const person = await scene.person();
    const answer = await scene.scim('POST', '/Bulk', {
      SCHEMAS: ['URN:ietf:params:scim:api:messages:2.0:bulkrequest'],
      FailOnErrors: 1,
      operations: [
        { METHOD: 'patch', Path: `/Users/${person.id}`, DATA: setTitle('x') },
        { method: 'Delete', path: `/Users/${person.id}`, bulkID: 'b' },
      ],
    });
    const results = resultsOf(answer);
    expect(results.map(({ method, bulkId, status }) => [method, bulkId, status])).to.deep.equal([
      ['PATCH', undefined, '200'],
      ['DELETE', 'b', '204'],
    ]);
  });

  it('S12: has 1000 operations at most and 4 MiB, and says which limit was exceeded', async () => {
    const before = await peopleCount();
    const operations = Array.from({ length: 1001 }, (_, index) => post(String(index), '/Users', aUser()));
    const tooMany = await scene.scim('POST', '/Bulk', bulkOf(operations));
    expectRefusal(tooMany, { status: 413, detail: /1001.*maxOperations \(1000\)/ });
    const large = await scene.scim('POST', '/Bulk', bulkOf([post('a', '/Users', { title: 'x'.repeat(4_200_000) })]));
    expectRefusal(large, { status: 413, detail: /4 MiB/ });
    expect(await peopleCount()).to.equal(before);
    expect((await scene.get('/ServiceProviderConfig')).bulk).to.deep.equal({
      supported: true,
      maxOperations: 1000,
      maxPayloadSize: 4194304,
    });
  });

  it('refuses a bulkId that is used twice, whatever for, and does nothing', async () => {
    const before = await peopleCount();
    const twice = [
      [post('same', '/Users', aUser()), post('other', '/Users', aUser()), post('same', '/Groups', aGroup())],
      [post('same', '/Users', aUser()), { method: 'DELETE', path: '/Users/x', bulkId: 'same' }],
    ];
    for (const operations of twice) {
      const answer = await scene.scim('POST', '/Bulk', bulkOf(operations));
      expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /"same" is used by more than one/ });
    }
    expect(await peopleCount()).to.equal(before);
    const [capital, small] = await bulk(scene, [post('A', '/Users', aUser()), post('a', '/Users', aUser())]);
    expect([capital.status, small.status]).to.deep.equal(['201', '201']);
  });

  it('answers an operation that is none with 400, and goes on with the others', async () => {
    const data = aUser();
    const path = '/Users';
    const wrong: [unknown, RegExp][] = [
      ['POST /Users', /\[0\] must be an object/],
      [null, /\[1\] must be an object/],
      [{ path, bulkId: 'c', data }, /method must be POST, PUT, PATCH or DELETE/],
      [{ method: 'GET', path: '/Users' }, /method must be/],
      [{ method: 7, path }, /method must be/],
      [{ method: 'POST', bulkId: 'f', data }, /path must be text/],
      [{ method: 'POST', bulkId: 'g', path: ['/Users'], data }, /path must be text/],
      [{ method: 'POST', path, data }, /\[7\]\.bulkId is required for POST/],
      [{ method: 'POST', path, bulkId: '', data }, /bulkId must be text/],
      [{ method: 'POST', path, bulkId: 7, data }, /bulkId must be text/],
      [{ method: 'POST', path, bulkId: null, data }, /bulkId is required/],
      [{ method: 'POST', path, bulkId: 'l' }, /data must be an object: the body of the POST/],
      [{ method: 'PATCH', path: '/Users/x', data: [{ op: 'remove', path: 'title' }] }, /data must be an object/],
      [{ method: 'DELETE', path: '/Users/x', version: 1 }, /version must be text/],
    ];
    const results = await bulk(scene, [...wrong.map(([operation]) => operation), post('good', path, data)]);
    for (const [index, [, detail]] of wrong.entries()) expectFailure(results[index], 400, 'invalidSyntax', detail);
    expect(results[0]).to.have.all.keys('status', 'response');
    expect(results[3].method).to.equal('GET');
    expect(results.at(-1).status).to.equal('201');
  });

  it('refuses a failOnErrors that is no number of errors', async () => {
    const before = await peopleCount();
    for (const failOnErrors of [0, -1, 1.5, '1', true, [1]]) {
      const answer = await scene.scim('POST', '/Bulk', bulkOf([post('a', '/Users', aUser())], { failOnErrors }));
      expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /failOnErrors/ });
    }
    expect(await peopleCount()).to.equal(before);
  });
});
