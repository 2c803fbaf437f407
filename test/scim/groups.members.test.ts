import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestContext, writeIn } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { deprovisionUser } from '../../src/directory/user/changeUser.js';
import { lockUser } from '../../src/directory/user/users.js';
import { aGroup, each } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { historyOf, historyOfRequest } from './records.js';
import { aScene, type Scene } from './scene.js';

describe('members of a group', function () {
  this.timeout(60_000);
  let scene: Scene;
  let crowd: string[];
  before(async () => {
    scene = await aScene();
    crowd = await scene.crowd(2100);
  });

  const memberIds = async (group: Json): Promise<string[]> =>
    each((await scene.get(`/Groups/${group.id}`)).members, 'value');
  const add = (ids: readonly string[]) => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
  const remove = (id: string) => ({ op: 'remove', path: `members[value eq "${id}"]` });
  const patch = async (group: Json, ...operations: readonly object[]) => {
    const answer = await scene.patch(`/Groups/${group.id}`, ...operations);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(204);
    return answer;
  };

  it('S14: are all there after 50 of them were added at the same time', async () => {
    const group = await scene.group();
    const fifty = crowd.slice(0, 50);
    await Promise.all(fifty.map((id) => patch(group, add([id]))));
    expect(await memberIds(group)).to.have.members(fifty);
    expect((await scene.get(`/Groups/${group.id}`)).meta.version).to.equal('W/"51"');
  });

  it('S14: are right after some were added while others were removed', async () => {
    const [stay, go, come] = [crowd.slice(0, 10), crowd.slice(10, 30), crowd.slice(30, 50)];
    const group = await scene.group([...stay, ...go]);
    await Promise.all([...go.map((id) => patch(group, remove(id))), ...come.map((id) => patch(group, add([id])))]);
    expect(await memberIds(group)).to.have.members([...stay, ...come]);
  });

  it('are added and removed in one request', async () => {
    const [a, b, c, d] = crowd as [string, string, string, string];
    const group = await scene.group([a, b]);
    const answer = await patch(group, add([c, d]), remove(a), remove(d));
    expect(await memberIds(group)).to.have.members([b, c]);
    const [record, ...more] = await historyOfRequest(scene, answer.headers.get('X-Request-Id') ?? '');
    expect(more).to.deep.equal([]);
    expect(record.changes).to.deep.equal({ members: { added: [c], removed: [a] } });
    expect(answer.headers.get('ETag')).to.equal('W/"2"');
  });

  it('are collapsed to the last word of a request about each', async () => {
    const [a, b, c] = crowd as [string, string, string];
    const group = await scene.group([a, b]);
    await patch(group, { op: 'remove', path: 'members' }, add([c]), add([a]), remove(c));
    expect(await memberIds(group)).to.deep.equal([a]);
    await patch(group, { op: 'replace', path: 'members', value: [{ value: b }] }, add([c]));
    expect(await memberIds(group)).to.have.members([b, c]);
    await patch(group, { op: 'remove', path: `members[value eq "${b}" or value eq "${c}"]` });
    expect(await memberIds(group)).to.deep.equal([]);
  });

  it('are a thousand in one request', async () => {
    const group = await scene.group();
    const thousand = crowd.slice(0, 1000);
    await patch(group, add(thousand));
    expect(await memberIds(group)).to.have.members(thousand);
    await patch(group, { op: 'Remove', path: 'members', value: thousand.slice(1).map((value) => ({ value })) });
    expect(await memberIds(group)).to.deep.equal(thousand.slice(0, 1));
  });

  it('are more than a page of them, each once, also in a list', async () => {
    const group = await scene.group(crowd, { displayName: 'Everybody' });
    expect(group.members).to.have.length(2100);
    expect(new Set(await memberIds(group))).to.deep.equal(new Set(crowd));
    const { Resources } = await scene.find('/Groups', 'displayName eq "Everybody"');
    expect(Resources[0].members).to.deep.equal(group.members);
  });

  it('are written to history by id, at most a thousand to a record', async () => {
    const answer = await scene.scim('POST', '/Groups', aGroup({ members: crowd.map((value) => ({ value })) }));
    const added = await historyOf(scene, answer.body.id);
    expect(added.map(({ kind }) => kind)).to.have.members(['CREATED', 'CHANGED', 'CHANGED']);
    const named = added.filter(({ changes }) => 'displayName' in changes);
    expect(named.map(({ kind }) => kind)).to.deep.equal(['CREATED']);
    expect(added.map(({ changes }) => changes.members.added.length)).to.have.members([1000, 1000, 100]);
    expect(added.flatMap(({ changes }) => changes.members.added)).to.have.members(crowd);
    const removed = await scene.patch(`/Groups/${answer.body.id}`, { op: 'remove', path: 'members' });
    const records = await historyOfRequest(scene, removed.headers.get('X-Request-Id') ?? '');
    expect(records.map(({ changes }) => changes.members.removed.length)).to.have.members([1000, 1000, 100]);
    expect(records.flatMap(({ changes }) => changes.members.removed)).to.have.members(crowd);
  });

  it('write nothing and keep the version where nothing changes', async () => {
    const [a, b] = crowd as [string, string];
    const group = await scene.group([a]);
    const same = { op: 'replace', path: 'members', value: [{ value: a }] };
    const nothing = [add([a]), remove(b), { op: 'remove', path: 'members', value: [] }, same, add([])];
    for (const operation of nothing) {
      const answer = await patch(group, operation);
      expect(answer.headers.get('ETag'), JSON.stringify(operation)).to.equal('W/"1"');
    }
    await patch(group, add([b]), remove(b));
    expect(await scene.get(`/Groups/${group.id}`)).to.deep.equal(group);
    const before = await historyOf(scene, group.id);
    await patch(group, ...nothing);
    expect(await historyOf(scene, group.id)).to.deep.equal(before);
  });

  it('and a new name are one record of history and one version', async () => {
    const [a] = crowd as [string];
    const group = await scene.group();
    const answer = await patch(group, add([a]), {
      op: 'replace',
      path: 'displayName',
      value: `${group.displayName} 2`,
    });
    expect(answer.headers.get('ETag')).to.equal('W/"2"');
    const records = await historyOfRequest(scene, answer.headers.get('X-Request-Id') ?? '');
    expect(records.map(({ changes }) => changes)).to.deep.equal([
      {
        displayName: { before: group.displayName, after: `${group.displayName} 2` },
        members: { added: [a], removed: [] },
      },
    ]);
  });

  it('are one record with the group that is created with few of them', async () => {
    const [a] = crowd as [string];
    const answer = await scene.scim('POST', '/Groups', aGroup({ members: [{ value: a }] }));
    const records = await historyOf(scene, answer.body.id);
    expect(records.map(({ kind }) => kind)).to.deep.equal(['CREATED']);
    expect(records[0].changes.members).to.deep.equal({ added: [a], removed: [] });
  });

  it('are never deleted and added in the same moment', async () => {
    const { id } = await scene.person();
    const group = await scene.group();
    const { server, tenant } = scene;
    const locked = Promise.withResolvers<void>();
    const deletion = writeIn(server.deps.db, systemActor(tenant.id, tenant.slug), requestContext(), async (scope) => {
      const person = await lockUser(scope, id, 'delete');
      locked.resolve();
      // Meanwhile the group has seen the person, and waits for the row.
      await sleep(300);
      deprovisionUser(scope, person);
      return () => undefined;
    });
    await locked.promise;
    await patch(group, add([id]));
    await deletion;
    const rows = await scene.sql('select user_id from membership where tenant_id = $1 and group_id = $2', group.id);
    expect(rows).to.deep.equal([]);
    expect(await scene.get(`/Groups/${group.id}`)).to.deep.equal(group);
  });
});
