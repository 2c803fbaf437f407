import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { historyOf } from '../scim/records.js';
import { aUser, patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, globalId, person } from './asking.js';

const ERRORS = 'userErrors { field code }';
const USER = `user { userName email emails { value type primary } displayName title department status active protected
  origin name { givenName familyName } }`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { ${USER} ${ERRORS} } }`;
const one = (name: string) => `mutation ($input: UserInput!) { ${name}(input: $input) { ${USER} ${ERRORS} } }`;
const MUTATIONS = {
  updateUser: [UPDATE, { title: 'Changed' }],
  deactivateUser: [one('deactivateUser'), {}],
  reactivateUser: [one('reactivateUser'), {}],
} as const;
type Name = keyof typeof MUTATIONS;

describe('people made in SpeakUp', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });
  const local = async (input: object): Promise<string> => {
    const query = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { scimId } ${ERRORS} } }`;
    const { user, userErrors } = (await data(tenant, query, { input })).createUser;
    expect(userErrors).to.deep.equal([]);
    return user.scimId as string;
  };
  const run = async (name: Name, id: string, input: object = {}): Promise<Json> =>
    (await data(tenant, MUTATIONS[name][0], { input: { id: globalId('User', id), ...input } }))[name];
  const errors = ({ userErrors }: Json) => (userErrors as Json[]).map(({ field, code }) => [field, code] as unknown);

  it('are changed: what is named is set, null and blank unassign, the rest stays', async () => {
    const id = await local({
      userName: 'ada@fabriek.example',
      displayName: 'Ada',
      givenName: 'Ada',
      familyName: 'Bakker',
      title: 'Baker',
      department: 'Ovens',
    });
    const { user, userErrors } = await run('updateUser', id, { familyName: 'Smit', title: '  ', department: null });
    expect(userErrors).to.deep.equal([]);
    expect(user).to.deep.include({
      userName: 'ada@fabriek.example',
      displayName: 'Ada',
      title: null,
      department: null,
      origin: 'SPEAKUP',
      name: { givenName: 'Ada', familyName: 'Smit' },
    });
    const bare = await run('updateUser', id, { givenName: null, familyName: '' });
    expect(bare.user.name).to.equal(null);
    const renamed = await run('updateUser', id, { userName: 'ada.smit@fabriek.example' });
    expect(renamed.user.userName).to.equal('ada.smit@fabriek.example');
    const found = await tenant.scim('GET', '/Users?filter=userName%20eq%20%22ADA.SMIT@fabriek.example%22');
    expect(found.body.Resources[0].id).to.equal(id);
    const [, changed] = await historyOf(tenant, id);
    expect(changed).to.include({ kind: 'CHANGED', actor_kind: 'PERSON' });
    expect(changed.changes.department).to.deep.equal({ before: 'Ovens', after: null });
    await run('updateUser', id, { userName: 'ada.smit@fabriek.example' });
    expect(await historyOf(tenant, id), 'no change, no record').to.have.length(4);
  });

  it('get another address in place of the one they are matched by', async () => {
    const id = await local({ userName: 'bo', email: 'bo@fabriek.example' });
    const given = await run('updateUser', id, { email: 'bo.new@fabriek.example' });
    expect(given.user).to.deep.include({
      email: 'bo.new@fabriek.example',
      emails: [{ value: 'bo.new@fabriek.example', type: 'work', primary: true }],
    });
    const { user } = await run('updateUser', id, { email: null });
    expect([user.email, user.emails]).to.deep.equal([null, []]);
    const again = await run('updateUser', id, { email: 'bo@fabriek.example' });
    expect(again.user.email).to.equal('bo@fabriek.example');
    const adopted = await person(tenant, { userName: 'bo2', emails: [{ value: 'BO@fabriek.example' }] });
    expect(adopted.id).to.equal(id);
  });

  it('tell what is wrong with a change, by field', async () => {
    await person(tenant, { userName: 'scim@fabriek.example', emails: [{ value: 'scim.mail@fabriek.example' }] });
    const id = await local({ userName: 'cas@fabriek.example' });
    const cases: [object, string, string][] = [
      [{ userName: ' ' }, 'userName', 'BLANK'],
      [{ userName: null }, 'userName', 'BLANK'],
      [{ email: 'nonsense' }, 'email', 'INVALID'],
      [{ title: 'x'.repeat(501) }, 'title', 'INVALID'],
      [{ userName: 'SCIM@fabriek.example' }, 'userName', 'TAKEN'],
      [{ userName: 'scim.mail@fabriek.example' }, 'userName', 'TAKEN'],
      [{ email: 'scim.MAIL@fabriek.example' }, 'email', 'TAKEN'],
    ];
    for (const [input, field, code] of cases) {
      const payload = await run('updateUser', id, input);
      expect([payload.user, ...errors(payload)], JSON.stringify(input)).to.deep.equal([null, [[field], code]]);
    }
    expect((await historyOf(tenant, id)).length).to.equal(1);
  });

  it('are deactivated and reactivated, with everything kept', async () => {
    const id = await local({ userName: 'dirk@fabriek.example', title: 'Baker' });
    const off = await run('deactivateUser', id);
    expect(off.user).to.include({ status: 'DEACTIVATED', active: false, title: 'Baker' });
    expect((await run('reactivateUser', id)).user).to.include({ status: 'ACTIVE', active: true });
    const kinds = (await historyOf(tenant, id)).map(({ kind }) => kind as string);
    expect(kinds).to.deep.equal(['CREATED', 'DEACTIVATED', 'REACTIVATED']);
  });

  it('are protected from provisioning as long as an administrator says so, also from the first day', async () => {
    const id = await local({ userName: 'eva@fabriek.example' });
    const body = aUser({ userName: 'eva@fabriek.example', emails: undefined });
    expect((await run('updateUser', id, { protected: true })).user.protected).to.equal(true);
    expect((await tenant.scim('POST', '/Users', body)).status).to.equal(409);
    expect((await run('deactivateUser', id)).user.protected, 'kept by another change').to.equal(true);
    const [, first] = await historyOf(tenant, id);
    expect(first.changes).to.deep.equal({ protected: { before: false, after: true } });
    expect((await run('updateUser', id, { protected: false })).user.protected).to.equal(false);
    expect((await tenant.scim('POST', '/Users', body)).status).to.equal(201);

    await local({ userName: 'guard@fabriek.example', protected: true });
    const guard = aUser({ userName: 'guard@fabriek.example', emails: undefined });
    expect((await tenant.scim('POST', '/Users', guard)).status).to.equal(409);
  });

  it('are not those of the identity provider, which are edited there', async () => {
    const { id, meta } = await person(tenant, { title: 'Kept' });
    for (const name of Object.keys(MUTATIONS) as Name[]) {
      expect(await run(name, id, MUTATIONS[name][1]), name).to.deep.equal({
        user: null,
        userErrors: [{ field: null, code: 'MANAGED_BY_SCIM' }],
      });
    }
    const { body } = await tenant.scim('GET', `/Users/${id}`);
    expect([body.title, body.active, body.meta.version]).to.deep.equal(['Kept', true, meta.version]);
  });

  it('of another tenant, deleted ones and groups are like nobody', async () => {
    const other = await aTenant();
    const gone = await person(tenant);
    await tenant.scim('DELETE', `/Users/${gone.id}`);
    for (const name of Object.keys(MUTATIONS) as Name[]) {
      for (const id of [(await person(other)).id, gone.id, '00000000-0000-7000-8000-000000000000'] as string[]) {
        expect(errors(await run(name, id, MUTATIONS[name][1]))).to.deep.equal([[['id'], 'NOT_FOUND']]);
      }
      const input = { id: 'nonsense', ...MUTATIONS[name][1] };
      expect(errors((await data(tenant, MUTATIONS[name][0], { input }))[name])).to.deep.equal([[['id'], 'NOT_FOUND']]);
    }
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`are not changed by ${role}`, async () => {
      const id = globalId('User', await local({ userName: `${role}@fabriek.example` }));
      for (const [query, input] of Object.values(MUTATIONS)) {
        expect(await codes(tenant, query, { input: { id, ...input } }, role)).to.deep.equal(['FORBIDDEN']);
      }
    });
  }

  it('keep their protection through what provisioning does around them', async () => {
    const id = await local({ userName: 'flo@fabriek.example', protected: true });
    const patched = await tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'title', value: 'x' }));
    expect(patched.status).to.equal(409);
    const { user } = await data(tenant, '{ user(by: { userName: "flo@fabriek.example" }) { protected title } }');
    expect(user).to.deep.equal({ protected: true, title: null });
  });
});
