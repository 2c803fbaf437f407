import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codes, data, globalId, group, person, reportsTo } from './asking.js';

const ROLES: readonly Role[] = ['FRONTEND', 'ANALYST', 'ADMIN'];

describe('tenants in GraphQL', () => {
  let mine: TestTenant;
  let theirs: TestTenant;
  let stranger: string;
  let strangers: string;
  before(async () => {
    mine = await aTenant();
    theirs = await aTenant();
    stranger = (await person(theirs, { userName: 'same@fabriek.example', externalId: 'same' })).id;
    strangers = (await group(theirs, 'Same', [stranger])).id;
    await person(mine, { userName: 'mine@fabriek.example', ...reportsTo(stranger) });
    await group(mine, 'Mine');
  });

  it('I5: answer another tenant’s person and group exactly like unknown ones, whatever the key and role', async () => {
    const unknown = '00000000-0000-7000-8000-000000000000';
    for (const role of ROLES) {
      for (const [user, team] of [
        [stranger, strangers],
        [unknown, unknown],
      ] as const) {
        const answer = await mine.graphql(
          `query ($user: ID!, $group: ID!, $a: UUID!, $b: UUID!) {
            a: node(id: $user) { id } b: node(id: $group) { id } c: user(by: { id: $user }) { id } d: user(by: { scimId: $a }) { id }
            e: group(by: { id: $group }) { id } f: group(by: { scimId: $b }) { id }
            g: user(by: { userName: "same@fabriek.example" }) { id } h: user(by: { email: "same@fabriek.example" }) { id }
            i: user(by: { externalId: "same" }) { id } j: group(by: { displayName: "Same" }) { id }
            k: users(where: { id: { in: [$user] } }) { totalCount nodes { id } } l: groups(where: { id: { eq: $group } }) { totalCount nodes { id } } }`,
          { user: globalId('User', user), group: globalId('Group', team), a: user, b: team },
          { role },
        );
        const nobody = Object.fromEntries('abcdefghij'.split('').map((name) => [name, null]));
        const none = { totalCount: 0, nodes: [] };
        expect(answer.body.data).to.deep.equal({ ...nobody, k: none, l: none });
        expect(answer.body.errors).to.equal(undefined);
      }
    }
  });

  it('show their own people and groups only', async () => {
    for (const role of ROLES) {
      const query = '{ users { totalCount nodes { userName } } groups { totalCount nodes { displayName } } }';
      expect(await data(mine, query, undefined, role)).to.deep.equal({
        users: { totalCount: 1, nodes: [{ userName: 'mine@fabriek.example' }] },
        groups: { totalCount: 1, nodes: [{ displayName: 'Mine' }] },
      });
    }
  });

  it('do not resolve a manager of another tenant', async () => {
    const query =
      '{ user(by: { userName: "mine@fabriek.example" }) { manager { id } managerReference { value resolved } } }';
    expect((await data(mine, query)).user).to.deep.equal({
      manager: null,
      managerReference: { value: stranger, resolved: false },
    });
  });

  it('do not take each other’s people as members', async () => {
    const query =
      'mutation ($members: [ID!]) { createGroup(input: { displayName: "New", members: $members }) { userErrors { code } } }';
    const { createGroup } = await data(mine, query, { members: [globalId('User', stranger)] });
    expect(createGroup.userErrors).to.deep.equal([{ code: 'NOT_FOUND' }]);
  });

  it('I6: do not take each other’s cursors, nor an analyst those of the same list with deleted people', async () => {
    const { users } = await data(theirs, '{ users { edges { cursor } } }');
    const query = 'query ($after: String) { users(after: $after) { nodes { id } } }';
    for (const role of ROLES) {
      expect(await codes(mine, query, { after: users.edges[0].cursor }, role)).to.deep.equal(['CURSOR_INVALID']);
      expect(await codes(theirs, query, { after: users.edges[0].cursor }, role)).to.deep.equal([]);
    }
    const all = (await data(theirs, '{ users(includeDeleted: true) { edges { cursor } } }')).users.edges[0].cursor;
    expect(await codes(theirs, query, { after: all }, 'ANALYST')).to.deep.equal(['CURSOR_INVALID']);
  });
});
