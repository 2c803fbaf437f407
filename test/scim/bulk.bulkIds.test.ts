// `bulkId:…` beyond plain references: Entra's spellings, names, circles made in two steps, long chains.
import { expect } from 'chai';
import { aGroup, aUser, CORE_GROUP, ENTERPRISE_USER, patchOf, unique } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { allMade, bulk, expectFailure, madeBy, member, post, statuses, under } from './bulkRequest.js';
import { aScene, type Scene } from './scene.js';

describe('bulkId references', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });
  const managerOf = async (result: Json): Promise<Json> =>
    (await scene.get(`/Users/${madeBy(result)}`))[ENTERPRISE_USER]?.manager;

  it("are understood in each of Entra's spellings of a manager", async () => {
    const results = await bulk(scene, [
      post('a', '/Users', aUser(under('bulkId:boss'))),
      post('b', '/Users', aUser(under(['bulkId:boss']))),
      post('c', '/Users', aUser(under([member('boss')]))),
      post('d', '/Users', aUser({ manager: 'bulkId:boss' })),
      post('e', '/Users', aUser({ [`${ENTERPRISE_USER}:manager`]: 'bulkId:boss' })),
      post('boss', '/Users', aUser()),
    ]);
    expect(statuses(results)).to.deep.equal(allMade(6));
    for (const result of results.slice(0, 5)) {
      expect((await managerOf(result)).value, String(result.bulkId)).to.equal(madeBy(results[5]));
    }
  });

  it('are understood in the value list of a removal', async () => {
    const person = aUser();
    const { id } = await scene.person({ userName: person.userName, active: false });
    const group = await scene.group([id as string, (await scene.person()).id as string]);
    const operations = [{ op: 'Remove', path: 'members', value: [member('a')] }];
    const results = await bulk(scene, [
      { method: 'PATCH', path: `/Groups/${group.id}`, data: patchOf(...operations) },
      { method: 'PATCH', path: `/Users/${id}`, bulkId: 'a', data: patchOf({ op: 'Add', path: 'title', value: 'x' }) },
    ]);
    expect(statuses(results)).to.deep.equal(['204', '200']);
    expect((await scene.get(`/Groups/${group.id}`)).members).to.have.length(1);
  });

  it('I7: mean nothing outside their request', async () => {
    await bulk(scene, [post('a', '/Users', aUser())]);
    const [other] = await bulk(scene, [post('b', '/Users', aUser(under(member('a'))))]);
    expectFailure(other, 400, 'invalidValue', /"a" is not that of an operation/);
    const alone = await scene.person(under({ value: 'bulkId:a' }));
    expect(alone[ENTERPRISE_USER].manager).to.deep.equal({ value: 'bulkId:a' });
    expect((await scene.scim('GET', '/Users/bulkId:a')).status).to.equal(404);
  });

  it('may have any name; in a path it is encoded', async () => {
    const name = 'a b/ü%"?é:bulkId:x';
    const results = await bulk(scene, [
      post(name, '/Users', aUser()),
      post('g', '/Groups', aGroup({ members: [member(name)] })),
      { method: 'DELETE', path: `/Users/bulkId:${encodeURIComponent(name)}` },
    ]);
    expect(statuses(results)).to.deep.equal(['201', '201', '204']);
    expect(results[0].bulkId).to.equal(name);
  });

  it('may not make groups members, nor of themselves', async () => {
    const results = await bulk(scene, [
      post('a', '/Groups', aGroup()),
      post('b', '/Groups', aGroup({ members: [member('a')] })),
      {
        method: 'PATCH',
        path: '/Groups/bulkId:a',
        data: patchOf({ op: 'add', path: 'members', value: [member('a')] }),
      },
    ]);
    expect(results[0].status).to.equal('201');
    for (const result of results.slice(1)) expectFailure(result, 400, 'invalidValue', /ested groups/);
  });

  it('make people who are each managed by the other, in two steps', async () => {
    const set = (who: string, whom: string) => ({
      method: 'PATCH',
      path: `/Users/bulkId:${who}`,
      data: patchOf({ op: 'add', path: `${ENTERPRISE_USER}:manager`, value: { value: `bulkId:${whom}` } }),
    });
    const results = await bulk(scene, [
      set('a', 'b'),
      set('b', 'a'),
      post('a', '/Users', aUser()),
      post('b', '/Users', aUser()),
    ]);
    expect(statuses(results)).to.deep.equal(['200', '200', '201', '201']);
    expect((await managerOf(results[2])).value).to.equal(madeBy(results[3]));
    expect((await managerOf(results[3])).value).to.equal(madeBy(results[2]));
  });

  it('do nothing of an operation that waits when an error ends the request first', async () => {
    const name = `Group ${unique()}`;
    const results = await bulk(
      scene,
      [
        post('g', '/Groups', aGroup({ displayName: name, members: [member('good'), member('bad')] })),
        post('bad', '/Users', aUser({ userName: '' })),
        post('good', '/Users', aUser()),
        post('more', '/Users', aUser()),
      ],
      { failOnErrors: 1 },
    );
    expect(results.map(({ bulkId, status }) => [bulkId, status])).to.deep.equal([
      ['bad', '400'],
      ['good', '201'],
    ]);
    expect((await scene.find('/Groups', `displayName eq "${name}"`)).totalResults).to.equal(0);
  });

  it('reach over 1000 operations, each under the next', async function () {
    this.timeout(120_000);
    const chain = Array.from({ length: 999 }, (_, index) =>
      post(String(index), '/Users', aUser(index < 998 ? under(member(String(index + 1))) : {})),
    );
    const group = post('g', '/Groups', {
      schemas: [CORE_GROUP],
      displayName: unique(),
      members: [...chain].map(({ bulkId }) => member(bulkId)),
    });
    const results = await bulk(scene, [group, ...chain]);
    expect(new Set(statuses(results))).to.deep.equal(new Set(['201']));
    const found = await scene.find('/Groups', `members.value eq "${madeBy(results[999])}"`);
    expect(found.Resources[0].members).to.have.length(999);
    expect((await managerOf(results[1])).value).to.equal(madeBy(results[2]));
  });
});
