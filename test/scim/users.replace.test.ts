import { expect } from 'chai';
import { aUser, CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { historyOf } from './records.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('PUT on a person', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const full = {
    externalId: 'e1',
    displayName: 'Mara Vos',
    name: { givenName: 'Mara', familyName: 'Vos' },
    title: 'Inkoper',
    phoneNumbers: [{ type: 'work', value: '+31 15 555 0101' }],
    [ENTERPRISE_USER]: { department: 'Inkoop', manager: { value: 'nobody yet' } },
  };
  const put = (person: Json, body: unknown) => scene.scim('PUT', `/Users/${person.id}`, body);

  it('clears what is absent, the extension and its URN too', async () => {
    const person = await scene.person(full);
    const answer = await put(person, aUser({ userName: person.userName, title: 'Hoofd' }));
    expect(answer.status).to.equal(200);
    expect(answer.body.schemas).to.deep.equal([CORE_USER]);
    expect(answer.body).to.have.all.keys(['schemas', 'id', 'userName', 'active', 'title', 'emails', 'meta']);
    expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(answer.body);
    expect(answer.headers.get('ETag')).to.equal('W/"2"').and.to.equal(answer.body.meta.version);
  });

  it('leaves active as it is when it is absent', async () => {
    const person = await scene.person({ active: false });
    const body = aUser({ userName: person.userName, title: 'Hoofd', active: undefined });
    expect((await put(person, body)).body).to.include({ active: false, title: 'Hoofd' });
    expect((await put(person, { ...body, active: true })).body.active).to.equal(true);
    expect((await put(person, body)).body.active).to.equal(true);
  });

  it('keeps version, lastModified and history when nothing changes, with active or without', async () => {
    const person = await scene.person(full);
    for (const body of [aUser({ ...full, userName: person.userName }), { ...person, active: undefined }, person]) {
      const answer = await put(person, { ...body, emails: person.emails });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.deep.equal(person);
    }
    expect(await historyOf(scene, person.id)).to.have.length(1);
  });

  it('I2: ignores what is read-only, also an id that is not the one of the path', async () => {
    const person = await scene.person({ displayName: 'Ida' });
    const answer = await put(person, {
      ...person,
      id: '0199a000-0000-7000-8000-000000000000',
      groups: [{ value: 'x' }],
      meta: { created: '1999-01-01T00:00:00Z', version: 'W/"99"' },
      displayName: 'Ida B.',
    });
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ id: person.id, displayName: 'Ida B.' }).and.to.not.have.property('groups');
    expect(answer.body.meta).to.include({ created: person.meta.created, version: 'W/"2"' });
  });

  it('S2: ignores unknown attributes and drops a password', async () => {
    const person = await scene.person();
    const answer = await put(person, { ...person, shoeSize: 38, password: 'secret', 'urn:x:y': { a: 1 } });
    expect(answer.status).to.equal(200);
    expect(answer.body).to.deep.equal(person);
  });

  it('reads names in any case', async () => {
    const person = await scene.person();
    const answer = await put(person, { SCHEMAS: [CORE_USER], USERNAME: person.userName, DisplayName: 'Any' });
    expect(answer.body)
      .to.include({ displayName: 'Any', userName: person.userName })
      .and.to.not.have.property('USERNAME');
  });

  it('refuses a body without userName, or with a blank one', async () => {
    const person = await scene.person();
    const nameless = aUser({ userName: undefined });
    const wanted = { status: 400, scimType: 'invalidValue' };
    expectRefusal(await put(person, nameless), { ...wanted, detail: /userName is required/ });
    const misspelt = { ...nameless, usrName: 'mara' };
    expectRefusal(await put(person, misspelt), { ...wanted, detail: /userName is required/ });
    expectRefusal(await put(person, { ...nameless, userName: ' \t' }), {
      ...wanted,
      detail: /userName must not be blank/,
    });
    expectRefusal(await put(person, { ...nameless, userName: 7 }), { ...wanted, detail: /userName must be text/ });
  });

  it('refuses a body without schemas, or with an empty list of them', async () => {
    const person = await scene.person();
    for (const schemas of [undefined, null, [], 'urn:x', [7]]) {
      const answer = await put(person, aUser({ schemas }));
      expectRefusal(answer, { status: 400, scimType: 'invalidSyntax', detail: /schemas/ });
    }
  });

  it('refuses values of another type, naming them', async () => {
    const person = await scene.person();
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ title: 7 }, /title must be text/],
      [{ active: 'maybe' }, /active must be true or false/],
      [{ name: 'Mara' }, /name must be an object/],
      [{ emails: [{ value: 7 }] }, /emails\[0\]\.value must be text/],
      [{ [ENTERPRISE_USER]: { department: { a: 1 } } }, /enterprise:2\.0:User:department must be text/],
      [{ [ENTERPRISE_USER]: 'Inkoop' }, /enterprise:2\.0:User must be an object/],
    ];
    for (const [attributes, detail] of cases) {
      expectRefusal(await put(person, aUser(attributes)), { status: 400, scimType: 'invalidValue', detail });
    }
  });

  it('refuses two primary values of one attribute', async () => {
    const person = await scene.person();
    const emails = ['a@x.example', 'b@x.example'].map((value) => ({ value, primary: true }));
    const answer = await put(person, aUser({ emails }));
    expectRefusal(answer, {
      status: 400,
      scimType: 'invalidValue',
      detail: /emails has more than one value marked primary/,
    });
  });

  it("refuses another person's userName and e-mail address", async () => {
    const [person, other] = [await scene.person(), await scene.person({ emails: [{ value: 'taken@x.example' }] })];
    const taken = { status: 409, scimType: 'uniqueness' };
    const userName = String(other.userName).toUpperCase();
    expectRefusal(await put(person, aUser({ userName })), { ...taken, detail: /userName is already in use/ });
    const emails = [{ value: 'TAKEN@x.example' }];
    expectRefusal(await put(person, aUser({ emails })), { ...taken, detail: /e-mail address is already in use/ });
    expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(person);
  });

  it('changes the spelling of a userName', async () => {
    const person = await scene.person();
    const userName = String(person.userName).toUpperCase();
    expect((await put(person, { ...person, userName })).body.userName).to.equal(userName);
  });

  it('answers 404 for nobody', async () => {
    for (const id of ['0199a000-0000-7000-8000-000000000000', 'usr_1', '%20']) {
      expectRefusal(await put({ id }, aUser()), { status: 404, detail: /User ".*" was not found/ });
    }
  });

  it('deactivates and reactivates, and history says so', async () => {
    const person = await scene.person();
    await put(person, { ...person, active: false });
    await put(person, { ...person, active: true });
    const kinds = (await historyOf(scene, person.id)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['CREATED', 'DEACTIVATED', 'REACTIVATED']);
  });
});
