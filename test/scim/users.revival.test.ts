import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { aUser, each, CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { historyOf } from './records.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('people who were deleted', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const remove = async (id: string) => {
    expect((await scene.scim('DELETE', `/Users/${id}`)).status).to.equal(204);
    // Deletions are told apart by the millisecond.
    await sleep(2);
  };
  const deleted = async (attributes: Readonly<Record<string, unknown>>): Promise<Json> => {
    const person = await scene.person(attributes);
    await remove(person.id);
    return person;
  };
  const mail = (value: string) => [{ value }];

  describe('come back', () => {
    const cases = [
      { when: 'userName and externalId are equal', before: { externalId: '1' }, after: { externalId: '1' } },
      { when: 'userName is equal and the new one has no externalId', before: { externalId: '1' }, after: {} },
      { when: 'userName is equal and the old one has no externalId', before: {}, after: { externalId: '1' } },
      { when: 'userName is equal in another case', before: {}, after: { userName: 'SAME@back.example' } },
      {
        when: 'externalId and match e-mail are equal, whatever the userName',
        before: { externalId: '1', emails: mail('same@mail.example') },
        after: { externalId: '1', userName: 'renamed@back.example', emails: mail('SAME@mail.example') },
      },
    ];
    for (const { when, before: old, after } of cases) {
      it(`when ${when}`, async () => {
        scene = await aScene();
        const { id } = await deleted({ userName: 'same@back.example', emails: undefined, ...old });
        const back = await scene.person({ userName: 'same@back.example', emails: undefined, ...after });
        expect(back.id).to.equal(id);
      });
    }
  });

  describe('are somebody else', () => {
    const cases = [
      { when: 'the externalIds differ', before: { externalId: '1' }, after: { externalId: '2' } },
      {
        when: 'only the externalId is equal',
        before: { externalId: '1', emails: mail('old@mail.example') },
        after: { externalId: '1', userName: 'other@back.example', emails: mail('new@mail.example') },
      },
      {
        when: 'the e-mail is equal and one has no externalId',
        before: { externalId: '1', emails: mail('same@mail.example') },
        after: { userName: 'other@back.example', emails: mail('same@mail.example') },
      },
      {
        when: 'the e-mail is equal and neither has an externalId',
        before: { emails: mail('same@mail.example') },
        after: { userName: 'other@back.example', emails: mail('same@mail.example') },
      },
      {
        when: 'the externalId differs in case',
        before: { externalId: 'a' },
        after: { externalId: 'A' },
      },
    ];
    for (const { when, before: old, after } of cases) {
      it(`when ${when}`, async () => {
        scene = await aScene();
        const { id } = await deleted({ userName: 'same@back.example', emails: undefined, ...old });
        const person = await scene.person({ userName: 'same@back.example', emails: undefined, ...after });
        expect(person.id).to.not.equal(id);
        expect((await historyOf(scene, person.id)).map(({ kind }) => kind)).to.deep.equal(['CREATED']);
      });
    }
  });

  it('come back with nothing but the new body, the first date of creation and a new version', async () => {
    const body = {
      userName: 'lea@back.example',
      title: 'Old',
      active: false,
      [ENTERPRISE_USER]: { department: 'Old' },
    };
    const old = await scene.person(body);
    const group = await scene.group([old.id]);
    await remove(old.id);
    const answer = await scene.scim('POST', '/Users', aUser({ userName: 'lea@back.example', nickName: 'New' }));
    expect(answer.status).to.equal(201);
    expect(answer.headers.get('Location')).to.equal(old.meta.location);
    expect(answer.body).to.include({ id: old.id, nickName: 'New', active: true });
    expect(answer.body.schemas).to.deep.equal([CORE_USER]);
    expect(answer.body).to.not.have.any.keys('title', 'groups', ENTERPRISE_USER);
    expect(answer.body.meta.created).to.equal(old.meta.created);
    expect(answer.body.meta.version).to.not.equal(old.meta.version);
    expect((await scene.get(`/Groups/${group.id}`)).members).to.deep.equal([]);
    expect((await historyOf(scene, old.id)).map(({ kind }) => kind)).to.deep.equal(['CREATED', 'DELETED', 'REVIVED']);
  });

  it('come back as the latest of several', async () => {
    const userName = 'mia@back.example';
    await deleted({ userName, emails: undefined, externalId: '1' });
    const second = await deleted({ userName, emails: undefined, externalId: '2' });
    await deleted({ userName, emails: undefined, externalId: '3' });
    const third = await scene.person({ userName, emails: undefined, externalId: '2' });
    expect(third.id, 'the externalId says which').to.equal(second.id);
    await remove(third.id);
    expect((await scene.person({ userName, emails: undefined })).id, 'deleted last').to.equal(second.id);
  });

  it('wait while a person of SpeakUp matches', async () => {
    const old = await deleted({ userName: 'nel@back.example', emails: undefined });
    const local = await scene.localPerson({ userName: 'nel2', emails: [{ value: 'nel@back.example' }] });
    const person = await scene.person({ userName: 'nel@back.example', emails: undefined });
    expect(person.id).to.equal(local).and.to.not.equal(old.id);
  });

  it('do not come back as somebody made in SpeakUp, who is somebody else', async () => {
    const old = await deleted({ userName: 'otis@back.example', emails: undefined });
    const local = await scene.localPerson({ userName: 'otis@back.example' });
    expect(local).to.not.equal(old.id);
    expect((await historyOf(scene, old.id)).map(({ kind }) => kind)).to.deep.equal(['CREATED', 'DELETED']);
  });

  it('S18: are visible nowhere', async () => {
    const report = await scene.person();
    const boss = await scene.person({ externalId: 'gone', displayName: 'Gone' });
    await scene.patch(`/Users/${report.id}`, { op: 'add', path: `${ENTERPRISE_USER}:manager`, value: boss.id });
    const group = await scene.group([boss.id, report.id]);
    await remove(boss.id);
    const unknown = { status: 404, detail: new RegExp(`User "${boss.id}" was not found`) };
    const path = `/Users/${boss.id}`;
    expectRefusal(await scene.scim('GET', path), unknown);
    expectRefusal(await scene.scim('PUT', path, aUser()), unknown);
    expectRefusal(await scene.patch(path, { op: 'replace', path: 'active', value: true }), unknown);
    expectRefusal(await scene.scim('DELETE', path), unknown);
    const filters = [
      `userName eq "${boss.userName}"`,
      `id eq "${boss.id}"`,
      'externalId eq "gone"',
      'displayName eq "Gone"',
    ];
    for (const filter of [
      ...filters,
      `emails.value eq "${boss.userName}"`,
      `groups.value eq "${group.id}" and id ne "${report.id}"`,
    ]) {
      expect((await scene.find('/Users', filter)).totalResults, filter).to.equal(0);
    }
    const everybody: Json[] = (await scene.get('/Users?count=1000')).Resources;
    expect(everybody.map(({ id }) => id))
      .to.include(report.id)
      .and.not.include(boss.id);
    const { members } = await scene.get(`/Groups/${group.id}`);
    expect(each(members, 'value')).to.deep.equal([report.id]);
    expect((await scene.find('/Groups', `members eq "${boss.id}"`)).totalResults).to.equal(0);
    expect((await scene.get(`/Users/${report.id}`))[ENTERPRISE_USER].manager).to.deep.equal({ value: boss.id });
    const added = await scene.patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: boss.id }] });
    expectRefusal(added, {
      status: 400,
      scimType: 'invalidValue',
      detail: new RegExp(`Unknown members: "${boss.id}"`),
    });
    await scene.patch(`/Users/${report.id}`, { op: 'replace', path: 'title', value: 'Alone' });
    expect((await scene.get(`/Users/${report.id}`))[ENTERPRISE_USER].manager).to.deep.equal({ value: boss.id });
  });

  it('come back as the manager they were', async () => {
    const boss = await scene.person({ displayName: 'Boss', externalId: 'boss' });
    const report = await scene.person({ [ENTERPRISE_USER]: { manager: { value: boss.id } } });
    await remove(boss.id);
    await scene.person({ userName: boss.userName, displayName: 'Boss again' });
    const { manager } = (await scene.get(`/Users/${report.id}`))[ENTERPRISE_USER];
    expect(manager).to.deep.equal({ value: boss.id, $ref: boss.meta.location, displayName: 'Boss again' });
  });

  it('leave their userName and e-mail address free', async () => {
    const old = await deleted({ userName: 'otto@back.example', externalId: '1' });
    const renamed = await scene.person();
    const answer = await scene.patch(`/Users/${renamed.id}`, {
      op: 'replace',
      value: { userName: 'otto@back.example', emails: [{ type: 'work', value: 'otto@back.example' }] },
    });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(answer.body.userName).to.equal(old.userName);
    const other = await scene.scim('POST', '/Users', aUser({ userName: 'otto@back.example' }));
    expectRefusal(other, { status: 409, scimType: 'uniqueness', detail: /userName/ });
  });
});
