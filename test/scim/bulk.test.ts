import { expect } from 'chai';
import { aGroup, aUser, CORE_USER, patchOf, unique } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { bulk, bulkOf, madeBy, post, statuses } from './bulkRequest.js';
import { aScene, type Scene } from './scene.js';

describe('a Bulk request', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const locationOf = (path: string) => `${scene.server.url}/scim/v2${path}`;
  const peopleCount = async (): Promise<number> => (await scene.get('/Users?count=0')).totalResults as number;
  const setTitle = (value: string) => patchOf({ op: 'replace', path: 'title', value });

  it('creates, replaces, changes and deletes, and says for each where, how and in which version', async () => {
    const [put, patched, gone] = [await scene.person({ title: 'Cook' }), await scene.person(), await scene.person()];
    const group = await scene.group([put.id]);
    const results = await bulk(scene, [
      post('u', '/Users', aUser()),
      post('g', '/Groups', aGroup({ members: [{ value: put.id }] })),
      { method: 'PUT', path: `/Users/${put.id}`, data: aUser({ userName: put.userName }) },
      { method: 'PATCH', path: `/Users/${patched.id}`, data: setTitle('Baker'), bulkId: 'p' },
      { method: 'PUT', path: `/Groups/${group.id}`, data: aGroup({ displayName: group.displayName }) },
      {
        method: 'PATCH',
        path: `/Groups/${group.id}`,
        data: patchOf({ op: 'add', path: 'members', value: [{ value: patched.id }] }),
      },
      { method: 'DELETE', path: `/Users/${gone.id}` },
    ]);
    const made = results.slice(0, 2).map(madeBy);
    expect(results).to.deep.equal([
      { location: locationOf(`/Users/${made[0]}`), method: 'POST', bulkId: 'u', version: 'W/"1"', status: '201' },
      { location: locationOf(`/Groups/${made[1]}`), method: 'POST', bulkId: 'g', version: 'W/"1"', status: '201' },
      { location: put.meta.location, method: 'PUT', version: 'W/"2"', status: '200' },
      { location: patched.meta.location, method: 'PATCH', bulkId: 'p', version: 'W/"2"', status: '200' },
      { location: group.meta.location, method: 'PUT', version: 'W/"2"', status: '200' },
      { location: group.meta.location, method: 'PATCH', version: 'W/"3"', status: '204' },
      { location: gone.meta.location, method: 'DELETE', status: '204' },
    ]);
    expect((await scene.get(`/Groups/${made[1]}`)).members[0].value).to.equal(put.id);
    expect(await scene.get(`/Users/${put.id}`)).to.not.have.property('title');
    expect((await scene.get(`/Users/${patched.id}`)).title).to.equal('Baker');
    expect((await scene.get(`/Groups/${group.id}`)).members[0].value).to.equal(patched.id);
    expect((await scene.scim('GET', `/Users/${gone.id}`)).status).to.equal(404);
  });

  it("pronounces each operation's error as a request of its own would", async () => {
    const [person, group] = [await scene.person(), await scene.group()];
    const requests: [string, string, unknown?][] = [
      ['POST', '/Users', {}],
      ['POST', '/Users', { schemas: [CORE_USER], userName: 'nobody' }],
      ['POST', '/Users', aUser({ userName: person.userName })],
      ['POST', '/Groups', aGroup({ displayName: group.displayName })],
      ['POST', '/Groups', aGroup({ members: [{ value: 'nobody' }] })],
      ['POST', '/Me', aUser()],
      ['PUT', '/Users/unknown', aUser()],
      ['PUT', '/Users', aUser()],
      ['PATCH', `/Users/${person.id}`, { Operations: [] }],
      ['PATCH', `/Users/${person.id}`, patchOf({ op: 'replace', path: 'id', value: 'x' })],
      ['PATCH', `/Groups/${group.id}`, patchOf({ op: 'remove', path: 'displayName' })],
      ['PATCH', '/Schemas/x', patchOf()],
      ['DELETE', '/ServiceProviderConfig'],
      ['DELETE', '/Groups'],
      ['DELETE', '/Users/%'],
      ['DELETE', '/'],
    ];
    const operations = requests.map(([method, path, data], index) => ({ method, path, data, bulkId: `b${index}` }));
    const results = await bulk(scene, operations);
    for (const [index, [method, path, body]] of requests.entries()) {
      const alone = await scene.scim(method, path, body);
      // Discovery documents are read outside Bulk only, so there they are not to be found.
      if (alone.status === 405 && /Config|Schemas/.test(path)) expect(results[index].status).to.equal('404');
      else expect(results[index].response, `${method} ${path}`).to.deep.equal(alone.body);
      if (method !== 'POST') expect(results[index].location).to.equal(locationOf(path));
    }
  });

  it('is on resources only: no Bulk within Bulk, no reading, no POST below an endpoint', async () => {
    const inner = bulkOf([post('b', '/Users', aUser())]);
    const before = await peopleCount();
    const results = await bulk(scene, [
      post('a', '/Bulk', inner),
      post('c', '/Bulk/', inner),
      post('d', '/Users/.search', {}),
      post('e', '/Users/7', aUser()),
      post('f', '/.search', {}),
      { method: 'PUT', path: '/Bulk', data: inner },
      post('h', '/scim/v2/Users', aUser()),
      post('i', locationOf('/Users'), aUser()),
    ]);
    expect(statuses(results)).to.deep.equal(['404', '404', '400', '400', '404', '405', '400', '400']);
    expect(await peopleCount()).to.equal(before);
  });

  it('tolerates surplus slashes and parameters in a path, as in an address', async () => {
    const { id } = await scene.person();
    const results = await bulk(scene, [
      post('a', 'Users', aUser()),
      post('b', '//Users/?attributes=id', aUser()),
      { method: 'DELETE', path: `Users//${id}/` },
    ]);
    expect(statuses(results)).to.deep.equal(['201', '201', '204']);
    expect(results[2].location).to.equal(locationOf(`/Users/${id}`));
  });

  it('reads the version of an operation as If-Match', async () => {
    const [person, group] = [await scene.person(), await scene.group()];
    const operation = (method: string, version: unknown, data?: unknown) => [
      { method, path: `/Users/${person.id}`, version, data: data ?? aUser({ userName: person.userName }) },
      { method, path: `/Groups/${group.id}`, version, data: data ?? aGroup({ displayName: group.displayName }) },
    ];
    const change = patchOf({ op: 'replace', path: 'externalId', value: unique() });
    const results = await bulk(scene, [
      ...['W/"7"', 'garbage', ''].flatMap((version) => operation('PUT', version)),
      ...operation('PATCH', 'W/"2"', change),
      ...operation('DELETE', 'W/"2"'),
      ...operation('PATCH', 'W/"1"', change),
      ...operation('DELETE', 'W/"1"'),
      ...operation('PUT', '*'),
      ...operation('DELETE', null),
    ]);
    const failed = Array.from({ length: 10 }, () => '412');
    const expected = [...failed, '200', '204', '412', '412', '200', '200', '204', '204'];
    expect(statuses(results)).to.deep.equal(expected);
    expect(results[0].response.detail).to.match(/changed meanwhile.*W\/"1"/);
    expect(results[0]).to.not.have.property('version');
  });

  describe('that fails in part', () => {
    const bad = (bulkId: string) => post(bulkId, '/Users', { schemas: [CORE_USER] });
    const five = () => [good('a'), bad('b'), good('c'), bad('d'), good('e')];
    const good = (bulkId: string) => post(bulkId, '/Users', aUser());

    it('does all it can, each operation in a transaction of its own', async () => {
      const before = await peopleCount();
      const results = await bulk(scene, five());
      expect(statuses(results)).to.deep.equal(['201', '400', '201', '400', '201']);
      expect(await peopleCount()).to.equal(before + 3);
    });

    it('stops after as many errors as failOnErrors says, and leaves out what was not done', async () => {
      const expected: [number | null, string[]][] = [
        [1, ['201', '400']],
        [2, ['201', '400', '201', '400']],
        [3, ['201', '400', '201', '400', '201']],
        [null, ['201', '400', '201', '400', '201']],
      ];
      for (const [failOnErrors, told] of expected) {
        const before = await peopleCount();
        expect(statuses(await bulk(scene, five(), { failOnErrors }))).to.deep.equal(told);
        expect(await peopleCount()).to.equal(before + told.filter((status) => status === '201').length);
      }
    });
  });

  it('sees what its earlier operations did', async () => {
    const data = aUser();
    const { id } = await scene.person({ title: 'x' });
    const results = await bulk(scene, [
      post('a', '/Users', data),
      post('b', '/Users', data),
      { method: 'DELETE', path: `/Users/${id}` },
      { method: 'PATCH', path: `/Users/${id}`, data: setTitle('y') },
    ]);
    expect(statuses(results)).to.deep.equal(['201', '409', '204', '404']);
  });

  it('of 1000 operations is done while others are answered', async function () {
    this.timeout(120_000);
    const before = await peopleCount();
    const done: { results?: Json[] } = {};
    const operations = Array.from({ length: 1000 }, (_, index) => post(String(index), '/Users', aUser()));
    const running = bulk(scene, operations).then((results) => (done.results = results));
    const other = await aScene();
    let answered = 0;
    while (!done.results) {
      await other.get('/Users?count=1');
      if (!(done.results as Json[] | undefined)) answered += 1;
    }
    const results = await running;
    expect(new Set(statuses(results))).to.deep.equal(new Set(['201']));
    expect(results.map(({ bulkId }) => bulkId as string)).to.deep.equal(operations.map(({ bulkId }) => bulkId));
    expect(await peopleCount()).to.equal(before + 1000);
    expect(answered).to.be.above(20);
  });
});
