import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Role } from '../../src/directory/actor.js';
import { historyOf, historyOfTenant } from '../scim/records.js';
import { aUser } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person } from './asking.js';

const PREVIEW = `query ($people: [AdoptionCandidateInput!]!) { adoptionPreview(people: $people) {
  userName outcome matchedBy explanation user { scimId } } }`;
const RELEASE = `mutation ($input: ReleaseFromManagementInput!) { releaseFromManagement(input: $input) {
  releasedUsers releasedGroups userErrors { field code } } }`;
const SWITCH = 'mutation ($on: Boolean!) { setProvisioningEnabled(input: { enabled: $on }) { userErrors { code } } }';

const local = async (tenant: TestTenant, input: object): Promise<string> => {
  const query = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { scimId } } }';
  return (await data(tenant, query, { input })).createUser.user.scimId as string;
};

describe('the preview of an adoption', () => {
  let tenant: TestTenant;
  const ids: Record<string, string> = {};
  before(async () => {
    tenant = await aTenant();
    ids.name = await local(tenant, { userName: 'Name@x.example' });
    ids.mail = await local(tenant, { userName: 'mail', email: 'Mail@x.example' });
    ids.one = await local(tenant, { userName: 'one@x.example' });
    ids.two = await local(tenant, { userName: 'two', email: 'two.mail@x.example' });
    ids.guard = await local(tenant, { userName: 'guard@x.example', protected: true });
    ids.scim = (await person(tenant, { userName: 'scim@x.example', emails: undefined })).id;
    ids.gone = (await person(tenant, { userName: 'gone@x.example', emails: undefined, externalId: 'g' })).id;
    await tenant.scim('DELETE', `/Users/${ids.gone}`);
  });
  const PEOPLE = [
    { userName: 'new@x.example', emails: ['new.mail@x.example'] },
    { userName: 'name@X.example' },
    { userName: 'other', emails: ['MAIL@x.example', 'second@x.example'] },
    { userName: 'one@x.example', emails: ['two.mail@x.example'] },
    { userName: 'guard@x.example' },
    { userName: 'scim@x.example' },
    { userName: 'other.scim', emails: ['scim@x.example'] },
    { userName: 'gone@x.example' },
    { userName: 'again', emails: ['gone@x.example'], externalId: 'g' },
    { userName: 'gone@x.example', externalId: 'somebody else' },
    { userName: 'name@x.example', emails: ['name.again@x.example'] },
    { userName: 'OTHER', emails: ['third@x.example'] },
    { userName: 'New@x.example' },
    { userName: 'newer@x.example', emails: ['new.mail@x.example'] },
  ];
  const preview = async (people: readonly object[]): Promise<Json[]> =>
    (await data(tenant, PREVIEW, { people })).adoptionPreview as Json[];

  it('says of each who it would be, in the words of the rules, and changes nothing', async () => {
    const before = await historyOfTenant(tenant);
    const shown = (await preview(PEOPLE)).map(({ outcome, matchedBy, user }) => [outcome, matchedBy, user?.scimId]);
    expect(shown).to.deep.equal([
      ['NEW', null, undefined],
      ['ADOPTED', 'USER_NAME', ids.name],
      ['ADOPTED', 'EMAIL', ids.mail],
      ['AMBIGUOUS', null, ids.two],
      ['PROTECTED', null, ids.guard],
      ['MANAGED', null, ids.scim],
      ['MANAGED', null, ids.scim],
      ['REVIVED', null, ids.gone],
      ['MANAGED', null, ids.gone],
      ['MANAGED', null, ids.gone],
      ['MANAGED', null, ids.name],
      ['MANAGED', null, ids.mail],
      ['MANAGED', null, undefined],
      ['MANAGED', null, undefined],
    ]);
    expect(await historyOfTenant(tenant)).to.deep.equal(before);
  });

  it('says the same as provisioning then does', async () => {
    const own = await aTenant();
    await local(own, { userName: 'name@x.example' });
    await local(own, { userName: 'mail', email: 'mail@x.example' });
    await local(own, { userName: 'one@x.example' });
    await local(own, { userName: 'two', email: 'two.mail@x.example' });
    await local(own, { userName: 'guard@x.example', protected: true });
    await person(own, { userName: 'scim@x.example', emails: undefined });
    const gone = await person(own, { userName: 'gone@x.example', emails: undefined, externalId: 'g' });
    await own.scim('DELETE', `/Users/${gone.id}`);
    const told = (await data(own, PREVIEW, { people: PEOPLE })).adoptionPreview as Json[];
    for (const [index, { userName, emails, externalId }] of PEOPLE.entries()) {
      const sent = aUser({ userName, externalId, emails: emails?.map((value) => ({ value })) });
      const { status, body } = await own.scim('POST', '/Users', sent);
      const { outcome, user, explanation } = told[index];
      expect(status, `${userName} ${outcome}`).to.equal(
        ['NEW', 'ADOPTED', 'REVIVED'].includes(outcome as string) ? 201 : 409,
      );
      if (['ADOPTED', 'REVIVED'].includes(outcome as string)) expect(body.id).to.equal(user.scimId);
      if (status === 409) expect(body.detail).to.equal(explanation);
    }
  });

  it('takes a thousand people at a time', async () => {
    const people = Array.from({ length: 1001 }, (_, n) => ({ userName: `p${n}@x.example` }));
    expect(await preview(people.slice(1))).to.have.length(1000);
    expect(await codes(tenant, PREVIEW, { people })).to.deep.equal(['BAD_USER_INPUT']);
    expect(await codes(tenant, PREVIEW, { people: [{ userName: ' ' }] })).to.deep.equal(['BAD_USER_INPUT']);
  });

  it('knows nobody of another tenant', async () => {
    const other = await aTenant();
    const { adoptionPreview } = await data(other, PREVIEW, { people: PEOPLE.slice(0, 9) });
    const made = 'NEW NEW NEW NEW NEW NEW MANAGED NEW MANAGED';
    expect(each(adoptionPreview, 'outcome')).to.deep.equal(made.split(' '));
    expect(new Set(each(adoptionPreview, 'user'))).to.deep.equal(new Set([null]));
  });

  it('is for administrators', async () => {
    for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
      expect(await codes(tenant, PREVIEW, { people: PEOPLE }, role)).to.deep.equal(['FORBIDDEN']);
    }
  });
});

