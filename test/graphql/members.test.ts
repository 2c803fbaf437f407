import { expect } from 'chai';
import { patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { data, each, globalId, group, person } from './asking.js';
import { sentWhile } from './sending.js';

const ENTRA = { kind: 'APP_INTEGRATION', appIntegration: 'Entra ID', user: null };
const QUERY = `query ($name: String, $after: String) { group(by: { displayName: $name }) { members(after: $after) { totalCount
  edges { cursor addedAt addedBy { kind appIntegration user { userName } } node { displayName } } } } }`;

describe('the members of a group in GraphQL', () => {
  let tenant: TestTenant;
  let ids: string[];
  before(async () => {
    tenant = await aTenant();
    const people = await Promise.all(['Ann', 'Bo', 'Cy'].map((displayName) => person(tenant, { displayName })));
    ids = people.map(({ id }) => id as string);
  });
  const members = async (name: string, role?: 'FRONTEND' | 'ANALYST'): Promise<Json> =>
    (await data(tenant, QUERY, { name }, role)).group.members;

  it('say since when each is in it, and which app integration put the person there', async () => {
    const before = Date.now();
    const { id } = await group(tenant, 'Buyers', ids.slice(0, 1));
    const between = Date.now();
    await tenant.scim(
      'PATCH',
      `/Groups/${id}`,
      patchOf({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }),
    );
    const { edges, totalCount } = await members('Buyers');
    const times = new Map((edges as Json[]).map((edge) => [edge.node.displayName, Date.parse(edge.addedAt)]));
    expect([...times.keys()].sort()).to.deep.equal(['Ann', 'Bo', 'Cy']);
    // Who was there already stays there since then.
    expect(times.get('Ann')).to.be.within(before, between);
    expect(times.get('Bo')).to.be.within(between, Date.now());
    expect(each(edges, 'addedBy')).to.deep.equal([ENTRA, ENTRA, ENTRA]);
    expect(totalCount).to.equal(3);
    const after = (await data(tenant, QUERY, { name: 'Buyers', after: edges[0].cursor })).group.members;
    expect(each(after.edges, 'node')).to.deep.equal(each(edges.slice(1), 'node'));
  });

  it('tell the name of an app integration to administrators only', async () => {
    for (const role of ['FRONTEND', 'ANALYST'] as const)
      expect((await members('Buyers', role)).edges[0].addedBy).to.deep.equal({ ...ENTRA, appIntegration: null });
  });

  it('say which person put them there, deleted since or not', async () => {
    const admin = await person(tenant, { userName: 'beheer@x.example' });
    const create = async (displayName: string, caller: object) => {
      const query = 'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { userErrors { message } } }';
      const input = { displayName, members: [globalId('User', ids[0] ?? '')] };
      const { body } = await tenant.graphql(query, { input }, caller);
      expect(body.data.createGroup.userErrors).to.deep.equal([]);
    };
    await create('By hand', { userId: admin.id });
    await create('By somebody', {});
    for (const role of ['ANALYST', undefined] as const) {
      expect((await members('By hand', role)).edges[0].addedBy).to.deep.equal({
        kind: 'PERSON',
        appIntegration: null,
        user: { userName: 'beheer@x.example' },
      });
      expect((await members('By somebody', role)).edges[0].addedBy).to.equal(null);
    }
    await tenant.scim('DELETE', `/Users/${admin.id}`);
    for (const role of ['ANALYST', undefined] as const)
      expect((await members('By hand', role)).edges[0].addedBy).to.deep.equal({
        kind: 'PERSON',
        appIntegration: null,
        user: null,
      });
  });

  it('take one statement to say it of all of them, and none where nobody asks', async () => {
    const counted = async (fields: string) =>
      (await sentWhile(() => data(tenant, `{ groups { nodes { members { ${fields} } } } }`))).map(({ text }) => text);
    const without = await counted('edges { addedAt node { id } }');
    const withAll = await counted('edges { addedAt addedBy { kind appIntegration } node { id } }');
    expect(withAll, withAll.join('\n\n')).to.have.length(without.length + 1);
  });
});
