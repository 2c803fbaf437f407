// RFC 7644 section 3.5.2 sentence by sentence, where users.patch*.test.ts, groups*.test.ts and the samples have no test.
import { expect } from 'chai';
import { CORE_GROUP, CORE_USER, each, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { expectRefusal } from './scene.js';
import { aStrictTenant, home, type Operation, other, work } from './strictTenant.js';

describe('RFC 7644 section 3.5.2, PATCH in general', () => {
  const { scene, aPerson, patch, patched, refused } = aStrictTenant();

  it('is announced in the configuration', async () => {
    expect((await scene().get('/ServiceProviderConfig')).patch).to.deep.equal({ supported: true });
  });

  it('reads a path with the URN of the core schema, a sub-attribute behind it too', async () => {
    const after = await patched(
      {},
      { op: 'add', path: `${CORE_USER}:name.familyName`, value: 'Vos' },
      { op: 'add', path: `${CORE_USER}:phoneNumbers`, value: [work, home] },
      { op: 'replace', path: `${CORE_USER}:phoneNumbers[type eq "home"].value`, value: 'new' },
    );
    expect(after.name).to.deep.equal({ familyName: 'Vos' });
    expect(after.phoneNumbers).to.deep.equal([work, { ...home, value: 'new' }]);
    expect(after.schemas).to.deep.equal([CORE_USER]);
  });

  it('refuses a path with the URN of a schema that the resource does not have', () =>
    refused({}, { op: 'add', path: `${CORE_GROUP}:displayName`, value: 'x' }, 'invalidPath', /displayName/));

  it('selects by any filter: and, or, not, present, comparisons', async () => {
    const phoneNumbers = [work, home, other];
    const cases: [string, Json[]][] = [
      ['type eq "work" or type eq "home"', [other]],
      ['primary eq true and type eq "work"', [home, other]],
      ['not (primary eq true)', [work]],
      ['primary pr', [home, other]],
      ['value co "home"', [work, other]],
      ['type gt "other"', [home, other]],
    ];
    for (const [filter, left] of cases) {
      const after = await patched({ phoneNumbers }, { op: 'remove', path: `phoneNumbers[${filter}]` });
      expect(after.phoneNumbers, filter).to.deep.equal(left);
    }
  });

  it('refuses every op on what is read-only, by path and inside a value', async () => {
    for (const path of ['id', 'meta', 'meta.location', 'groups', 'groups.display', `groups[value eq "x"]`]) {
      for (const op of ['add', 'replace', 'remove']) {
        await refused({}, { op, path, ...(op === 'remove' ? {} : { value: 'x' }) }, 'mutability', /read-only/);
      }
    }
    await refused({}, { op: 'add', value: { groups: [{ value: 'x' }] } }, 'mutability', /groups is read-only/);
  });

  it('refuses to change what a member consists of, and lets a member come that was not there', async () => {
    const [mara, jan] = [await aPerson(), await aPerson()];
    const group = await scene().group([mara.id]);
    const member = `members[value eq "${mara.id}"]`;
    const value = { value: jan.id };
    const changes = [
      ...['value', '$ref', 'type', 'display'].flatMap((part) => [
        { op: 'replace', path: `${member}.${part}`, value: jan.id as string },
        { op: 'add', path: `members.${part}`, value: jan.id as string },
        { op: 'remove', path: `${member}.${part}` },
      ]),
      { op: 'replace', path: member, value },
      { op: 'add', path: member, value },
    ];
    for (const change of changes) {
      const answer = await scene().patch(`/Groups/${group.id}`, change);
      expectRefusal(answer, { status: 400, scimType: 'mutability', detail: /add (and|or) remove members|read-only/ });
    }
    expect(await scene().get(`/Groups/${group.id}`)).to.deep.equal(group);
    await scene().patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [value] });
    expect(each((await scene().get(`/Groups/${group.id}`)).members, 'value')).to.have.members([mara.id, jan.id]);
  });

  it('refuses a value that the schema does not allow, whatever the way to it', async () => {
    const operations: Operation[] = [
      { op: 'add', path: 'title', value: 7 },
      { op: 'replace', path: 'active', value: 'true' },
      { op: 'add', path: 'name.givenName', value: true },
      { op: 'add', path: 'phoneNumbers', value: [{ primary: 'yes' }] },
      { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: { value: 'x' } },
      { op: 'add', value: { [ENTERPRISE_USER]: { department: ['x'] } } },
    ];
    for (const operation of operations) await refused({ phoneNumbers: [work] }, operation, 'invalidValue', /must be/);
  });

  describe('takes the primary mark from the other values', () => {
    const marks = (person: Json) => (person.phoneNumbers as Json[]).map(({ primary }) => Boolean(primary));
    const ways: [string, Operation][] = [
      ['an add to the list', { op: 'add', path: 'phoneNumbers', value: [{ ...other, primary: true }] }],
      ['a mark set by a value path', { op: 'add', path: 'phoneNumbers[type eq "other"].primary', value: true }],
      [
        'an element replaced by a value path',
        { op: 'replace', path: 'phoneNumbers[type eq "other"]', value: { ...other, primary: true } },
      ],
      ['an add without a path', { op: 'add', value: { phoneNumbers: [{ ...other, primary: true }] } }],
    ];
    for (const [way, operation] of ways) {
      it(`by ${way}`, async () => {
        const isThere = String(operation.path).includes('[');
        const after = await patched({ phoneNumbers: isThere ? [work, home, other] : [work, home] }, operation);
        expect(marks(after)).to.deep.equal([false, false, true]);
      });
    }
  });

  it('takes the mark from a value that is the same but for its type', async () => {
    const twin = { type: 'home', value: work.value };
    const set = { op: 'replace', path: 'phoneNumbers[type eq "home"].primary', value: true };
    const after = await patched({ phoneNumbers: [work, twin] }, set);
    expect(after.phoneNumbers).to.deep.equal([
      { ...work, primary: false },
      { ...twin, primary: true },
    ]);
    const added = await patched(
      { phoneNumbers: [work] },
      { op: 'add', path: 'phoneNumbers', value: { ...twin, primary: true } },
    );
    expect(added.phoneNumbers).to.deep.equal(after.phoneNumbers);
  });

  it('lets other operations change a value that is primary, before and after the mark is set', async () => {
    const value = (type: string) => ({ op: 'replace', path: `phoneNumbers[type eq "${type}"].value`, value: 'new' });
    const mark = { op: 'replace', path: 'phoneNumbers[type eq "home"].primary', value: true };
    const phoneNumbers = [work, home];
    const before = await patched({ phoneNumbers }, value('work'), mark);
    expect(before.phoneNumbers).to.deep.equal([
      { ...work, value: 'new', primary: false },
      { ...home, primary: true },
    ]);
    const after = await patched({ phoneNumbers }, mark, value('home'), mark);
    expect(after.phoneNumbers).to.deep.equal([
      { ...work, primary: false },
      { ...home, value: 'new', primary: true },
    ]);
  });

  it('refuses one operation that would mark several values', async () => {
    const phoneNumbers = [work, home];
    const primary = { type: 'x', primary: true };
    for (const operation of [
      { op: 'replace', path: 'phoneNumbers.primary', value: true },
      { op: 'add', path: 'phoneNumbers[value pr].primary', value: true },
      { op: 'replace', path: 'phoneNumbers[value pr]', value: primary },
      { op: 'add', path: 'phoneNumbers', value: [primary, { ...primary, value: 'y' }] },
    ]) {
      await refused({ phoneNumbers }, operation, 'invalidValue', /more than one value.* primary/);
    }
  });

  it('S9: restores everything when the last of many operations fails, members of a group too', async () => {
    const mara = await aPerson();
    const group = await scene().group([mara.id]);
    const answer = await scene().patch(
      `/Groups/${group.id}`,
      { op: 'replace', path: 'displayName', value: 'Other' },
      { op: 'remove', path: 'members' },
      { op: 'replace', path: 'id', value: 'x' },
    );
    expectRefusal(answer, { status: 400, scimType: 'mutability', detail: /id is read-only/ });
    expect(await scene().get(`/Groups/${group.id}`)).to.deep.equal(group);
  });

  it('answers 200 with the whole resource, or with the attributes that are asked for', async () => {
    const person = await aPerson({ displayName: 'Mara', title: 'Old' });
    const whole = await patch(person, { op: 'replace', path: 'title', value: 'New' });
    expect([whole.status, whole.body]).to.deep.equal([200, await scene().get(`/Users/${person.id}`)]);
    expect(whole.body).to.include({ displayName: 'Mara', userName: person.userName });
    const path = `/Users/${person.id}?attributes=title`;
    const part = await scene().patch(path, { op: 'replace', path: 'title', value: 'Newer' });
    expect([part.status, part.body]).to.deep.equal([200, { schemas: [CORE_USER], id: person.id, title: 'Newer' }]);
  });
});