describe('releasing from management', () => {
  const release = async (tenant: TestTenant, input: object): Promise<Json> =>
    (await data(tenant, RELEASE, { input })).releaseFromManagement;
  const stop = (tenant: TestTenant) => data(tenant, SWITCH, { on: false });
  const origins = async (tenant: TestTenant) => {
    const query = '{ users { nodes { origin externalId } } groups { nodes { origin } } }';
    const { users, groups } = await data(tenant, query);
    return [...(users.nodes as Json[]), ...(groups.nodes as Json[])].map(({ origin }) => origin as string);
  };

  it('waits until provisioning has stopped', async () => {
    const tenant = await aTenant();
    await person(tenant);
    expect(await release(tenant, { all: true })).to.deep.equal({
      releasedUsers: null,
      releasedGroups: null,
      userErrors: [{ field: null, code: 'NOT_NOW' }],
    });
    expect(await origins(tenant)).to.deep.equal(['SCIM']);
  });

  it('makes one person and one group SpeakUp’s own, with history, and passes over the rest', async () => {
    const tenant = await aTenant();
    const [mine, other] = [await person(tenant, { externalId: 'e-1', title: 'Baker' }), await person(tenant)];
    const team = await group(tenant, 'Team', [mine.id]);
    const stranger = await person(await aTenant());
    await stop(tenant);
    const users = [mine.id, stranger.id].map((id) => globalId('User', id as string));
    const input = { users, groups: [globalId('Group', team.id)] };
    expect(await release(tenant, input)).to.deep.equal({ releasedUsers: 1, releasedGroups: 1, userErrors: [] });
    expect(await release(tenant, input)).to.deep.include({ releasedUsers: 0, releasedGroups: 0 });
    const query = 'query ($by: UserKey!) { user(by: $by) { origin externalId title groups { totalCount } } }';
    expect((await data(tenant, query, { by: { scimId: mine.id } })).user).to.deep.equal({
      origin: 'SPEAKUP',
      externalId: null,
      title: 'Baker',
      groups: { totalCount: 1 },
    });
    expect((await data(tenant, query, { by: { scimId: other.id } })).user.origin).to.equal('SCIM');
    const record = (await historyOf(tenant, mine.id as string)).at(-1);
    expect(record).to.deep.include({
      kind: 'RELEASED',
      actor_kind: 'PERSON',
      changes: { origin: { before: 'SCIM', after: 'SPEAKUP' }, externalId: { before: 'e-1', after: null } },
    });
    expect((await historyOf(tenant, team.id as string)).at(-1)).to.include({ kind: 'RELEASED' });
  });

  it('makes everybody SpeakUp’s own; who is deleted stays so; a new first cycle takes people over again', async () => {
    const tenant = await aTenant();
    const people = [await person(tenant, { userName: 'back@x.example' }), await person(tenant)];
    const gone = await person(tenant);
    await tenant.scim('DELETE', `/Users/${gone.id}`);
    await group(tenant, 'Team', [people[0].id]);
    await stop(tenant);
    expect(await release(tenant, { all: true })).to.deep.equal({ releasedUsers: 2, releasedGroups: 1, userErrors: [] });
    expect(await origins(tenant)).to.deep.equal(['SPEAKUP', 'SPEAKUP', 'SPEAKUP']);
    const title = `mutation ($id: ID!) { updateUser(input: { id: $id, title: "Free" }) { user { title } } }`;
    const { updateUser } = await data(tenant, title, { id: globalId('User', people[0].id as string) });
    expect(updateUser.user).to.deep.equal({ title: 'Free' });
    await data(tenant, SWITCH, { on: true });
    await sleep(600);
    const again = await person(tenant, { userName: 'back@x.example', emails: undefined });
    expect(again).to.include({ id: people[0].id, title: 'Free' });
  });

  it('tells what is wrong with the input, and is for administrators', async () => {
    const tenant = await aTenant();
    const id = globalId('User', (await person(tenant)).id as string);
    await stop(tenant);
    const cases: [object, string, string][] = [
      [{ all: true, users: [id] }, 'all', 'INVALID'],
      [{ users: ['nonsense'] }, 'users', 'NOT_FOUND'],
      [{ groups: [id] }, 'groups', 'NOT_FOUND'],
      [{ users: Array<string>(1001).fill(id) }, 'users', 'INVALID'],
    ];
    for (const [input, field, code] of cases) {
      expect((await release(tenant, input)).userErrors).to.deep.equal([{ field: [field], code }]);
    }
    for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
      expect(await codes(tenant, RELEASE, { input: { all: true } }, role)).to.deep.equal(['FORBIDDEN']);
    }
    expect(await origins(tenant)).to.deep.equal(['SCIM']);
  });
});
