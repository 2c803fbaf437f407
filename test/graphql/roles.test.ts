import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { patchOf } from '../support/builders.js';
import { aTenant, tokenOf, type Json, type TestTenant } from '../support/tenant.js';
import { codes, codesOf, data, each, globalId, group, person, post, reportsTo } from './asking.js';

const EVERYTHING = `{ viewer { kind role tenant user { userName } appIntegration }
  users(first: 10, where: { or: [{ email: { contains: "@" } }, { userName: { startsWith: "p" } }] }) { totalCount nodes {
    userName email manager { userName } managerReference { value } directReports(first: 10) { totalCount nodes { id } }
    groups(first: 10) { totalCount nodes { displayName memberCount members(first: 10) { totalCount nodes { id } } } } } }
  groups { totalCount nodes { displayName } } }`;

const MUTATIONS = {
  createUser: 'mutation { createUser(input: { userName: "by.role@fabriek.example" }) { userErrors { code } } }',
  createGroup: 'mutation { createGroup(input: { displayName: "By role" }) { userErrors { code } } }',
  createAppIntegration:
    'mutation { createAppIntegration(input: { name: "By role", usersAndGroups: FULL }) { clientSecret userErrors { code } } }',
};

describe('the roles of GraphQL', () => {
  let tenant: TestTenant;
  let deleted: Json;
  before(async () => {
    tenant = await aTenant();
    const boss = await person(tenant);
    const report = await person(tenant, reportsTo(boss.id));
    await group(tenant, 'Team', [boss.id, report.id]);
    deleted = await person(tenant, { userName: 'gone@fabriek.example', emails: [{ value: 'gone@fabriek.example' }] });
    await tenant.scim('DELETE', `/Users/${deleted.id}`);
  });

  for (const role of ['FRONTEND', 'ANALYST', 'ADMIN'] satisfies Role[]) {
    it(`lets ${role} read people, groups and what connects them`, async () => {
      const answer = await data(tenant, EVERYTHING, undefined, role);
      expect(answer.viewer).to.deep.equal({
        kind: 'PERSON',
        role,
        tenant: tenant.tenant.slug,
        user: null,
        appIntegration: null,
      });
      expect(answer.users.totalCount).to.equal(2);
      expect(answer.users.nodes[0].groups.nodes[0]).to.include({ displayName: 'Team', memberCount: 2 });
      expect(answer.groups.totalCount).to.equal(1);
    });
  }

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    for (const [name, mutation] of Object.entries(MUTATIONS)) {
      it(`G8: refuses ${role} to ${name}`, async () => {
        expect(await codes(tenant, mutation, undefined, role)).to.deep.equal(['FORBIDDEN']);
      });
    }

    it(`refuses ${role} to see deleted people`, async () => {
      const asked = [
        'includeDeleted: true',
        'where: { status: { eq: DELETED } }',
        'where: { not: { status: { in: [DELETED] } } }',
      ];
      for (const args of asked) {
        expect(await codes(tenant, `{ users(${args}) { totalCount } }`, undefined, role), args).to.deep.equal([
          'FORBIDDEN',
        ]);
      }
      expect(
        await codes(tenant, '{ user(by: { userName: "x" }, includeDeleted: true) { id } }', undefined, role),
      ).to.deep.equal(['FORBIDDEN']);
    });
  }

  it('shows deleted people to an administrator who asks, and only then', async () => {
    const by = { scimId: deleted.id };
    const one = 'query ($by: UserKey!, $all: Boolean!) { user(by: $by, includeDeleted: $all) { status email } }';
    expect((await data(tenant, one, { by, all: false })).user).to.equal(null);
    expect((await data(tenant, one, { by, all: true })).user).to.deep.equal({
      status: 'DELETED',
      email: 'gone@fabriek.example',
    });
    const names = async (args: string) =>
      each((await data(tenant, `{ users${args} { nodes { userName } } }`)).users.nodes, 'userName');
    expect(await names('')).not.to.include('gone@fabriek.example');
    expect(await names('(includeDeleted: true)'))
      .to.include('gone@fabriek.example')
      .and.have.length(3);
    expect(await names('(where: { status: { eq: DELETED } })')).to.deep.equal(['gone@fabriek.example']);
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    expect((await data(tenant, node, { id: globalId('User', deleted.id) })).node).to.equal(null);
  });

  it('takes an app integration as an analyst, also one that may write by SCIM', async () => {
    const bearer = { Authorization: `Bearer ${tenant.token}` };
    const { body } = await post(tenant, { query: EVERYTHING }, bearer);
    expect(body.errors).to.equal(undefined);
    expect(body.data.viewer).to.include({ kind: 'APP_INTEGRATION', role: 'ANALYST', appIntegration: 'Entra ID' });
    expect(body.data.users.totalCount).to.equal(2);
    for (const query of Object.values(MUTATIONS)) {
      expect(codesOf((await post(tenant, { query }, bearer)).body)).to.deep.equal(['FORBIDDEN']);
    }
  });

  it('refuses an app integration without access to users and groups', async () => {
    const token = await tokenOf(
      tenant.server.url,
      await tenant.integration({ usersAndGroups: 'NONE', issues: 'ACCESS' }),
    );
    const { status, body } = await post(tenant, { query: '{ viewer { kind } }' }, { Authorization: `Bearer ${token}` });
    expect(status).to.equal(403);
    expect(codesOf(body)).to.deep.equal(['FORBIDDEN']);
  });

  it('answers 401 without a token and with a bad one, before anything is read', async () => {
    for (const headers of [{}, { Authorization: 'Bearer nonsense' }]) {
      const { status, body, headers: answered } = await post(tenant, '{"query":', headers as Record<string, string>);
      expect(status).to.equal(401);
      expect(answered.get('WWW-Authenticate')).to.match(/^Bearer/);
      expect(codesOf(body)).to.deep.equal(['UNAUTHENTICATED']);
      expect(body.errors[0].extensions.requestId).to.equal(answered.get('X-Request-Id'));
    }
  });

  it('refuses a person who is not active any more', async () => {
    const { id } = await person(tenant);
    const token = await tenant.personToken({ role: 'FRONTEND', userId: id });
    await tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false }));
    const { status } = await post(tenant, { query: '{ viewer { kind } }' }, { Authorization: `Bearer ${token}` });
    expect(status).to.equal(401);
  });

  it('shows a person themselves as viewer', async () => {
    const { id, userName } = await person(tenant);
    const { body } = await tenant.graphql(
      '{ viewer { role user { userName } } }',
      {},
      { role: 'FRONTEND', userId: id },
    );
    expect(body.data.viewer).to.deep.equal({ role: 'FRONTEND', user: { userName } });
  });

  it('answers whatever the switch of SCIM provisioning says', async () => {
    const other = await aTenant();
    await other.server.deps.db.pool.query('update tenant set provisioning_enabled = false where id = $1', [
      other.tenant.id,
    ]);
    const { status } = await other.graphql('{ users { totalCount } }');
    expect(status).to.equal(200);
  });
});
