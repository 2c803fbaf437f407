// `bulkId:…` stands for what another operation makes, in both directions, and only where a reference may stand.
import { expect } from 'chai';
import { aGroup, aUser, each, ENTERPRISE_USER, patchOf, unique } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { allMade, bulk, expectFailure, madeBy, member, post, statuses, under } from './bulkRequest.js';
import { aScene, type Scene } from './scene.js';

for (const compatibility of ['ENTRA', 'RFC'] as const) {
  describe(`bulkId references, profile ${compatibility}`, () => {
    let scene: Scene;
    before(async () => {
      scene = await aScene({ compatibility });
    });

    const managerOf = async (id: string): Promise<Json> => (await scene.get(`/Users/${id}`))[ENTERPRISE_USER]?.manager;
    const membersOf = async (id: string) => each((await scene.get(`/Groups/${id}`)).members ?? [], 'value');

    it('stand for members and a manager made before and made after', async () => {
      const results = await bulk(scene, [
        post('g', '/Groups', aGroup({ members: [member('boss'), { ...member('b'), type: 'User' }] })),
        post('b', '/Users', aUser(under({ value: 'bulkId:boss' }))),
        post('boss', '/Users', aUser()),
        post('a', '/Users', aUser(under(member('boss')))),
        post('g2', '/Groups', aGroup({ members: [member('a'), member('a'), member('boss')] })),
      ]);
      expect(statuses(results)).to.deep.equal(allMade(5));
      expect(results.map(({ bulkId }) => bulkId as string)).to.deep.equal(['g', 'b', 'boss', 'a', 'g2']);
      const [g, b, boss, a, g2] = results.map(madeBy);
      expect(await membersOf(g ?? '')).to.have.members([boss, b]);
      expect(await membersOf(g2 ?? '')).to.have.members([boss, a]);
      for (const id of [a, b]) expect(await managerOf(id ?? '')).to.include({ value: boss });
    });

    it('stand for people in every PATCH of a group', async () => {
      const { id } = await scene.group();
      const first = await scene.group([(await scene.person()).id]);
      const change = (path: string, ...operations: object[]) => ({
        method: 'PATCH',
        path,
        data: patchOf(...operations),
      });
      const results = await bulk(scene, [
        change(`/Groups/${id}`, { op: 'add', path: 'members', value: [member('a'), member('b')] }),
        change(`/Groups/${id}`, { op: 'add', value: { members: [member('c')] } }),
        change(`/Groups/${id}`, { op: 'remove', path: 'members[value eq "bulkId:a" or value eq "bulkId:x"]' }),
        change(`/Groups/${first.id}`, { op: 'replace', path: 'members', value: [member('c'), member('d')] }),
        ...['a', 'b', 'c', 'd', 'x'].map((bulkId) => post(bulkId, '/Users', aUser())),
      ]);
      expect(statuses(results)).to.deep.equal(['204', '204', '204', '204', ...allMade(5)]);
      const [, b, c, d] = results.slice(4).map(madeBy);
      expect(await membersOf(id as string)).to.have.members([b, c]);
      expect(await membersOf(first.id as string)).to.have.members([c, d]);
    });

    it('stand for the manager in every PATCH of a person', async () => {
      const manager = `${ENTERPRISE_USER}:manager`;
      const value = 'bulkId:boss';
      const ways = [
        { op: 'add', path: manager, value: { value } },
        { op: 'replace', path: `${manager}.value`, value },
        { op: 'add', path: ENTERPRISE_USER, value: { manager: { value } } },
        { op: 'replace', value: { [ENTERPRISE_USER]: { manager: { value } } } },
        { op: 'add', path: manager, value: { $ref: '../Users/bulkId:boss' } },
        ...(compatibility === 'RFC'
          ? []
          : [
              { op: 'Add', path: manager, value },
              { op: 'Replace', path: 'manager', value },
              { op: 'Add', path: manager, value: [{ $ref: null, value }] },
              { op: 'Add', value: { [manager]: value } },
              { op: 'Add', value: { [`${manager}.value`]: value } },
            ]),
      ];
      const people = await Promise.all(ways.map(() => scene.person()));
      const results = await bulk(scene, [
        // Only what is there already can be replaced in profile RFC: the request is read against the person as it is.
        ...ways.map((way, index) => ({
          method: 'PATCH',
          path: `/Users/${people[index].id}`,
          data: patchOf({ op: 'replace', path: 'emails[type eq "work"].display', value: 'x' }, way),
        })),
        post('boss', '/Users', aUser()),
      ]);
      expect(statuses(results)).to.deep.equal([...ways.map(() => '200'), '201']);
      const boss = madeBy(results.at(-1));
      for (const [index, way] of ways.entries()) {
        expect((await managerOf(people[index].id as string))?.value, JSON.stringify(way)).to.equal(boss);
      }
    });

    it('stand for people in PUT', async () => {
      const [person, group] = [await scene.person(), await scene.group()];
      const results = await bulk(scene, [
        {
          method: 'PUT',
          path: `/Users/${person.id}`,
          data: aUser({ userName: person.userName, ...under(member('a')) }),
        },
        { method: 'PUT', path: `/Groups/${group.id}`, data: aGroup({ members: [member('a'), { value: person.id }] }) },
        post('a', '/Users', aUser()),
      ]);
      expect(statuses(results)).to.deep.equal(['200', '200', '201']);
      const made = madeBy(results[2]);
      expect((await managerOf(person.id as string)).value).to.equal(made);
      expect(await membersOf(group.id as string)).to.have.members([made, person.id]);
    });

    it('stand for the resource in a path, before and after it is made', async () => {
      const data = aUser();
      const results = await bulk(scene, [
        { method: 'PATCH', path: '/Users/bulkId:a', data: patchOf({ op: 'add', path: 'title', value: 'Baker' }) },
        post('a', '/Users', data),
        post('g', '/Groups', aGroup()),
        { method: 'PUT', path: '/Groups/bulkId:g', data: aGroup({ members: [member('a')] }), version: 'W/"1"' },
        { method: 'PUT', path: '/Users/bulkId:b/', data: aUser({ title: 'Cook' }) },
        post('b', '/Users', aUser()),
        post('c', '/Users', aUser()),
        { method: 'DELETE', path: '/Users/bulkId:c' },
        { method: 'DELETE', path: '/Users/bulkId:c' },
      ]);
      const expected = ['200', '201', '201', '200', '200', '201', '201', '204', '404'];
      expect(statuses(results)).to.deep.equal(expected);
      for (const [user, made] of [
        [0, 1],
        [3, 2],
        [4, 5],
        [7, 6],
        [8, 6],
      ]) {
        expect(results[user ?? -1].location).to.equal(results[made ?? -1].location);
      }
      expect(await scene.get(`/Users/${madeBy(results[0])}`)).to.include({ title: 'Baker', userName: data.userName });
      expect((await scene.get(`/Users/${madeBy(results[4])}`)).title).to.equal('Cook');
      expect(await membersOf(madeBy(results[2]))).to.deep.equal([madeBy(results[1])]);
    });

    it('are text where no reference may stand', async () => {
      const text = { displayName: 'bulkId:a', title: 'bulkId:nobody', externalId: 'bulkId:b', nickName: 'bulkId:' };
      const name = `bulkId:${unique()}`;
      const results = await bulk(scene, [
        post('a', '/Users', aUser({ ...text, roles: [{ value: 'bulkId:b' }], name: { formatted: 'bulkId:b' } })),
        post('b', '/Users', aUser({ [ENTERPRISE_USER]: { department: 'bulkId:a', employeeNumber: 'bulkId:b' } })),
        post(
          'c',
          '/Groups',
          aGroup({ displayName: name, externalId: 'bulkId:x', members: [{ ...member('a'), display: 'bulkId:x' }] }),
        ),
        { method: 'PATCH', path: '/Users/bulkId:b', data: patchOf({ op: 'add', path: 'title', value: 'bulkId:a' }) },
      ]);
      expect(statuses(results)).to.deep.equal(['201', '201', '201', '200']);
      const [a, b, c] = await Promise.all(
        results.slice(0, 3).map(({ location }) => scene.get(pathOf(location as string))),
      );
      expect(a).to.deep.include({ ...text, roles: [{ value: 'bulkId:b' }], name: { formatted: 'bulkId:b' } });
      expect(b[ENTERPRISE_USER]).to.deep.equal({ department: 'bulkId:a', employeeNumber: 'bulkId:b' });
      expect(b.title).to.equal('bulkId:a');
      expect(c).to.include({ displayName: name, externalId: 'bulkId:x' });
    });

    it('that nobody has, or whose operation failed, fail the operation and name it', async () => {
      const results = await bulk(scene, [
        post('a', '/Groups', aGroup({ members: [member('nobody')] })),
        post('b', '/Users', aUser(under({ value: 'bulkId:' }))),
        { method: 'DELETE', path: '/Users/bulkId:nobody' },
        post('late', '/Groups', aGroup({ members: [member('bad')] })),
        post('bad', '/Users', aUser({ userName: '' })),
        post('c', '/Users', aUser(under(member('bad')))),
        post('d', '/Users', aUser(under(member('c')))),
        { method: 'PATCH', path: '/Users/bulkId:bad', data: patchOf({ op: 'add', path: 'title', value: 'x' }) },
        post('e', '/Users', aUser(under({ value: 'BULKID:bad' }))),
      ]);
      for (const [index, name] of [
        [0, 'nobody'],
        [1, ''],
        [2, 'nobody'],
      ] as const) {
        expectFailure(results[index], 400, 'invalidValue', new RegExp(`bulkId "${name}" is not that of an operation`));
      }
      for (const [index, name] of [
        [3, 'bad'],
        [5, 'bad'],
        [6, 'c'],
        [7, 'bad'],
      ] as const) {
        const status = name === 'c' ? 409 : 400;
        expectFailure(results[index], 409, undefined, new RegExp(`bulkId "${name}" .* failed with ${status}`));
      }
      expect(results[4].status).to.equal('400');
      // Not the prefix of RFC 7644 section 3.7.2, so a manager who may arrive one day.
      expect((await managerOf(madeBy(results[8]))).value).to.equal('BULKID:bad');
      expect(results[2].location).to.match(/\/Users\/bulkId:nobody$/);
    });

    it('I7: that form a circle are 409, and the others are done', async () => {
      const before = (await scene.get('/Users?count=0')).totalResults as number;
      const results = await bulk(scene, [
        post('free', '/Users', aUser()),
        post('a', '/Users', aUser(under(member('b')))),
        post('b', '/Users', aUser(under(member('c')))),
        post('c', '/Users', aUser(under(member('a')))),
        post('self', '/Users', aUser(under(member('self')))),
        post('on', '/Groups', aGroup({ members: [member('free'), member('a')] })),
        post('g', '/Groups', aGroup({ members: [{ type: 'Group', ...member('h') }] })),
        post('h', '/Groups', aGroup({ members: [{ type: 'Group', ...member('g') }] })),
        post('last', '/Groups', aGroup({ members: [member('free')] })),
      ]);
      expect(statuses(results)).to.deep.equal(['201', ...Array.from({ length: 7 }, () => '409'), '201']);
      for (const index of [1, 2, 3]) expectFailure(results[index], 409, undefined, /circle: "a", "b", "c"/);
      expectFailure(results[4], 409, undefined, /circle: "self"/);
      expectFailure(results[5], 409, undefined, /"a" stands for nothing/);
      for (const index of [6, 7]) expectFailure(results[index], 409, undefined, /circle: "g", "h"/);
      expect((await scene.get('/Users?count=0')).totalResults).to.equal(before + 1);
    });
  });
}

const pathOf = (location: string): string => location.slice(location.indexOf('/scim/v2') + '/scim/v2'.length);
