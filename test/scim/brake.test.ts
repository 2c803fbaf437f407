import { expect } from 'chai';
import { aGroup, aUser, patchOf } from '../support/builders.js';
import { data, each, globalId } from '../graphql/asking.js';
import { type Answer, type Json } from '../support/tenant.js';
import { aCrowd, counted, deactivation, decide, statusesOf } from './brakeScene.js';
import { expectRefusal } from './scene.js';

const bulkOf = (operations: readonly object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: operations,
});

describe('the deactivation brake', function () {
  this.timeout(60_000);

  it('S20: lets 20 of 100 managed people be deactivated, and holds the next one back as it is', async () => {
    const scene = await aCrowd(100);
    expect(counted(await scene.leave(20))).to.deep.equal({ 200: 20 });
    const [id = ''] = scene.people;
    const [before] = [await scene.get(`/Users/${id}`)];
    const [refused] = (await scene.leave(1)) as [Answer<Json>];
    expectRefusal(refused, {
      status: 503,
      detail: new RegExp(
        `20 of 100 managed people \\(20 %\\).* 20 % through, 20 people in any case.*releaseDeactivationBrake.*brake release --tenant ${scene.tenant.slug}`,
      ),
    });
    expect(refused.headers.get('Retry-After')).to.match(/^[1-9]\d*$/);
    expect(await scene.get(`/Users/${id}`)).to.deep.equal(before);
    expect(await scene.brake()).to.deep.include({ state: 'PULLED', pulledCount: 20, pulledBase: 100 });
  });

  it('goes by the share where that is more people', async () => {
    const scene = await aCrowd(150);
    expect(counted(await scene.leave(32))).to.deep.equal({ 200: 30, 503: 2 });
  });

  it('goes by the least number where that is more people', async () => {
    const scene = await aCrowd(100);
    await decide(scene, 'setDeactivationBrake(input: { leastPeople: 33 })');
    expect(counted(await scene.leave(35))).to.deep.equal({ 200: 33, 503: 2 });
  });

  it('is off below 100 managed people, and while it is switched off', async () => {
    const small = await aCrowd(99);
    expect(counted(await small.leave(99))).to.deep.equal({ 200: 99 });
    const off = await aCrowd(110);
    await decide(off, 'setDeactivationBrake(input: { enabled: false })');
    expect(counted(await off.leave(110))).to.deep.equal({ 200: 110 });
  });

  it('counts those who were deactivated among the people there are, and people who came meanwhile', async () => {
    const scene = await aCrowd(100);
    await scene.leave(20);
    scene.people.push(...(await scene.crowd(100)));
    expect(counted(await scene.leave(21))).to.deep.equal({ 200: 20, 503: 1 });
    const counting = await aCrowd(200);
    await counting.leave(30);
    counting.people.push(...(await counting.crowd(100)));
    expect(counted(await counting.leave(31))).to.deep.equal({ 200: 30, 503: 1 });
  });

  it('watches every way SCIM has: PATCH, PUT, DELETE, a POST that takes over, and Bulk', async () => {
    const scene = await aCrowd(101);
    await scene.leave(20);
    const [a = '', b = '', c = '', d = ''] = scene.people;
    const userName = `local-${a}@crowd.example`;
    await scene.localPerson({ userName });
    const { userName: name } = await scene.get(`/Users/${b}`);
    const answers = [
      await scene.scim('PATCH', `/Users/${a}`, deactivation),
      await scene.scim('PUT', `/Users/${b}`, aUser({ userName: name, active: false })),
      await scene.scim('DELETE', `/Users/${c}`),
      await scene.scim('POST', '/Users', aUser({ userName, emails: undefined, active: false })),
    ];
    expect(statusesOf(answers)).to.deep.equal([503, 503, 503, 503]);
    const { status, body } = await scene.scim(
      'POST',
      '/Bulk',
      bulkOf([
        { method: 'PATCH', path: `/Users/${d}`, data: deactivation },
        { method: 'PATCH', path: `/Users/${d}`, data: patchOf({ op: 'Replace', path: 'title', value: 'Chef' }) },
      ]),
    );
    expect(status).to.equal(200);
    expect(each(body.Operations, 'status')).to.deep.equal(['503', '200']);
    expect(body.Operations[0].response.detail).to.match(/brake/);
    expect((await scene.brake()).heldPeople.totalCount).to.equal(5);
  });

  it('counts a PUT, a DELETE and a POST that takes over like a PATCH', async () => {
    const scene = await aCrowd(100);
    await scene.leave(17);
    const [a = '', b = ''] = scene.people.splice(0, 2);
    const { userName: name } = await scene.get(`/Users/${a}`);
    const userName = `local-${a}@crowd.example`;
    await scene.localPerson({ userName });
    const answers = [
      await scene.scim('PUT', `/Users/${a}`, aUser({ userName: name, active: false })),
      await scene.scim('DELETE', `/Users/${b}`),
      await scene.scim('POST', '/Users', aUser({ userName, emails: undefined, active: false })),
    ];
    expect(statusesOf(answers)).to.deep.equal([200, 204, 201]);
    expect(counted(await scene.leave(1))).to.deep.equal({ 503: 1 });
  });

  it('lets everything else go on while it is pulled, and refuses a PATCH that deactivates beside other things whole', async () => {
    const scene = await aCrowd(100);
    const [gone] = [scene.people[0] ?? ''];
    await scene.leave(21);
    const [id = ''] = scene.people;
    const both = [
      { op: 'Replace', path: 'title', value: 'Chef' },
      { op: 'Replace', path: 'active', value: 'False' },
    ];
    expect((await scene.patch(`/Users/${id}`, ...both)).status).to.equal(503);
    expect((await scene.get(`/Users/${id}`)).title).to.equal(undefined);
    const others = [
      await scene.patch(`/Users/${id}`, both[0] ?? {}),
      await scene.scim('POST', '/Users', aUser()),
      await scene.scim('POST', '/Users', aUser({ active: false })),
      await scene.scim('POST', '/Groups', aGroup({ members: [{ value: id }] })),
      await scene.patch(`/Users/${gone}`, { op: 'Replace', path: 'active', value: 'True' }),
    ];
    expect(statusesOf(others)).to.deep.equal([200, 201, 201, 201, 200]);
  });

  it('does not count whom SCIM made inactive, nor who is so already, and does not hold back administrators', async () => {
    const scene = await aCrowd(120);
    const gone = scene.people.slice(0, 20);
    await scene.leave(20);
    for (const id of gone) expect((await scene.scim('PATCH', `/Users/${id}`, deactivation)).status).to.equal(200);
    for (const id of gone) expect((await scene.scim('DELETE', `/Users/${id}`)).status).to.equal(204);
    expect(counted(await scene.leave(5))).to.deep.equal({ 200: 4, 503: 1 });
    expect(await scene.brake()).to.deep.include({ state: 'PULLED' });
    const local = await scene.localPerson({ userName: `local-${gone[0] ?? ''}@crowd.example` });
    const { deactivateUser } = await data(
      scene,
      `mutation { deactivateUser(input: { id: "${globalId('User', local)}" }) { user { active } userErrors { message } } }`,
    );
    expect(deactivateUser).to.deep.equal({ user: { active: false }, userErrors: [] });
  });

  it('does not count what was rolled back', async () => {
    const scene = await aCrowd(100);
    for (const id of scene.people.slice(0, 30)) {
      const stale = await scene.scim('PATCH', `/Users/${id}`, deactivation, { 'If-Match': 'W/"7"' });
      expect(stale.status).to.equal(412);
      const taken = await scene.patch(
        `/Users/${id}`,
        { op: 'Replace', path: 'userName', value: (await scene.get(`/Users/${scene.people[50] ?? ''}`)).userName },
        { op: 'Replace', path: 'active', value: 'False' },
      );
      expect(taken.status).to.equal(409);
    }
    expect(counted(await scene.leave(21))).to.deep.equal({ 200: 20, 503: 1 });
  });

  it('leaves other tenants alone', async () => {
    const [scene, other] = [await aCrowd(100), await aCrowd(100)];
    await scene.leave(21);
    expect(counted(await other.leave(20))).to.deep.equal({ 200: 20 });
    expect(await other.brake()).to.deep.include({ state: 'WATCHING', heldPeople: { totalCount: 0 } });
  });
});
