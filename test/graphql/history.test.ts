import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { aGroup, patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person } from './asking.js';

const CHANGE = `id at kind resourceType resourceId requestId actor { kind name appIntegration { clientId } user { userName } }
  attributes { attribute before after } membersAdded { count ids } membersRemoved { count ids } resource { id }`;
const OF_USER = `query ($id: UUID!, $where: ChangeWhere) { user(by: { scimId: $id }, includeDeleted: true) {
  history(where: $where) { totalCount nodes { ${CHANGE} } } } }`;
const OF_GROUP = `query ($id: UUID!, $where: ChangeWhere, $first: Int, $after: String) { group(by: { scimId: $id }) {
  history(where: $where, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ${CHANGE} } } } }`;
const OF_TENANT = `query ($where: ChangeWhere, $first: Int, $after: String) { history(where: $where, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { ${CHANGE} } } }`;

describe('history in GraphQL', () => {
  let tenant: TestTenant;
  let mara: Json;
  let team: Json;
  let between: string;
  const patch = (path: string, ...operations: object[]) => tenant.scim('PATCH', path, patchOf(...operations));
  const ofUser = async (id: string, where?: object): Promise<Json> =>
    (await data(tenant, OF_USER, { id, where })).user.history;
  const ofTenant = async (where?: object): Promise<Json> => (await data(tenant, OF_TENANT, { where })).history;

  before(async () => {
    tenant = await aTenant();
    mara = await person(tenant, { userName: 'mara.vos@fabriek.example', title: 'Inkoper' });
    await patch(`/Users/${mara.id}`, { op: 'replace', path: 'title', value: 'Hoofd inkoop' });
    between = new Date().toISOString();
    await patch(`/Users/${mara.id}`, { op: 'replace', path: 'active', value: false });
    team = await group(tenant, 'Kade', [mara.id]);
  });

  it('of a person tells what changed, newest first, with before and after', async () => {
    const { nodes, totalCount } = await ofUser(mara.id);
    expect(totalCount).to.equal(3);
    expect(each(nodes, 'kind')).to.deep.equal(['DEACTIVATED', 'CHANGED', 'CREATED']);
    expect(nodes[1]).to.deep.include({
      resourceType: 'USER',
      resourceId: mara.id,
      resource: { id: globalId('User', mara.id) },
      attributes: [{ attribute: 'title', before: 'Inkoper', after: 'Hoofd inkoop' }],
      membersAdded: null,
      membersRemoved: null,
    });
    const set = Object.fromEntries((nodes[2].attributes as Json[]).map(({ attribute, after }) => [attribute, after]));
    expect(set).to.include({ userName: 'mara.vos@fabriek.example', title: 'Inkoper' });
    expect(set.emails).to.be.an('array');
  });

  it('names who made a change: an app integration, a person, SpeakUp itself', async () => {
    const [byIntegration] = (await ofUser(mara.id)).nodes;
    expect(byIntegration.actor).to.deep.equal({
      kind: 'INTEGRATION',
      name: 'Entra ID',
      appIntegration: { clientId: tenant.clientId },
      user: null,
    });
    const boss = await person(tenant, { userName: 'boss@fabriek.example', displayName: 'Bo Baas' });
    const create = 'mutation ($name: String!) { createGroup(input: { displayName: $name }) { userErrors { code } } }';
    await tenant.graphql(create, { name: 'By Bo' }, { role: 'ADMIN', userId: boss.id });
    await tenant.graphql(create, { name: 'By nobody' });
    const byPeople = (await ofTenant({ actor: 'PERSON' })).nodes;
    expect(each<Json>(byPeople, 'actor')).to.deep.equal([
      { kind: 'PERSON', name: 'An administrator', appIntegration: null, user: null },
      { kind: 'PERSON', name: 'Bo Baas', appIntegration: null, user: { userName: 'boss@fabriek.example' } },
    ]);
    expect((await ofTenant({ person: boss.id })).totalCount).to.equal(1);
    const bySystem = (await ofTenant({ actor: 'SYSTEM' })).nodes;
    expect(each<Json>(bySystem, 'actor')[0]).to.include({ kind: 'SYSTEM', name: 'SpeakUp' });
    expect(each(bySystem, 'resourceType')).to.include.members(['TENANT', 'INTEGRATION']);
  });

  it('has the id of the request', async () => {
    const { headers } = await patch(`/Users/${mara.id}`, { op: 'replace', path: 'nickName', value: 'Maartje' });
    const [{ requestId, attributes }] = (await ofUser(mara.id)).nodes;
    expect(requestId).to.equal(headers.get('X-Request-Id'));
    expect(attributes).to.deep.equal([{ attribute: 'nickName', before: null, after: 'Maartje' }]);
  });

  it('of a group tells who came and who left', async () => {
    const other = await person(tenant);
    await patch(
      `/Groups/${team.id}`,
      { op: 'add', path: 'members', value: [{ value: other.id }] },
      { op: 'remove', path: `members[value eq "${mara.id}"]` },
    );
    const { group: found } = await data(tenant, OF_GROUP, { id: team.id });
    expect(found.history.nodes[0]).to.deep.include({
      kind: 'CHANGED',
      attributes: [],
      membersAdded: { count: 1, ids: [other.id] },
      membersRemoved: { count: 1, ids: [mara.id] },
    });
    expect(found.history.nodes[1]).to.deep.include({ kind: 'CREATED', membersAdded: { count: 1, ids: [mara.id] } });
  });

  it('finds by kind and time', async () => {
    expect((await ofUser(mara.id, { kind: { eq: 'DEACTIVATED' } })).totalCount).to.equal(1);
    expect(each((await ofUser(mara.id, { at: { lt: between } })).nodes, 'kind')).to.deep.equal(['CHANGED', 'CREATED']);
    const kinds = each((await ofTenant({ kind: { in: ['DEACTIVATED', 'SECRET_ADDED'] } })).nodes, 'kind');
    expect(kinds).to.deep.equal(['DEACTIVATED', 'SECRET_ADDED']);
    expect((await ofTenant({ kind: { eq: 'DEACTIVATED', in: ['CREATED'] } })).totalCount).to.equal(0);
    expect((await ofTenant({ appIntegration: tenant.clientId, kind: { eq: 'DEACTIVATED' } })).totalCount).to.equal(1);
    expect((await ofTenant({ appIntegration: mara.id })).totalCount).to.equal(0);
  });

  it('outlives a person who was deleted, and a group', async () => {
    const { id } = await person(tenant);
    const { body } = await tenant.scim('POST', '/Groups', aGroup({ displayName: 'Kort' }));
    await tenant.scim('DELETE', `/Users/${id}`);
    await tenant.scim('DELETE', `/Groups/${body.id}`);
    expect(each((await ofUser(id)).nodes, 'kind')).to.deep.equal(['DELETED', 'CREATED']);
    const deleted = (await ofTenant({ kind: { eq: 'DELETED' } })).nodes;
    expect(each(deleted, 'resourceType')).to.deep.equal(['GROUP', 'USER']);
    expect(each<Json>(deleted, 'resource')).to.deep.equal([null, { id: globalId('User', id) }]);
  });

  for (const [of, query, list] of [
    ['the tenant', OF_TENANT, (answer: Json): Json => answer.history],
    ['a group', OF_GROUP, (answer: Json): Json => answer.group.history],
  ] as const) {
    it(`of ${of} pages by cursor without repeating or missing`, async () => {
      const { id } = team;
      const all = each(list(await data(tenant, query, { id, first: 100 })).nodes, 'id');
      const walked: string[] = [];
      for (let after: string | undefined, more = true; more;) {
        const { nodes, pageInfo } = list(await data(tenant, query, { id, first: 1, after }));
        walked.push(...each(nodes, 'id'));
        after = pageInfo.endCursor as string;
        more = pageInfo.hasNextPage as boolean;
      }
      expect(walked).to.deep.equal(all);
      expect(new Set(walked).size).to.equal(all.length);
    });
  }

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`is refused to ${role}`, async () => {
      for (const query of [
        '{ history { totalCount } }',
        '{ users { nodes { history { totalCount } } } }',
        '{ groups { nodes { history { nodes { id } } } } }',
      ]) {
        expect(new Set(await codes(tenant, query, {}, role)), query).to.deep.equal(new Set(['FORBIDDEN']));
      }
    });
  }

  it('has nothing of another tenant', async () => {
    const stranger = await aTenant();
    const { history } = await data(stranger, OF_TENANT);
    expect(new Set(each(history.nodes, 'resourceType'))).to.deep.equal(new Set(['TENANT', 'INTEGRATION']));
    for (const where of [{ appIntegration: tenant.clientId }, { person: mara.id }]) {
      expect((await data(stranger, OF_TENANT, { where })).history.totalCount).to.equal(0);
    }
    expect((await data(stranger, OF_USER, { id: mara.id })).user).to.equal(null);
  });
});
