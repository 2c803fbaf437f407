import { expect } from 'chai';
import { aUser, ENTERPRISE_USER } from '../support/builders.js';
import { historyOf } from './records.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('people SpeakUp already knows', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const original = async (id: string) =>
    (await scene.sql('select origin, status from directory_user where tenant_id = $1 and id = $2', id))[0];
  const protect = (id: string) =>
    scene.sql('update directory_user set protected = true where tenant_id = $1 and id = $2', id);

  describe('are taken over on create', () => {
    const cases = [
      { by: 'the same userName in another case', local: { userName: 'Ada.One@fabriek.example' }, rule: 'USER_NAME' },
      { by: 'the same match e-mail', local: { userName: 'ada', emails: [{ value: 'ADA.ONE@fabriek.example' }] } },
      { by: 'a userName that is the new e-mail', local: { userName: 'ada.mail@fabriek.example' } },
      {
        by: 'an e-mail that is the new userName',
        local: { userName: 'a', emails: [{ value: 'ada.one@fabriek.example' }] },
      },
    ];
    for (const { by, local, rule = 'EMAIL' } of cases) {
      it(`by ${by}`, async () => {
        const own = await aScene();
        const id = await own.localPerson({ title: 'Baker', department: 'Ovens', ...local });
        const emails = by.startsWith('a userName that') ? [{ value: 'Ada.Mail@fabriek.example' }] : undefined;
        const answer = await own.scim('POST', '/Users', {
          ...aUser({ displayName: 'Ada', externalId: 'a1' }),
          userName: 'ada.one@fabriek.example',
          emails: emails ?? [{ type: 'work', value: 'ada.one@fabriek.example' }],
        });
        expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
        expect(answer.body).to.deep.include({ id, title: 'Baker', displayName: 'Ada', externalId: 'a1' });
        expect(answer.body.userName).to.equal('ada.one@fabriek.example');
        expect(answer.body[ENTERPRISE_USER]).to.deep.equal({ department: 'Ovens' });
        expect(answer.headers.get('Location')).to.equal(answer.body.meta.location);
        const rows = await own.sql('select origin from directory_user where tenant_id = $1 and id = $2', id);
        expect(rows).to.deep.equal([{ origin: 'SCIM' }]);
        const [, adopted] = await historyOf(own, id);
        expect(adopted.kind).to.equal('ADOPTED');
        expect(adopted.changes.matchedBy).to.deep.equal({ after: rule });
        expect(adopted.changes.displayName).to.deep.equal({ before: null, after: 'Ada' });
      });
    }

    it('and then belong to provisioning: a second create is 409', async () => {
      await scene.localPerson({ userName: 'bea@fabriek.example' });
      await scene.person({ userName: 'bea@fabriek.example', emails: undefined });
      const again = await scene.scim('POST', '/Users', aUser({ userName: 'bea@fabriek.example', emails: undefined }));
      expectRefusal(again, { status: 409, scimType: 'uniqueness', detail: /userName "bea@fabriek\.example"/ });
    });

    it('and stay deactivated unless the body says otherwise', async () => {
      const id = await scene.localPerson({ userName: 'cas@fabriek.example', active: false });
      const taken = await scene.person({ userName: 'cas@fabriek.example', emails: undefined, active: undefined });
      expect(taken).to.include({ id, active: false });
    });
  });

  it('are refused with the reason when two different people match', async () => {
    await scene.localPerson({ userName: 'dirk@fabriek.example' });
    await scene.localPerson({ userName: 'dirk2', emails: [{ value: 'dirk.mail@fabriek.example' }] });
    const answer = await scene.scim('POST', '/Users', {
      ...aUser({ userName: 'dirk@fabriek.example' }),
      emails: [{ value: 'dirk.mail@fabriek.example' }],
    });
    expectRefusal(answer, { status: 409, scimType: 'uniqueness', detail: /two different people/ });
  });

  it('I13: are refused with the reason when the account is protected, on create, PUT and PATCH', async () => {
    const id = await scene.localPerson({ userName: 'eva@fabriek.example' });
    await protect(id);
    const protectedAccount = { status: 409, scimType: 'uniqueness', detail: /protected SpeakUp account/ };
    const body = aUser({ userName: 'eva@fabriek.example', emails: undefined });
    expectRefusal(await scene.scim('POST', '/Users', body), protectedAccount);
    expectRefusal(await scene.scim('PUT', `/Users/${id}`, body), protectedAccount);
    const patched = await scene.patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'Boss' });
    expectRefusal(patched, protectedAccount);
    expect(await scene.get(`/Users/${id}`)).to.not.have.property('title');
    expect(await original(id)).to.deep.equal({ origin: 'SPEAKUP', status: 'ACTIVE' });
  });

  it('are 409 when somebody provisioned has the e-mail and a local person the userName', async () => {
    await scene.localPerson({ userName: 'flo@fabriek.example' });
    await scene.person({ userName: 'flo.other@fabriek.example', emails: [{ value: 'flo.mail@fabriek.example' }] });
    const body = { ...aUser({ userName: 'flo@fabriek.example' }), emails: [{ value: 'flo.mail@fabriek.example' }] };
    const answer = await scene.scim('POST', '/Users', body);
    expectRefusal(answer, {
      status: 409,
      scimType: 'uniqueness',
      detail: /e-mail address "flo\.mail@fabriek\.example"/,
    });
  });

  it('are not confused with provisioned people crosswise', async () => {
    await scene.person({ userName: 'gus@fabriek.example', emails: [{ value: 'gus.mail@fabriek.example' }] });
    const other = await scene.person({ userName: 'gus.mail@fabriek.example', emails: [{ value: 'g@elders.example' }] });
    expect(other.userName).to.equal('gus.mail@fabriek.example');
  });

  it('are visible to reads and filters, without externalId', async () => {
    const id = await scene.localPerson({ userName: 'hes@fabriek.example', displayName: 'Hes' });
    const read = await scene.get(`/Users/${id}`);
    expect(read).to.include({ id, userName: 'hes@fabriek.example', displayName: 'Hes', active: true });
    expect(read).to.not.have.property('externalId');
    for (const filter of ['userName eq "HES@fabriek.example"', `id eq "${id}"`, 'displayName eq "hes"']) {
      expect((await scene.find('/Users', filter)).Resources).to.deep.equal([read]);
    }
  });

  it('are taken over by PATCH, also by one that changes nothing', async () => {
    const id = await scene.localPerson({ userName: 'iva@fabriek.example', title: 'Smith' });
    const answer = await scene.patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'Smith' });
    expect(answer.status).to.equal(200);
    expect(await original(id)).to.deep.equal({ origin: 'SCIM', status: 'ACTIVE' });
    expect((await historyOf(scene, id)).map(({ kind }) => kind)).to.deep.equal(['CREATED', 'ADOPTED']);
  });

  it('are taken over by PUT, which clears what it does not name', async () => {
    const id = await scene.localPerson({ userName: 'jos@fabriek.example', title: 'Smith', department: 'Fire' });
    const answer = await scene.scim(
      'PUT',
      `/Users/${id}`,
      aUser({ userName: 'jos@fabriek.example', displayName: 'Jos' }),
    );
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ id, displayName: 'Jos' });
    expect(answer.body).to.not.have.any.keys('title', ENTERPRISE_USER);
    expect((await original(id)).origin).to.equal('SCIM');
  });

  it('cannot be deleted by provisioning', async () => {
    const id = await scene.localPerson({ userName: 'kim@fabriek.example' });
    const answer = await scene.scim('DELETE', `/Users/${id}`);
    expectRefusal(answer, { status: 403, detail: /made in SpeakUp.*administrator/ });
    expect((await scene.get(`/Users/${id}`)).active).to.equal(true);
  });
});

