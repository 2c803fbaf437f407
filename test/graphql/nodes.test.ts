import { expect } from 'chai';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codes, data, globalId, group, person } from './asking.js';
import { sentWhile } from './sending.js';

const QUERY = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on User { userName } } }';

describe('nodes in GraphQL', () => {
  let tenant: TestTenant;
  let anna: { id: string; userName: string };
  let team: string;
  before(async () => {
    tenant = await aTenant();
    anna = await person(tenant);
    team = globalId('Group', (await group(tenant, 'Team')).id);
  });

  it('fetches people and groups in the order of the ids, null where there is nothing', async () => {
    const gone = await person(tenant);
    await tenant.scim('DELETE', `/Users/${gone.id}`);
    const stranger = await person(await aTenant());
    const id = globalId('User', anna.id);
    const missing = ['rubbish', globalId('User', stranger.id), globalId('User', gone.id), globalId('Group', anna.id)];
    const { nodes } = await data(tenant, QUERY, { ids: [team, ...missing, id, team] }, 'FRONTEND');
    const group = { __typename: 'Group', id: team };
    const person_ = { __typename: 'User', id, userName: anna.userName };
    expect(nodes).to.deep.equal([group, null, null, null, null, person_, group]);
  });

  it('takes a hundred ids and refuses one more', async () => {
    const ids = (count: number) => Array.from({ length: count }, () => globalId('User', anna.id));
    expect(await codes(tenant, QUERY, { ids: ids(100) })).to.deep.equal([]);
    expect(await codes(tenant, QUERY, { ids: ids(101) })).to.deep.equal(['BAD_USER_INPUT']);
    expect((await data(tenant, QUERY, { ids: [] })).nodes).to.deep.equal([]);
  });

  it('asks once for all people and once for all groups, and costs each id', async () => {
    const people = await Promise.all([person(tenant), person(tenant)]);
    const ids = [...people.map(({ id }) => globalId('User', id)), team, globalId('Group', anna.id)];
    await data(tenant, '{ viewer { kind } }');
    const sent = await sentWhile(() => data(tenant, QUERY, { ids }));
    expect(sent).to.have.length(4);
    const { body } = await tenant.graphql(QUERY, { ids });
    expect(body.extensions.cost.requested).to.equal(4);
  });
});
