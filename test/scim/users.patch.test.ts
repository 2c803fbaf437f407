// RFC 7644 section 3.5.2, in profile RFC: what profile ENTRA reads beyond it is in test/entra.
import { expect } from 'chai';
import { aUser, CORE_USER, ENTERPRISE_USER, PATCH_OP } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { historyOf } from './records.js';
import { aScene, type Scene } from './scene.js';

describe('PATCH on a person', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene({ compatibility: 'RFC' });
  });

  const work = { type: 'work', value: 'work@x.example', primary: true };
  const home = { type: 'home', value: 'home@x.example' };
  const aPerson = (attributes = {}) => scene.person({ emails: undefined, ...attributes });
  const phones = { phoneNumbers: [work, home] };
  const patch = (person: Json, ...operations: readonly object[]) => scene.patch(`/Users/${person.id}`, ...operations);
  const patched = async (person: Json, ...operations: readonly object[]): Promise<Json> => {
    const answer = await patch(person, ...operations);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(answer.body);
    return answer.body;
  };

  describe('add', () => {
    it('sets a single value, and replaces one that is there', async () => {
      const person = await aPerson({ title: 'Old' });
      expect(await patched(person, { op: 'add', path: 'title', value: 'New' })).to.include({ title: 'New' });
      expect(await patched(person, { op: 'add', value: { nickName: 'M', title: 'Newer' } })).to.include({
        nickName: 'M',
        title: 'Newer',
      });
    });

    it('adds to a list, and not what is there already', async () => {
      const person = await aPerson(phones);
      const other = { type: 'other', value: 'other@x.example' };
      const after = await patched(person, { op: 'add', path: 'phoneNumbers', value: [home, other] });
      expect(after.phoneNumbers).to.deep.equal([work, home, other]);
      const again = await patched(person, { op: 'add', path: 'phoneNumbers', value: [other] });
      expect(again.meta).to.deep.equal(after.meta);
    });

    it('fills in the parts of a complex value that are named', async () => {
      const person = await aPerson({ name: { givenName: 'Mara' } });
      const after = await patched(person, { op: 'add', path: 'name', value: { familyName: 'Vos' } });
      expect(after.name).to.deep.equal({ givenName: 'Mara', familyName: 'Vos' });
      expect((await patched(person, { op: 'add', path: 'name.formatted', value: 'M. Vos' })).name.formatted).to.equal(
        'M. Vos',
      );
    });

    it('takes the primary mark from the others', async () => {
      const person = await aPerson(phones);
      const other = { value: 'other@x.example', primary: true };
      const after = await patched(person, { op: 'add', path: 'phoneNumbers', value: [other] });
      expect(after.phoneNumbers).to.deep.equal([{ ...work, primary: false }, home, other]);
    });

    it('makes the extension appear, by its URN as path too', async () => {
      const person = await aPerson();
      const after = await patched(person, { op: 'add', path: ENTERPRISE_USER, value: { department: 'Inkoop' } });
      expect(after.schemas).to.deep.equal([CORE_USER, ENTERPRISE_USER]);
      const more = await patched(person, { op: 'add', value: { [ENTERPRISE_USER]: { division: 'Zuid' } } });
      expect(more[ENTERPRISE_USER]).to.deep.equal({ department: 'Inkoop', division: 'Zuid' });
    });
  });

  describe('replace', () => {
    it('replaces a list', async () => {
      const after = await patched(await aPerson(phones), { op: 'replace', path: 'phoneNumbers', value: [home] });
      expect(after.phoneNumbers).to.deep.equal([home]);
    });

    it('keeps the parts of a complex value that are not named', async () => {
      const person = await aPerson({ name: { givenName: 'Mara', familyName: 'Vos' } });
      const after = await patched(person, { op: 'replace', value: { name: { familyName: 'de Vos' } } });
      expect(after.name).to.deep.equal({ givenName: 'Mara', familyName: 'de Vos' });
    });

    it('sets what was not there', async () => {
      const person = await aPerson();
      expect((await patched(person, { op: 'replace', path: 'title', value: 'New' })).title).to.equal('New');
    });

    it('changes the elements a filter selects, or one part of them', async () => {
      const person = await aPerson(phones);
      const element = { type: 'home', value: 'new@x.example' };
      const whole = await patched(person, { op: 'replace', path: 'phoneNumbers[type eq "home"]', value: element });
      expect(whole.phoneNumbers).to.deep.equal([work, element]);
      const part = await patched(person, {
        op: 'replace',
        path: 'phoneNumbers[value ew ".example"].display',
        value: 'D',
      });
      expect(part.phoneNumbers).to.deep.equal([
        { ...work, display: 'D' },
        { ...element, display: 'D' },
      ]);
    });

    it('clears with null and with an empty list', async () => {
      const person = await aPerson({
        ...phones,
        title: 'Old',
        name: { givenName: 'Mara' },
        [ENTERPRISE_USER]: { manager: { value: 'm' } },
      });
      const after = await patched(
        person,
        { op: 'replace', path: 'title', value: null },
        { op: 'replace', path: 'phoneNumbers', value: [] },
        { op: 'replace', value: { name: null, [ENTERPRISE_USER]: { manager: null } } },
      );
      expect(after).to.not.have.any.keys('title', 'phoneNumbers', 'name', ENTERPRISE_USER);
    });
  });

  describe('remove', () => {
    it('takes away a value, a list, the elements a filter selects, a part of them', async () => {
      const person = await aPerson({ ...phones, title: 'Old', roles: [{ value: 'r', type: 't' }], ims: [work, home] });
      const after = await patched(
        person,
        { op: 'remove', path: 'title' },
        { op: 'remove', path: 'phoneNumbers' },
        { op: 'remove', path: 'ims[type eq "work"]' },
        { op: 'remove', path: 'roles[value eq "r"].type' },
      );
      expect(after).to.not.have.any.keys('title', 'phoneNumbers');
      expect(after.ims).to.deep.equal([home]);
      expect(after.roles).to.deep.equal([{ value: 'r' }]);
    });

    it('of the last element leaves no list behind', async () => {
      const after = await patched(await aPerson({ ims: [home] }), { op: 'remove', path: 'ims[type eq "home"]' });
      expect(after).to.not.have.property('ims');
    });

    it('of the extension takes its URN away', async () => {
      const person = await aPerson({ [ENTERPRISE_USER]: { department: 'Inkoop' } });
      expect((await patched(person, { op: 'remove', path: ENTERPRISE_USER })).schemas).to.deep.equal([CORE_USER]);
    });

    it('of active leaves it as it is', async () => {
      const person = await aPerson();
      expect(await patched(person, { op: 'remove', path: 'active' })).to.deep.equal(person);
    });
  });

  it('applies operations in order, each on what the one before made', async () => {
    const person = await aPerson();
    const after = await patched(
      person,
      { op: 'add', path: 'emails', value: [home] },
      { op: 'replace', path: 'emails[type eq "home"].value', value: 'second@x.example' },
      { op: 'add', path: 'title', value: 'First' },
      { op: 'replace', path: 'title', value: 'Second' },
    );
    expect(after).to.deep.include({ title: 'Second', emails: [{ type: 'home', value: 'second@x.example' }] });
    expect(after.meta.version).to.equal('W/"2"');
    expect(await historyOf(scene, person.id)).to.have.length(2);
  });

  it('S9: applies nothing when a later operation fails', async () => {
    const person = await aPerson({ title: 'Old' });
    const failing = [
      { op: 'replace', path: 'emails[type eq "none"].value', value: 'x' },
      { op: 'replace', path: 'userName', value: ' ' },
      { op: 'replace', path: 'title', value: 7 },
      { op: 'replace', path: 'id', value: 'x' },
    ];
    for (const operation of failing) {
      const answer = await patch(person, { op: 'replace', path: 'title', value: 'New' }, operation);
      expect(answer.status, JSON.stringify(operation)).to.equal(400);
    }
    expect(await scene.get(`/Users/${person.id}`)).to.deep.equal(person);
    expect(await historyOf(scene, person.id)).to.have.length(1);
  });

  it('keeps version, lastModified and history when nothing changes', async () => {
    const person = await aPerson({ ...phones, title: 'Old' });
    const after = await patched(
      person,
      { op: 'replace', path: 'title', value: 'Other' },
      { op: 'replace', path: 'title', value: 'Old' },
      { op: 'replace', path: 'phoneNumbers[type eq "work"].primary', value: true },
      { op: 'remove', path: 'nickName' },
    );
    expect(after).to.deep.equal(person);
    expect(await historyOf(scene, person.id)).to.have.length(1);
  });

  it('takes a member of Operations in any case, and a user body whole', async () => {
    const person = await aPerson();
    const answer = await scene.scim('PATCH', `/Users/${person.id}`, {
      Schemas: [PATCH_OP.toUpperCase()],
      operations: [{ OP: 'REPLACE', Path: 'title', VALUE: 'New' }],
    });
    expect(answer.body.title).to.equal('New');
    const whole = { ...aUser({ displayName: 'All' }), userName: person.userName, emails: undefined };
    expect((await patched(person, { op: 'replace', value: whole })).displayName).to.equal('All');
  });
});
