// RFC 7644 sections 3.5.2.1 to 3.5.2.3 sentence by sentence, where users.patch*.test.ts and the samples have no test.
import { expect } from 'chai';
import { CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { aStrictTenant, home, other, work } from './strictTenant.js';

describe('RFC 7644 section 3.5.2.1, add', () => {
  const { patched, refused } = aStrictTenant();

  it('without a path adds each attribute of the value to the resource, by the rule of each', async () => {
    const after = await patched(
      { title: 'Old', phoneNumbers: [work], name: { givenName: 'Mara' } },
      { op: 'add', value: { title: 'New', nickName: 'M', phoneNumbers: [home], name: { familyName: 'Vos' } } },
    );
    expect(after).to.deep.include({ title: 'New', nickName: 'M', phoneNumbers: [work, home] });
    expect(after.name).to.deep.equal({ givenName: 'Mara', familyName: 'Vos' });
  });

  it('gives a list or a complex value to who has none', async () => {
    const after = await patched(
      {},
      { op: 'add', path: 'phoneNumbers', value: [home] },
      { op: 'add', path: 'name', value: { givenName: 'Mara' } },
      { op: 'add', path: `${ENTERPRISE_USER}:department`, value: 'Inkoop' },
    );
    expect(after).to.deep.include({ phoneNumbers: [home], name: { givenName: 'Mara' } });
    expect(after[ENTERPRISE_USER]).to.deep.equal({ department: 'Inkoop' });
    expect(after.schemas).to.deep.equal([CORE_USER, ENTERPRISE_USER]);
  });

  it('wants an object of sub-attributes for a complex value', async () => {
    await refused({}, { op: 'add', path: 'name', value: 'Mara Vos' }, 'invalidValue', /name must be an object/);
    await refused({}, { op: 'add', path: 'phoneNumbers', value: ['1'] }, 'invalidValue', /phoneNumbers\[0\]/);
  });

  it('adds one value that is not in a list to the others', async () => {
    const after = await patched({ phoneNumbers: [work] }, { op: 'add', path: 'phoneNumbers', value: home });
    expect(after.phoneNumbers).to.deep.equal([work, home]);
  });

  it('by a value path fills in the elements that are selected, and no others', async () => {
    const after = await patched(
      { phoneNumbers: [work, home] },
      { op: 'add', path: 'phoneNumbers[type eq "home"]', value: { display: 'At home' } },
      { op: 'add', path: 'phoneNumbers[type eq "work"].display', value: 'At work' },
    );
    expect(after.phoneNumbers).to.deep.equal([
      { ...work, display: 'At work' },
      { ...home, display: 'At home' },
    ]);
  });

  it('adds a value once that comes twice, and nothing for an element that says nothing', async () => {
    const after = await patched({ phoneNumbers: [work] }, { op: 'add', path: 'phoneNumbers', value: [home, home, {}] });
    expect(after.phoneNumbers).to.deep.equal([work, home]);
    const same = await patched({ phoneNumbers: [work] }, { op: 'add', path: 'phoneNumbers', value: [{}] });
    expect(same.phoneNumbers).to.deep.equal([work]);
  });

  it('of what is there already changes nothing, not the time of the last change either', async () => {
    const attributes = { title: 'Same', name: { givenName: 'Mara', familyName: 'Vos' }, phoneNumbers: [work, home] };
    const after = await patched(
      attributes,
      { op: 'add', path: 'title', value: 'Same' },
      { op: 'add', path: 'name', value: { familyName: 'Vos' } },
      { op: 'add', path: 'name.givenName', value: 'Mara' },
      { op: 'add', path: 'phoneNumbers', value: [home] },
      { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: work.value },
      { op: 'add', value: attributes },
    );
    expect(after.meta.lastModified).to.equal(after.meta.created);
    expect(after.meta.version).to.equal('W/"1"');
  });
});

describe('RFC 7644 section 3.5.2.2, remove', () => {
  const { patched, refused } = aStrictTenant();

  it('without a path is noTarget, with a value too', async () => {
    await refused({ title: 'x' }, { op: 'remove' }, 'noTarget', /needs a path/);
    await refused({ title: 'x' }, { op: 'remove', value: { title: 'x' } }, 'noTarget', /needs a path/);
  });

  it('leaves a part of a complex value unassigned, and with its last part the whole', async () => {
    const after = await patched(
      { name: { givenName: 'Mara', familyName: 'Vos' }, [ENTERPRISE_USER]: { manager: { value: 'm' } } },
      { op: 'remove', path: 'name.givenName' },
    );
    expect(after.name).to.deep.equal({ familyName: 'Vos' });
    const without = await patched({ name: { givenName: 'Mara' } }, { op: 'remove', path: 'name.givenName' });
    expect(without).to.not.have.property('name');
  });

  it('takes away every element that a filter on its values selects', async () => {
    const phoneNumbers = [work, home, other];
    const after = await patched({ phoneNumbers }, { op: 'remove', path: 'phoneNumbers[value ne "home@x.example"]' });
    expect(after.phoneNumbers).to.deep.equal([home]);
    const none = await patched({ phoneNumbers }, { op: 'remove', path: 'phoneNumbers[value pr]' });
    expect(none).to.not.have.property('phoneNumbers');
  });

  it('takes one part from every element that is selected, and an element with its last part', async () => {
    const roles = [{ value: 'a', type: 't' }, { value: 'b', type: 't' }, { type: 'u' }];
    const after = await patched(
      { roles },
      { op: 'remove', path: 'roles[type eq "u"].type' },
      { op: 'remove', path: 'roles[value eq "a"].value' },
    );
    expect(after.roles).to.deep.equal([{ type: 't' }, { value: 'b', type: 't' }]);
    const none = await patched({ roles: [{ value: 'a' }] }, { op: 'remove', path: 'roles.value' });
    expect(none).to.not.have.property('roles');
  });

  it('never takes the whole list away where a value says which elements are meant', async () => {
    for (const value of [[home], home, home.value]) {
      const remove = { op: 'remove', path: 'phoneNumbers', value };
      await refused({ phoneNumbers: [work, home] }, remove, 'invalidValue', /takes no value/);
    }
  });

  it('refuses to leave unassigned what is required', async () => {
    await refused({}, { op: 'remove', path: 'userName' }, 'mutability', /userName is required/);
    await refused({}, { op: 'replace', path: 'userName', value: null }, 'mutability', /userName is required/);
    await refused({}, { op: 'replace', value: { userName: null } }, 'mutability', /userName is required/);
  });
});

describe('RFC 7644 section 3.5.2.3, replace', () => {
  const { patched, refused } = aStrictTenant();

  it('without a path replaces each attribute of the value, and leaves the others', async () => {
    const after = await patched(
      { title: 'Old', nickName: 'M', phoneNumbers: [work, home] },
      { op: 'replace', value: { title: 'New', phoneNumbers: [other] } },
    );
    expect(after).to.deep.include({ title: 'New', nickName: 'M', phoneNumbers: [other] });
  });

  it('without a path wants an object of attributes', async () => {
    for (const value of ['x', 7, null, ['title']]) {
      await refused({ title: 'Old' }, { op: 'replace', value }, 'invalidValue', /must be an object/);
    }
  });

  it('of a list that is not there adds it', async () => {
    const after = await patched({}, { op: 'replace', path: 'phoneNumbers', value: [home] });
    expect(after.phoneNumbers).to.deep.equal([home]);
    const complex = await patched({}, { op: 'replace', path: 'name', value: { givenName: 'Mara' } });
    expect(complex.name).to.deep.equal({ givenName: 'Mara' });
  });

  it('of a complex value replaces the parts that are named, adds those that were not there, and leaves the others', async () => {
    const after = await patched(
      { name: { givenName: 'Mara', familyName: 'Vos' } },
      { op: 'replace', path: 'name', value: { givenName: 'Bram', middleName: 'J.' } },
    );
    expect(after.name).to.deep.equal({ givenName: 'Bram', familyName: 'Vos', middleName: 'J.' });
  });

  it('replaces every element that a filter selects', async () => {
    const value = { value: 'same' };
    const after = await patched(
      { roles: [{ value: 'a', type: 't', display: 'A' }, { value: 'b', type: 't' }, { value: 'c' }] },
      { op: 'replace', path: 'roles[type eq "t"]', value },
    );
    expect(after.roles).to.deep.equal([value, value, { value: 'c' }]);
  });

  it('replaces one part of every element that a filter selects, and leaves its other parts', async () => {
    const after = await patched(
      { roles: [{ value: 'a', type: 't', display: 'A' }, { value: 'b', type: 't' }, { value: 'c' }] },
      { op: 'replace', path: 'roles[type eq "t"].display', value: 'D' },
    );
    expect(after.roles).to.deep.equal([
      { value: 'a', type: 't', display: 'D' },
      { value: 'b', type: 't', display: 'D' },
      { value: 'c' },
    ]);
  });

  it('of the elements a filter selects by null takes them away', async () => {
    const nothing = { op: 'replace', path: 'phoneNumbers[type eq "home"]', value: null };
    expect((await patched({ phoneNumbers: [home, work] }, nothing)).phoneNumbers).to.deep.equal([work]);
    expect(await patched({ phoneNumbers: [home] }, nothing)).to.not.have.property('phoneNumbers');
  });

  it('is noTarget where a filter selects nothing: of a list, of an empty one, whole elements and parts', async () => {
    for (const attributes of [{ phoneNumbers: [home] }, {}]) {
      for (const part of ['', '.value']) {
        const value = part === '' ? { value: 'x' } : 'x';
        const path = `phoneNumbers[type eq "work"]${part}`;
        await refused(attributes, { op: 'replace', path, value }, 'noTarget', /phoneNumbers\[type eq "work"\]/);
      }
    }
  });
});
