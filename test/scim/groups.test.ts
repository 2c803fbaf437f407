import { expect } from 'chai';
import { aGroup, CORE_GROUP, each } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { historyOf, logged } from './records.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const ids = ({ members }: Json): string[] => each(members, 'value');

describe('groups over SCIM', () => {
  let scene: Scene;
  let mara: Json;
  before(async () => {
    scene = await aScene();
    mara = await scene.person({ displayName: 'Mara Vos' });
  });

  const unknownId = '0199a000-0000-7000-8000-000000000000';
  const patch = (group: Json, ...operations: readonly object[]) => scene.patch(`/Groups/${group.id}`, ...operations);

  it('are created with their members, and read as they were answered', async () => {
    const body = aGroup({ externalId: 'g-1', members: [{ value: mara.id, display: 'Somebody' }] });
    const created = await scene.scim('POST', '/Groups', body);
    expect(created.status).to.equal(201);
    expect(created.headers.get('Location')).to.equal(created.body.meta.location);
    expect(created.headers.get('ETag')).to.equal('W/"1"');
    expect(created.body).to.deep.include({ schemas: [CORE_GROUP], externalId: 'g-1', displayName: body.displayName });
    const member = { value: mara.id, $ref: mara.meta.location, type: 'User', display: 'Mara Vos' };
    expect(created.body.members).to.deep.equal([member]);
    expect(await scene.get(`/Groups/${created.body.id}`)).to.deep.equal(created.body);
    expect((await scene.get(`/Users/${mara.id}`)).groups).to.deep.include({
      value: created.body.id,
      $ref: created.body.meta.location,
      display: body.displayName,
      type: 'direct',
    });
  });

  it('need a displayName', async () => {
    for (const displayName of [undefined, '  ']) {
      const answer = await scene.scim('POST', '/Groups', aGroup({ displayName }));
      expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /displayName/ });
    }
    const group = await scene.group();
    const removed = await patch(group, { op: 'remove', path: 'displayName' });
    expectRefusal(removed, { status: 400, scimType: 'mutability', detail: /displayName is required/ });
    const nameless = aGroup({ displayName: undefined });
    const put = await scene.scim('PUT', `/Groups/${group.id}`, nameless);
    expectRefusal(put, { status: 400, scimType: 'invalidValue', detail: /displayName is required/ });
  });

  it('have a displayName of their own, whatever the case, on POST, PUT and PATCH', async () => {
    const [first, second] = [await scene.group(), await scene.group()];
    const displayName = String(first.displayName).toUpperCase();
    const taken = { status: 409, scimType: 'uniqueness', detail: /displayName is already in use/ };
    expectRefusal(await scene.scim('POST', '/Groups', aGroup({ displayName })), taken);
    expectRefusal(await scene.scim('PUT', `/Groups/${second.id}`, aGroup({ displayName })), taken);
    expectRefusal(await patch(second, { op: 'replace', path: 'displayName', value: displayName }), taken);
    expect((await patch(first, { op: 'replace', path: 'displayName', value: displayName })).status).to.equal(204);
    expect((await scene.get(`/Groups/${first.id}`)).displayName).to.equal(displayName);
  });

  it('may share an externalId', async () => {
    await scene.group([], { externalId: 'shared' });
    await scene.group([], { externalId: 'shared' });
    expect((await scene.find('/Groups', 'externalId eq "shared"')).totalResults).to.equal(2);
  });

  it('lose with PUT what it does not name, members too', async () => {
    const group = await scene.group([mara.id], { externalId: 'g-2' });
    const answer = await scene.scim('PUT', `/Groups/${group.id}`, aGroup({ displayName: group.displayName }));
    expect(answer.status).to.equal(200);
    expect(answer.body.members).to.deep.equal([]);
    expect(answer.body).to.not.have.property('externalId');
    expect(answer.headers.get('ETag')).to.equal('W/"2"').and.to.equal(answer.body.meta.version);
  });

  it('have exactly the members of a PUT', async () => {
    const [jan, bram] = [await scene.person(), await scene.person()];
    const group = await scene.group([mara.id, jan.id]);
    const members = [{ value: bram.id }, { value: jan.id }];
    const answer = await scene.scim('PUT', `/Groups/${group.id}`, { ...group, members });
    expect(ids(answer.body)).to.have.members([jan.id, bram.id]);
    const same = await scene.scim('PUT', `/Groups/${group.id}`, answer.body);
    expect(same.body).to.deep.equal(answer.body);
    expect(await historyOf(scene, group.id)).to.have.length(2);
  });

  it('answer a PATCH with 204 and nothing, unless attributes are asked for', async () => {
    const group = await scene.group([mara.id]);
    const answer = await patch(group, { op: 'replace', path: 'externalId', value: 'g-3' });
    expect([answer.status, answer.body, answer.headers.get('ETag')]).to.deep.equal([204, undefined, 'W/"2"']);
    const asked = await scene.patch(`/Groups/${group.id}?attributes=externalId,members.value`, {
      op: 'replace',
      path: 'externalId',
      value: 'g-4',
    });
    expect(asked.status).to.equal(200);
    expect(asked.body).to.deep.equal({
      schemas: [CORE_GROUP],
      id: group.id,
      externalId: 'g-4',
      members: [{ value: mara.id }],
    });
  });

  it('show of members what is asked for, and nobody who has nothing of that', async () => {
    const [before, nameless, after] = await Promise.all([
      scene.person(),
      scene.person(),
      scene.person({ displayName: 'Jan' }),
    ]);
    const group = await scene.group([before.id, mara.id, nameless.id, after.id]);
    const shown = async (parts: string) => (await scene.get(`/Groups/${group.id}?attributes=${parts}`)).members;
    expect(await shown('members.display')).to.have.deep.members([{ display: 'Mara Vos' }, { display: 'Jan' }]);
    expect(await shown('members.display,members.value')).to.have.length(4);
    const nobody = await scene.group([nameless.id]);
    expect((await scene.get(`/Groups/${nobody.id}?attributes=members.display`)).members).to.deep.equal([]);
    const { Resources } = await scene.get(`/Groups?attributes=members.display&filter=id+eq+%22${group.id}%22`);
    expect(Resources[0].members).to.have.length(2);
  });

  it('apply nothing of a PATCH that fails', async () => {
    const group = await scene.group();
    const answer = await patch(
      group,
      { op: 'replace', path: 'displayName', value: 'Other' },
      { op: 'add', path: 'members', value: [{ value: mara.id }] },
      { op: 'replace', path: 'meta.version', value: '7' },
    );
    expectRefusal(answer, { status: 400, scimType: 'mutability', detail: /meta\.version is read-only/ });
    expect(await scene.get(`/Groups/${group.id}`)).to.deep.equal(group);
  });

  it('I3: refuse unknown members by name, on POST, PUT and PATCH, and nothing is applied', async () => {
    const unknown = {
      status: 400,
      scimType: 'invalidValue',
      detail: new RegExp(`Unknown members: "${unknownId}", "x"`),
    };
    const members = [{ value: mara.id }, { value: unknownId }, { value: 'x' }];
    const body = aGroup({ members });
    expectRefusal(await scene.scim('POST', '/Groups', body), unknown);
    expect((await scene.find('/Groups', `displayName eq "${String(body.displayName)}"`)).totalResults).to.equal(0);
    const group = await scene.group();
    expectRefusal(await scene.scim('PUT', `/Groups/${group.id}`, body), unknown);
    expectRefusal(await patch(group, { op: 'add', path: 'members', value: members }), unknown);
    expect(await scene.get(`/Groups/${group.id}`)).to.deep.equal(group);
  });

  it('name ten unknown members and count the others', async () => {
    const members = Array.from({ length: 12 }, (_, index) => ({ value: `unknown-${index}` }));
    const answer = await scene.scim('POST', '/Groups', aGroup({ members }));
    expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /"unknown-9" and 2 more/ });
    expect(answer.body.detail).to.not.contain('unknown-10');
  });

  it('S17: do not nest, on POST, PUT and PATCH', async () => {
    const inner = await scene.group();
    const nested = { status: 400, scimType: 'invalidValue', detail: /[Nn]ested groups are not supported/ };
    for (const member of [
      { value: inner.id },
      { value: mara.id, type: 'Group' },
      { value: unknownId, type: 'group' },
    ]) {
      const group = await scene.group();
      expectRefusal(await scene.scim('POST', '/Groups', aGroup({ members: [member] })), nested);
      expectRefusal(await scene.scim('PUT', `/Groups/${group.id}`, aGroup({ members: [member] })), nested);
      expectRefusal(await patch(group, { op: 'add', path: 'members', value: [member] }), nested);
    }
  });

  it('refuse a path below members', async () => {
    const group = await scene.group([mara.id]);
    for (const path of ['members.value', `members[value eq "${mara.id}"].value`]) {
      const answer = await patch(group, { op: 'replace', path, value: unknownId });
      expectRefusal(answer, { status: 400, scimType: 'mutability', detail: /add and remove members as a whole/ });
    }
    const whole = { op: 'replace', path: `members[value eq "${mara.id}"]`, value: { value: mara.id } };
    expectRefusal(await patch(group, whole), { status: 400, scimType: 'mutability', detail: /add or remove members/ });
    const byName = await patch(group, { op: 'remove', path: 'members[display eq "Mara Vos"]' });
    expectRefusal(byName, { status: 400, scimType: 'invalidFilter', detail: /value only/ });
  });

  it('are gone after DELETE, with their history kept', async () => {
    const group = await scene.group([mara.id]);
    expect((await scene.scim('DELETE', `/Groups/${group.id}`)).status).to.equal(204);
    const gone = { status: 404, detail: /Group ".*" was not found/ };
    expectRefusal(await scene.scim('GET', `/Groups/${group.id}`), gone);
    expectRefusal(await scene.scim('DELETE', `/Groups/${group.id}`), gone);
    expectRefusal(await scene.scim('PUT', `/Groups/${group.id}`, aGroup()), gone);
    expectRefusal(await patch(group, { op: 'remove', path: 'members' }), gone);
    const again = await scene.group([], { displayName: group.displayName });
    expect(again.id).to.not.equal(group.id);
    const history = await historyOf(scene, group.id);
    expect(history.map(({ kind }) => kind)).to.deep.equal(['CREATED', 'DELETED']);
    expect(history[1].changes.members).to.deep.equal({ added: [], removed: [mara.id] });
  });

  it('are tied to nobody who was deactivated: they stay members', async () => {
    const jan = await scene.person();
    const group = await scene.group([jan.id]);
    await scene.patch(`/Users/${jan.id}`, { op: 'replace', path: 'active', value: false });
    expect(ids(await scene.get(`/Groups/${group.id}`))).to.deep.equal([jan.id]);
    expect((await patch(group, { op: 'add', path: 'members', value: [{ value: jan.id }] })).status).to.equal(204);
  });
});

