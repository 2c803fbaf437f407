// What a PATCH may take away, and what it must leave: RFC 7644 section 3.5.2 with RFC 7643 section 2.5, in both profiles.
import { expect } from 'chai';
import { ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

describe('PATCH on a person, and what it takes away', () => {
  let rfc: Scene;
  let entra: Scene;
  before(async () => {
    [rfc, entra] = await Promise.all([aScene({ compatibility: 'RFC' }), aScene()]);
  });

  const manager = `${ENTERPRISE_USER}:manager`;
  const work = { type: 'work', value: '1', display: 'one' };
  const home = { type: 'home', value: '2' };
  const phones = { phoneNumbers: [work, home] };
  const person = { ...phones, name: { givenName: 'Mara' }, [ENTERPRISE_USER]: { manager: { value: 'm' } } };

  const patched = async (scene: Scene, { id }: Json, ...operations: readonly object[]): Promise<Json> => {
    const answer = await scene.patch(`/Users/${id}`, ...operations);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(await scene.get(`/Users/${id}`)).to.deep.equal(answer.body);
    return answer.body;
  };

  it('leaves a complex value alone when only unknown parts of it are named', async () => {
    for (const scene of [rfc, entra]) {
      const before = await scene.person(person);
      for (const op of ['add', 'replace']) {
        for (const path of ['name', manager]) {
          expect(await patched(scene, before, { op, path, value: { nonsense: 'x' } })).to.deep.equal(before);
        }
      }
    }
  });

  it('clears the one part of a complex value that is named with nothing, and keeps the others', async () => {
    for (const scene of [rfc, entra]) {
      const before = await scene.person({ name: { givenName: 'A', familyName: 'B' } });
      const after = await patched(scene, before, { op: 'replace', path: 'name', value: { GIVENNAME: null } });
      expect(after.name).to.deep.equal({ familyName: 'B' });
    }
    const before = await entra.person({ name: { givenName: 'A', familyName: 'B' } });
    const value = { name: { givenName: { value: '' } } };
    expect((await patched(entra, before, { op: 'add', value })).name).to.deep.equal({ familyName: 'B' });
  });

  it('adds nothing to a list when an element says nothing', async () => {
    for (const scene of [rfc, entra]) {
      const before = await scene.person(person);
      for (const value of [{ nonsense: 'x' }, [{ nonsense: 'x' }], [{}]]) {
        expect(await patched(scene, before, { op: 'add', path: 'phoneNumbers', value })).to.deep.equal(before);
      }
    }
  });

  it('refuses {} and a list in profile RFC, and leaves a complex value as it is', async () => {
    const before = await rfc.person(person);
    for (const path of ['name', manager, 'phoneNumbers', 'phoneNumbers[type eq "work"]']) {
      const answer = await rfc.patch(`/Users/${before.id}`, { op: 'replace', path, value: {} });
      expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /an empty object says nothing/ });
    }
    for (const path of ['name', manager]) {
      const answer = await rfc.patch(`/Users/${before.id}`, { op: 'replace', path, value: [null] });
      expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /must be an object/ });
    }
    expect(await rfc.get(`/Users/${before.id}`)).to.deep.equal(before);
  });

  it('clears the elements a filter selects with null, and a part of them with an empty list', async () => {
    for (const scene of [rfc, entra]) {
      const part = { op: 'replace', path: 'phoneNumbers[type eq "work"].display', value: [] };
      expect((await patched(scene, await scene.person(person), part)).phoneNumbers).to.deep.equal([
        { type: 'work', value: '1' },
        home,
      ]);
      for (const value of [null, []]) {
        const whole = { op: 'replace', path: 'phoneNumbers[type eq "work"]', value };
        expect((await patched(scene, await scene.person(person), whole)).phoneNumbers).to.deep.equal([home]);
      }
    }
  });

  it('clears the extension with null, whatever the op', async () => {
    const added = { op: 'add', path: ENTERPRISE_USER, value: null };
    expect(await patched(rfc, await rfc.person(person), added)).to.not.have.property(ENTERPRISE_USER);
  });

  it('clears a complex value with "" in profile ENTRA', async () => {
    const cleared = { op: 'replace', path: 'name', value: '' };
    expect(await patched(entra, await entra.person(person), cleared)).to.not.have.property('name');
  });

  it('keeps a deactivation when active is removed after it in the same request', async () => {
    const off = { op: 'replace', path: 'active', value: false };
    expect((await patched(rfc, await rfc.person(), off, { op: 'remove', path: 'active' })).active).to.equal(false);
  });

  it('leaves the other elements of a list, though they say little, in profile ENTRA', async () => {
    const before = await entra.person({ phoneNumbers: [{ type: 'fax' }, work] });
    const removed = { op: 'remove', path: 'phoneNumbers[type eq "work"].display' };
    expect((await patched(entra, before, removed)).phoneNumbers).to.deep.equal([
      { type: 'fax' },
      { type: 'work', value: '1' },
    ]);
  });

  it('does not store null in an element it makes', async () => {
    const made = {
      op: 'replace',
      path: 'photos[type eq "photo"]',
      value: { value: 'https://x.example/1', display: null },
    };
    expect((await patched(entra, await entra.person(), made)).photos).to.deep.equal([
      { type: 'photo', value: 'https://x.example/1' },
    ]);
  });

  it('makes no element that the filter does not name, in profile ENTRA', async () => {
    const { id } = await entra.person();
    for (const filter of [
      'value pr',
      'type sw "w"',
      'type eq "work" or type eq "home"',
      'type eq "work" and type eq "home"',
    ]) {
      const answer = await entra.patch(`/Users/${id}`, { op: 'add', path: `ims[${filter}].value`, value: 'x' });
      expectRefusal(answer, { status: 400, scimType: 'noTarget', detail: /selects no value/ });
    }
    const digits = { op: 'add', path: 'ims[type eq 5].value', value: 'x' };
    expect((await patched(entra, { id }, digits)).ims).to.deep.equal([{ type: '5', value: 'x' }]);
  });

  it('does not add an element again that is not primary, said or unsaid', async () => {
    const before = await rfc.person(phones);
    const again = { op: 'add', path: 'phoneNumbers', value: [{ ...home, primary: false }] };
    expect(await patched(rfc, before, again)).to.deep.equal(before);
  });

  it('takes the primary mark from an address, which has no value', async () => {
    const before = await rfc.person({ addresses: [{ type: 'work', locality: 'Delft', primary: true }] });
    const other = { op: 'add', path: 'addresses', value: [{ type: 'home', locality: 'Leiden', primary: true }] };
    expect((await patched(rfc, before, other)).addresses).to.deep.equal([
      { type: 'work', locality: 'Delft', primary: false },
      { type: 'home', locality: 'Leiden', primary: true },
    ]);
  });

  it('refuses to mark several elements primary, though one of them is so already', async () => {
    const { id } = await rfc.person({ phoneNumbers: [{ ...work, primary: true }, home] });
    const both = { op: 'replace', path: 'phoneNumbers[value pr].primary', value: true };
    const answer = await rfc.patch(`/Users/${id}`, both);
    expectRefusal(answer, { status: 400, scimType: 'invalidValue', detail: /more than one value of phoneNumbers/ });
  });
});
