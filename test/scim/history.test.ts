import { expect } from 'chai';
import { aUser, ENTERPRISE_USER } from '../support/builders.js';
import { type Answer, type Json } from '../support/tenant.js';
import { historyOf, historyOfRequest } from './records.js';
import { aScene, type Scene } from './scene.js';

describe('history', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const recordsOf = (answer: Answer<Json>) => historyOfRequest(scene, answer.headers.get('X-Request-Id') ?? '');
  const manager = `${ENTERPRISE_USER}:manager`;

  it('has one record of a create, with everything that was set, who did it and when', async () => {
    const body = aUser({
      externalId: 'e1',
      title: 'Baker',
      password: 'secret',
      [ENTERPRISE_USER]: { department: 'Ovens' },
    });
    const answer = await scene.scim('POST', '/Users', body);
    const records = await recordsOf(answer);
    expect(records).to.have.length(1);
    expect(records[0]).to.deep.include({
      kind: 'CREATED',
      resource_type: 'User',
      resource_id: answer.body.id,
      actor_kind: 'INTEGRATION',
      actor_id: scene.clientId,
      changes: {
        externalId: { before: null, after: 'e1' },
        userName: { before: null, after: body.userName },
        title: { before: null, after: 'Baker' },
        emails: { before: null, after: body.emails },
        department: { before: null, after: 'Ovens' },
        active: { before: null, after: true },
      },
    });
    expect(new Date(records[0].at).toISOString()).to.equal(answer.body.meta.created);
  });

  it('has before and after of what a change changed, and of nothing else', async () => {
    const { id } = await scene.person({ title: 'Baker', nickName: 'B' });
    const answer = await scene.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'title', value: 'Smith' },
      { op: 'remove', path: 'nickName' },
      { op: 'add', path: 'locale', value: 'nl-NL' },
      { op: 'replace', path: 'active', value: true },
    );
    expect((await recordsOf(answer)).map(({ kind, changes }) => ({ kind, changes }))).to.deep.equal([
      {
        kind: 'CHANGED',
        changes: {
          title: { before: 'Baker', after: 'Smith' },
          nickName: { before: 'B', after: null },
          locale: { before: null, after: 'nl-NL' },
        },
      },
    ]);
  });

  it('tells deactivation and reactivation from other changes', async () => {
    const { id } = await scene.person();
    const set = (value: boolean) =>
      scene.patch(`/Users/${id}`, { op: 'replace', value: { active: value, title: String(value) } });
    const [off] = await recordsOf(await set(false));
    expect(off).to.deep.include({
      kind: 'DEACTIVATED',
      changes: { active: { before: true, after: false }, title: { before: null, after: 'false' } },
    });
    expect((await recordsOf(await set(true)))[0].kind).to.equal('REACTIVATED');
  });

  it('S18: has a record of a deletion, and one for each group left', async () => {
    const person = await scene.person();
    const other = await scene.person();
    const groups = [await scene.group([person.id, other.id]), await scene.group([person.id])];
    const records = await recordsOf(await scene.scim('DELETE', `/Users/${person.id}`));
    const told = records.map(({ kind, resource_id, changes }) => ({ kind, resource_id, changes }));
    expect(told).to.have.deep.members([
      { kind: 'DELETED', resource_id: person.id, changes: { status: { before: 'ACTIVE', after: 'DELETED' } } },
      ...groups.map(({ id }) => ({
        kind: 'CHANGED',
        resource_id: id,
        changes: { members: { added: [], removed: [person.id] } },
      })),
    ]);
    expect(new Set(records.map(({ actor_id }) => actor_id as string))).to.deep.equal(new Set([scene.clientId]));
    for (const { id } of groups) expect((await scene.get(`/Groups/${id}`)).meta.version).to.equal('W/"2"');
  });

  it('has a record for each person whose manager arrives or leaves', async () => {
    const reports = [
      await scene.person({ [ENTERPRISE_USER]: { manager: { value: 'boss@fabriek.example' } } }),
      await scene.person(),
    ];
    const arrival = await scene.scim('POST', '/Users', aUser({ userName: 'boss@fabriek.example' }));
    const boss = arrival.body;
    await scene.patch(`/Users/${reports[1].id}`, { op: 'add', path: manager, value: boss.id });
    const resolved = (await recordsOf(arrival)).filter(({ kind }) => kind === 'MANAGER_RESOLVED');
    expect(resolved.map(({ resource_id, changes }) => [resource_id, changes])).to.deep.equal([
      [reports[0].id, { manager: { before: 'boss@fabriek.example', after: boss.id } }],
    ]);
    const left = (await recordsOf(await scene.scim('DELETE', `/Users/${boss.id}`))).filter(
      ({ kind }) => kind === 'MANAGER_UNRESOLVED',
    );
    expect(left.map(({ resource_id }) => resource_id)).to.have.members(reports.map(({ id }) => id));
  });

  it('has one record of whoever is their own manager, from creation to deletion', async () => {
    const [before, after] = ['self@fabriek.example', 'same@fabriek.example'];
    const extension = { [ENTERPRISE_USER]: { manager: { value: before } } };
    const created = await scene.scim('POST', '/Users', aUser({ userName: before, displayName: 'Self', ...extension }));
    const { id, meta } = created.body;
    const resolved = { value: before, $ref: meta.location, displayName: 'Self' };
    expect(created.body[ENTERPRISE_USER].manager).to.deep.equal(resolved);
    expect((await scene.get(`/Users/${id}`))[ENTERPRISE_USER].manager).to.deep.equal(resolved);
    const waiting = await scene.patch(`/Users/${id}`, { op: 'replace', path: manager, value: after });
    expect(waiting.body[ENTERPRISE_USER].manager).to.deep.equal({ value: after });
    const renamed = await scene.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: after });
    expect(renamed.body[ENTERPRISE_USER].manager).to.deep.equal({ ...resolved, value: after });
    const deleted = await scene.scim('DELETE', `/Users/${id}`);
    const records = await Promise.all([created, waiting, renamed, deleted].map(recordsOf));
    const kinds = records.map((list) => list.map(({ kind }) => String(kind)));
    expect(kinds).to.deep.equal([['CREATED'], ['CHANGED'], ['CHANGED'], ['DELETED']]);
  });

  it('has nothing of requests that read, change nothing or are refused', async () => {
    const person = await scene.person();
    const path = `/Users/${person.id}`;
    const answers = [
      await scene.scim('GET', path),
      await scene.patch(path, { op: 'replace', path: 'active', value: true }),
      await scene.scim('PUT', path, person),
      await scene.patch(path, { op: 'replace', path: 'title', value: 'x' }, { op: 'remove', path: 'userName' }),
      await scene.scim('POST', '/Users', aUser({ userName: person.userName })),
    ];
    for (const answer of answers) expect(await recordsOf(answer)).to.deep.equal([]);
    expect(await historyOf(scene, person.id)).to.have.length(1);
  });

  it('can be added to and read, but not changed or taken away, by the service', async () => {
    await scene.person();
    for (const statement of [
      'update change_record set kind = kind',
      'delete from change_record',
      'delete from directory_user',
    ]) {
      const failure = await scene.sql(`${statement} where tenant_id = $1`).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
      expect(failure, statement).to.match(/permission denied/);
    }
  });

  it('is there exactly when the change is: both or neither', async () => {
    const people = await Promise.all(
      Array.from({ length: 8 }, () => scene.scim('POST', '/Users', aUser({ userName: 'race@x.example' }))),
    );
    const made = people.filter(({ status }) => status === 201);
    expect(made).to.have.length(1);
    expect(people.filter(({ status }) => status === 409)).to.have.length(7);
    const records = await Promise.all(people.map(recordsOf));
    expect(records.flat()).to.have.length(1);
    expect(await historyOf(scene, made[0]?.body.id as string)).to.have.length(1);
  });
});