describe('groups made in SpeakUp', () => {
  const writes = (scene: Scene, id: string) => [
    () => scene.patch(`/Groups/${id}`, { op: 'replace', path: 'externalId', value: 'x' }),
    () => scene.patch(`/Groups/${id}`, { op: 'remove', path: 'members' }),
    () => scene.scim('PUT', `/Groups/${id}`, aGroup()),
    () => scene.scim('DELETE', `/Groups/${id}`),
  ];

  it('are visible, and refuse every write with what an administrator can do', async () => {
    const scene = await aScene();
    const id = await scene.localGroup('Management');
    const read = await scene.get(`/Groups/${id}`);
    expect(read).to.deep.include({ id, displayName: 'Management', members: [] });
    expect((await scene.find('/Groups', 'displayName eq "management"')).Resources).to.deep.equal([read]);
    for (const write of writes(scene, id)) {
      expectRefusal(await write(), { status: 403, detail: /made in SpeakUp.*allowGroupAdoption/ });
    }
    const twin = await scene.scim('POST', '/Groups', aGroup({ displayName: 'MANAGEMENT' }));
    expectRefusal(twin, { status: 409, scimType: 'uniqueness', detail: /displayName is already in use/ });
    expect(await scene.get(`/Groups/${id}`)).to.deep.equal(read);
  });

  it('are taken over where an administrator allows it', async () => {
    const scene = await aScene();
    await scene.sql('update tenant set group_adoption_allowed = true where id = $1');
    const person = await scene.person();
    const id = await scene.localGroup('Management');
    const answer = await scene.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: person.id }] });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(204);
    expect(ids(await scene.get(`/Groups/${id}`))).to.deep.equal([person.id]);
    const rows = await scene.sql('select origin from directory_group where tenant_id = $1 and id = $2', id);
    expect(rows).to.deep.equal([{ origin: 'SCIM' }]);
    expect((await historyOf(scene, id)).map(({ kind }) => kind)).to.deep.equal(['CREATED', 'ADOPTED']);
    const [entry] = await logged(scene, answer.headers.get('X-Request-Id') ?? '');
    expect(entry).to.include({ sentence: 'Took over the SpeakUp group Ma***.', status: 204 });
    for (const write of writes(scene, id)) expect((await write()).status).to.be.oneOf([200, 204]);
  });
});
