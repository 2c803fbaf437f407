import { expect } from 'chai';
import { Client } from 'pg';
import { patchOf } from '../support/builders.js';
import { withOwnerUrl } from '../support/owner.js';
import { aTenant, tokenOf, type Json, type TestTenant } from '../support/tenant.js';
import { data, each, globalId, group, person } from './asking.js';

const CREATE_USER = `mutation ($input: CreateUserInput!) { createUser(input: $input) {
  user { id scimId userName displayName email origin status title department name { givenName familyName } groups { totalCount } }
  userErrors { field message code } } }`;
const CREATE_GROUP = `mutation ($input: CreateGroupInput!) { createGroup(input: $input) {
  group { scimId displayName origin memberCount members { nodes { userName } } } userErrors { field message code } } }`;
const CREATE_INTEGRATION = `mutation ($input: CreateAppIntegrationInput!) { createAppIntegration(input: $input) {
  appIntegration { clientId name usersAndGroups issues compatibility } clientSecret secretExpiresAt tokenEndpoint tenantUrl
  exampleTokenRequest userErrors { field message code } } }`;

describe('mutations in GraphQL', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });
  const createUser = async (input: object): Promise<Json> => (await data(tenant, CREATE_USER, { input })).createUser;
  const createGroup = async (input: object): Promise<Json> => (await data(tenant, CREATE_GROUP, { input })).createGroup;
  const errors = ({ userErrors }: Json) =>
    (userErrors as { field: string[] | null; code: string }[]).map(({ field, code }) => [
      field?.join('.') ?? null,
      code,
    ]);

  it('makes a person of origin SPEAKUP, whom SCIM sees', async () => {
    const input = {
      userName: ' lokaal@fabriek.example ',
      displayName: 'Lo Kaal',
      givenName: 'Lo',
      familyName: 'Kaal',
      email: 'Lo@fabriek.example',
      title: '  ',
      department: 'Receptie',
    };
    const { user, userErrors } = await createUser(input);
    expect(userErrors).to.deep.equal([]);
    expect(user).to.deep.include({
      userName: 'lokaal@fabriek.example',
      displayName: 'Lo Kaal',
      email: 'Lo@fabriek.example',
      origin: 'SPEAKUP',
      status: 'ACTIVE',
      title: null,
      department: 'Receptie',
      name: { givenName: 'Lo', familyName: 'Kaal' },
      groups: { totalCount: 0 },
    });
    const { body } = await tenant.scim('GET', `/Users/${user.scimId}`);
    expect(body).to.deep.include({
      userName: 'lokaal@fabriek.example',
      emails: [{ value: 'Lo@fabriek.example', type: 'work', primary: true }],
    });
  });

  it('makes a person who is adopted when SCIM sends them', async () => {
    const { user } = await createUser({ userName: 'adopt@fabriek.example' });
    const adopted = await person(tenant, { userName: 'adopt@fabriek.example' });
    expect(adopted.id).to.equal(user.scimId);
  });

  it('makes a person who is not active', async () => {
    const { user } = await createUser({ userName: 'later@fabriek.example', active: false });
    expect(user.status).to.equal('DEACTIVATED');
  });

  it('names the field that is taken: userName or e-mail address, SCIM’s or our own, in any case', async () => {
    await person(tenant, { userName: 'scim@fabriek.example', emails: [{ value: 'scim.mail@fabriek.example' }] });
    await createUser({ userName: 'own@fabriek.example', email: 'own.mail@fabriek.example' });
    const taken = async (input: object) => {
      const payload = await createUser(input);
      expect(payload.user).to.equal(null);
      return errors(payload);
    };
    expect(await taken({ userName: 'SCIM@fabriek.example' })).to.deep.equal([['userName', 'TAKEN']]);
    expect(await taken({ userName: 'own@fabriek.example' })).to.deep.equal([['userName', 'TAKEN']]);
    expect(await taken({ userName: 'new', email: 'scim.MAIL@fabriek.example' })).to.deep.equal([['email', 'TAKEN']]);
    expect(await taken({ userName: 'new', email: 'own.mail@fabriek.example' })).to.deep.equal([['email', 'TAKEN']]);
    expect(await taken({ userName: 'own.mail@fabriek.example' }), 'crosswise').to.deep.equal([['userName', 'TAKEN']]);
    const { users } = await data(tenant, '{ users(where: { userName: { startsWith: "own" } }) { nodes { origin } } }');
    expect(users.nodes).to.deep.equal([{ origin: 'SPEAKUP' }]);
  });

  it('makes one person of two requests at the same moment', async () => {
    const input = { userName: 'race@fabriek.example', email: 'race.mail@fabriek.example' };
    const payloads = await Promise.all(Array.from({ length: 6 }, () => createUser(input)));
    expect(payloads.filter(({ user }) => user !== null)).to.have.length(1);
    expect(payloads.filter(({ userErrors }) => userErrors[0]?.code === 'TAKEN')).to.have.length(5);
  });

  it('tells what is wrong with a person', async () => {
    const cases: [object, string, string][] = [
      [{ userName: '   ' }, 'userName', 'BLANK'],
      [{ userName: 'ok', email: 'not an address' }, 'email', 'INVALID'],
      [{ userName: 'ok', title: 'x'.repeat(501) }, 'title', 'INVALID'],
      [{ userName: 'o\0k' }, 'userName', 'INVALID'],
      [{ userName: 'ok', familyName: '\ud800' }, 'familyName', 'INVALID'],
    ];
    for (const [input, field, code] of cases) expect(errors(await createUser(input))).to.deep.equal([[field, code]]);
    expect(errors(await createUser({ userName: 'long', title: 'x'.repeat(500) }))).to.deep.equal([]);
  });

  it('makes a group with members, and shows it as it is after', async () => {
    const people = await Promise.all([person(tenant), person(tenant)]);
    const members = people.map(({ id }) => globalId('User', id));
    const made = await createGroup({ displayName: 'Local', members });
    expect(made.userErrors).to.deep.equal([]);
    expect(made.group).to.deep.include({ displayName: 'Local', origin: 'SPEAKUP', memberCount: 2 });
    expect(each(made.group.members.nodes, 'userName')).to.have.members(people.map(({ userName }) => userName));
    expect(errors(await createGroup({ displayName: 'LOCAL' }))).to.deep.equal([['displayName', 'TAKEN']]);
  });

  it('tells what is wrong with a group', async () => {
    const other = await aTenant();
    const stranger = globalId('User', (await person(other)).id);
    const { id } = await group(tenant, 'Inner');
    const gone = await person(tenant);
    await tenant.scim('DELETE', `/Users/${gone.id}`);
    const cases: [object, string, string][] = [
      [{ displayName: ' ' }, 'displayName', 'BLANK'],
      [{ displayName: 'x'.repeat(501) }, 'displayName', 'INVALID'],
      [{ displayName: 'New', members: [stranger] }, 'members', 'NOT_FOUND'],
      [{ displayName: 'New', members: [globalId('Group', id)] }, 'members', 'NOT_FOUND'],
      [{ displayName: 'New', members: [globalId('User', id)] }, 'members', 'NOT_FOUND'],
      [{ displayName: 'New', members: [globalId('User', gone.id)] }, 'members', 'NOT_FOUND'],
      [{ displayName: 'New', members: ['rubbish'] }, 'members', 'NOT_FOUND'],
    ];
    for (const [input, field, code] of cases) expect(errors(await createGroup(input))).to.deep.equal([[field, code]]);
    expect((await data(tenant, '{ group(by: { displayName: "New" }) { id } }')).group).to.equal(null);
  });

  it('makes one group of two requests at the same moment', async () => {
    const payloads = await Promise.all(Array.from({ length: 6 }, () => createGroup({ displayName: 'Race' })));
    expect(payloads.filter((payload) => payload.group !== null)).to.have.length(1);
    expect(payloads.flatMap(errors).map(([, code]) => code)).to.deep.equal(Array(5).fill('TAKEN'));
  });

  it('makes an app integration that can fetch a token and provision at once', async () => {
    const input = { name: 'Entra', usersAndGroups: 'FULL' };
    const made = (await data(tenant, CREATE_INTEGRATION, { input })).createAppIntegration;
    const { url } = tenant.server;
    const { clientId } = made.appIntegration;
    expect(made.appIntegration).to.deep.include({
      name: 'Entra',
      usersAndGroups: 'FULL',
      issues: 'NONE',
      compatibility: 'ENTRA',
    });
    expect(made).to.include({ tokenEndpoint: `${url}/oauth2/token`, tenantUrl: `${url}/scim/v2` });
    expect(made.exampleTokenRequest).to.equal(
      `curl ${url}/oauth2/token -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${made.clientSecret}`,
    );
    expect(Date.parse(made.secretExpiresAt) - Date.now()).to.be.closeTo(2 * 365.25 * 86_400_000, 2 * 86_400_000);
    const token = await tokenOf(url, { clientId, clientSecret: made.clientSecret });
    const { status } = await tenant.scim('GET', '/Users', undefined, { Authorization: `Bearer ${token}` });
    expect(status).to.equal(200);
  });

  it('tells what is wrong with an app integration', async () => {
    const cases: [object, string, string][] = [
      [{ name: ' ', usersAndGroups: 'FULL' }, 'name', 'BLANK'],
      [{ name: 'x'.repeat(501), usersAndGroups: 'FULL' }, 'name', 'INVALID'],
      [{ name: 'Entra', usersAndGroups: 'FULL', secretYears: 4 }, 'secretYears', 'INVALID'],
      [{ name: 'Entra', usersAndGroups: 'FULL', secretYears: 0 }, 'secretYears', 'INVALID'],
    ];
    for (const [input, field, code] of cases) {
      const payload = (await data(tenant, CREATE_INTEGRATION, { input })).createAppIntegration;
      expect(errors(payload)).to.deep.equal([[field, code]]);
      expect(payload.clientSecret).to.equal(null);
    }
  });

  it('runs several mutations in order, each answer showing the state after it', async () => {
    const { id } = await person(tenant);
    const answer = await data(
      tenant,
      `mutation ($members: [ID!]) {
        a: createGroup(input: { displayName: "Order A", members: $members }) { group { members { nodes { groups { totalCount } } } } }
        b: createGroup(input: { displayName: "Order B", members: $members }) { group { members { nodes { groups { totalCount } } } } } }`,
      { members: [globalId('User', id)] },
    );
    expect(answer.a.group.members.nodes).to.deep.equal([{ groups: { totalCount: 1 } }]);
    expect(answer.b.group.members.nodes).to.deep.equal([{ groups: { totalCount: 2 } }]);
  });

  it('leaves what SCIM manages to SCIM: a person is not edited by being created again', async () => {
    const { id, userName } = await person(tenant, { title: 'Kept' });
    await tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false }));
    expect(errors(await createUser({ userName, title: 'Changed' }))).to.deep.equal([['userName', 'TAKEN']]);
    const { body } = await tenant.scim('GET', `/Users/${id}`);
    expect(body).to.include({ title: 'Kept', active: false });
  });

  it('writes history in the name of the person who did it', async () => {
    const admin = await person(tenant);
    const { body } = await tenant.graphql(
      CREATE_USER,
      { input: { userName: 'history@fabriek.example' } },
      { userId: admin.id },
    );
    expect(body.data.createUser.userErrors).to.deep.equal([]);
    const sql = 'select kind, actor_kind, actor_id from change_record where tenant_id = $1 and resource_id = $2';
    const records = await withOwnerUrl(async (url) => {
      const client = new Client(url);
      await client.connect();
      const { rows } = await client.query(sql, [tenant.tenant.id, body.data.createUser.user.scimId]);
      await client.end();
      return rows;
    });
    expect(records).to.deep.equal([{ kind: 'CREATED', actor_kind: 'PERSON', actor_id: admin.id }]);
  });
});