describe('the e-mail address a person is matched by', () => {
  const home = { type: 'home', value: 'home@match.example' };
  const other = { type: 'other', value: 'other@match.example' };
  const work = { type: 'Work', value: 'work@match.example' };
  const cases = [
    { is: 'the primary one', emails: [home, work, { ...other, primary: true }], chosen: 'other@match.example' },
    { is: 'else the one of type work', emails: [home, work, other], chosen: 'work@match.example' },
    { is: 'else the first', emails: [home, other], chosen: 'home@match.example' },
    { is: 'else the userName', emails: undefined, chosen: 'name@match.example' },
  ];
  for (const { is, emails, chosen } of cases) {
    it(`is ${is}, and unique whatever the case`, async () => {
      const scene = await aScene();
      await scene.person({ userName: 'name@match.example', emails });
      for (const address of ['home', 'work', 'other', 'name'].map((name) => `${name}@match.example`)) {
        const body = { ...aUser({ userName: `of ${address}` }), emails: [{ value: address.toUpperCase() }] };
        const answer = await scene.scim('POST', '/Users', body);
        if (address === chosen) {
          expectRefusal(answer, { status: 409, scimType: 'uniqueness', detail: /e-mail address/ });
        } else expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
      }
    });
  }

  it('is unique in profile RFC too, and on PATCH', async () => {
    const scene = await aScene({ compatibility: 'RFC' });
    await scene.person({ userName: 'a', emails: [{ value: 'a@match.example' }] });
    const { id } = await scene.person({ userName: 'b', emails: [{ value: 'b@match.example' }] });
    const answer = await scene.patch(`/Users/${id}`, {
      op: 'replace',
      path: 'emails',
      value: [{ value: 'A@match.example' }],
    });
    expectRefusal(answer, { status: 409, scimType: 'uniqueness', detail: /e-mail address/ });
  });

  it('is needed in profile ENTRA, on create, PUT and PATCH, and not in profile RFC', async () => {
    const missing = {
      status: 400,
      scimType: 'invalidValue',
      detail: /no e-mail address.*emails\[type eq "work"\]\.value/,
    };
    const remove = { op: 'remove', path: 'emails' };
    const bare = aUser({ userName: 'nomail', emails: undefined });
    const entra = await aScene();
    expectRefusal(await entra.scim('POST', '/Users', bare), missing);
    const person = await entra.person({ userName: 'nomail', emails: [{ value: 'n@match.example' }] });
    expectRefusal(await entra.scim('PUT', `/Users/${person.id}`, bare), missing);
    expectRefusal(await entra.patch(`/Users/${person.id}`, remove), missing);
    expect(await entra.get(`/Users/${person.id}`)).to.deep.equal(person);
    const rfc = await aScene({ compatibility: 'RFC' });
    const other = await rfc.person({ userName: 'nomail', emails: [{ value: 'n@match.example' }] });
    expect((await rfc.patch(`/Users/${other.id}`, remove)).body).to.not.have.property('emails');
    expect((await rfc.scim('PUT', `/Users/${other.id}`, bare)).status).to.equal(200);
    expect((await rfc.scim('POST', '/Users', aUser({ userName: 'nomail2', emails: undefined }))).status).to.equal(201);
  });
});
