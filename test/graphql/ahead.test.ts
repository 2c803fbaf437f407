import { expect } from 'chai';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codesOf, data, group, person, reportsTo } from './asking.js';
import { sentWhile } from './sending.js';

/** What is read ahead for a page; `%` are arguments of its groups and reports. */
const FIELDS = `userName manager { userName title manager { userName } }
  groups% { totalCount pageInfo { hasNextPage } nodes { displayName } edges { node { displayName } } }
  directReports% { totalCount pageInfo { hasNextPage } nodes { userName groups { totalCount } } }`;

describe('what the rows of a page need, read before they are shown', function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    const top = await person(tenant, { title: 'Top' });
    const heads = await Promise.all([1, 2, 3].map(() => person(tenant, { title: 'Head', ...reportsTo(top.id) })));
    const people = await Promise.all(
      Array.from({ length: 12 }, (_, n) => person(tenant, reportsTo(heads[n % 3]?.id as string))),
    );
    for (const [n, members] of [people, people.slice(3), heads].entries())
      await group(
        tenant,
        `Group ${n}`,
        members.map(({ id }) => id as string),
      );
  });
  const sent = async (query: string, variables?: Record<string, unknown>) => {
    await data(tenant, '{ viewer { kind } }');
    return (await sentWhile(() => data(tenant, query, variables))).map(({ text }) => text);
  };

  for (const args of ['', '(first: 2)', '(last: 1)', '(orderBy: { field: CREATED_AT, direction: DESC })'])
    it(`is what each of them says alone: ${args || 'no arguments'}`, async () => {
      const fields = FIELDS.replaceAll('%', args);
      const { users } = await data(
        tenant,
        `{ users(first: 20) { nodes { id ${fields} } edges { node { id ${fields} } } } }`,
      );
      expect(users.nodes).to.have.length(16);
      expect((users.edges as { node: Json }[]).map(({ node }) => node)).to.deep.equal(users.nodes);
      for (const { id, ...shown } of users.nodes as Json[]) {
        const { user } = await data(tenant, `query ($id: ID!) { user(by: { id: $id }) { ${fields} } }`, { id });
        expect(user).to.deep.equal(shown);
      }
    });

  it('has cursors that go on in the list of that one person', async () => {
    const { users } = await data(tenant, '{ users { nodes { id groups(first: 1) { pageInfo { endCursor } } } } }');
    const going = users.nodes.filter(({ groups }: Json) => groups.pageInfo.endCursor) as Json[];
    const next = `query ($id: ID!, $after: String) { user(by: { id: $id }) {
      groups(first: 1, after: $after) { nodes { displayName } } } }`;
    const rest = going.map(async ({ id, groups }) => {
      const { user } = await data(tenant, next, { id, after: groups.pageInfo.endCursor });
      return (user.groups.nodes as Json[]).map(({ displayName }) => displayName as string).join();
    });
    expect((await Promise.all(rest)).filter((name) => name === 'Group 1')).to.have.length(9);
    const foreign = { id: going[0]?.id as string, after: going[1]?.groups.pageInfo.endCursor as string };
    expect(codesOf((await tenant.graphql(next, foreign)).body)).to.deep.equal(['CURSOR_INVALID']);
  });

  it('takes one statement for all lists of a level, not one for each', async () => {
    const query =
      '{ groups(first: 5) { nodes { members(first: 20) { nodes { userName manager { userName } groups(first: 5) { nodes { id } } } } } } }';
    const texts = await sent(query);
    // begin, groups, members, managers, groups of members, commit
    expect(texts, texts.join('\n\n')).to.have.length(6);
  });

  it('is one statement for a field that is asked for twice, and one for each that differs', async () => {
    const page = (within: string) => sent(`{ users { nodes { ${within} } } }`);
    expect(await page('groups { nodes { id } } ... on User { groups { nodes { displayName } } }')).to.have.length(4);
    expect(await page('manager { userName } ... on Node { ... on User { manager { title } } }')).to.have.length(4);
    expect(await page('a: groups(first: 1) { nodes { id } } b: groups(first: 2) { nodes { id } }')).to.have.length(5);
  });

  it('is not read where it is not wanted', async () => {
    const query = `query ($wanted: Boolean!) { users { nodes { id
      manager @include(if: $wanted) { userName } groups @skip(if: true) { nodes { id } } } } }`;
    expect(await sent(query, { wanted: false })).to.have.length(3);
    expect(await sent(query, { wanted: true })).to.have.length(4);
    const counts = await sent('{ users { nodes { groups { totalCount } } } }');
    expect(counts).to.have.length(4);
    expect(counts[2]).to.match(/count/);
  });

  it('refuses what the field itself refuses, at its place', async () => {
    const { body } = await tenant.graphql('{ users(first: 1) { nodes { id groups(first: 900) { nodes { id } } } } }');
    expect(codesOf(body)).to.deep.equal(['BAD_USER_INPUT']);
    expect(body.errors[0].path).to.deep.equal(['users', 'nodes', 0, 'groups']);
  });
});
