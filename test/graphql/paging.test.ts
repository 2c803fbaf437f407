import { expect } from 'chai';
import { ENTERPRISE_USER } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person } from './asking.js';

const PEOPLE = 120;
const FIELDS = `DISPLAY_NAME USER_NAME EMAIL TITLE DEPARTMENT DIVISION COST_CENTER EMPLOYEE_NUMBER CREATED_AT UPDATED_AT`;

/** Texts with every trouble of an order: unassigned, equal, equal but for case, beyond ASCII. */
const troubled = (n: number): string | undefined =>
  [undefined, 'alpha', 'Alpha', 'ALPHA', 'Ωmega', 'émile', `z${n % 7}`][n % 7];

describe('paging in GraphQL', function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  let ids: string[];
  let team: string;
  before(async () => {
    tenant = await aTenant();
    const boss = await person(tenant, { displayName: 'Boss' });
    const others = await Promise.all(
      Array.from({ length: PEOPLE - 1 }, (_, n) =>
        person(tenant, {
          displayName: troubled(n),
          title: troubled(n + 1),
          [ENTERPRISE_USER]: {
            department: troubled(n + 2),
            division: troubled(n + 3),
            costCenter: troubled(n + 4),
            employeeNumber: troubled(n + 5),
            manager: { value: boss.id },
          },
        }),
      ),
    );
    ids = [boss, ...others].map(({ id }) => id as string);
    team = (await group(tenant, 'Everybody', ids)).id;
  });

  /** Every page of a list forward or backward: the SCIM ids as they come. */
  async function walk(args: Record<string, unknown>, size: number, back = false): Promise<string[]> {
    const query = `query ($orderBy: [UserOrder!], $where: UserWhere, $first: Int, $after: String, $last: Int, $before: String) {
      users(orderBy: $orderBy, where: $where, first: $first, after: $after, last: $last, before: $before) {
        nodes { scimId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = back ? { last: size, before: cursor } : { first: size, after: cursor };
      const { users } = await data(tenant, query, { ...args, ...page });
      const found = each(users.nodes, 'scimId');
      if (back) seen.unshift(...found);
      else seen.push(...found);
      cursor = back ? users.pageInfo.startCursor : users.pageInfo.endCursor;
      more = back ? users.pageInfo.hasPreviousPage : users.pageInfo.hasNextPage;
    }
    return seen;
  }

  for (const field of FIELDS.split(' ')) {
    it(`walks through everybody by ${field}, once each, either way and from either end`, async () => {
      const up = await walk({ orderBy: [{ field }] }, 17);
      expect(up).to.have.length(PEOPLE);
      expect([...up].sort()).to.deep.equal([...ids].sort());
      expect(await walk({ orderBy: [{ field }] }, 50, true)).to.deep.equal(up);
      const down = await walk({ orderBy: [{ field, direction: 'DESC' }] }, 50);
      expect(down).to.deep.equal([...up].reverse());
      expect(await walk({ orderBy: [{ field, direction: 'DESC' }] }, 17, true)).to.deep.equal(down);
    });
  }

  it('walks through everybody by several fields of different directions', async () => {
    const orderBy = [
      { field: 'DEPARTMENT', direction: 'DESC' },
      { field: 'TITLE' },
      { field: 'DISPLAY_NAME', direction: 'DESC' },
    ];
    const whole = await walk({ orderBy }, 200);
    expect([...whole].sort()).to.deep.equal([...ids].sort());
    expect(await walk({ orderBy }, 7)).to.deep.equal(whole);
    expect(await walk({ orderBy }, 7, true)).to.deep.equal(whole);
  });

  it('sorts by display name without case, the nameless last', async () => {
    const { users } = await data(tenant, '{ users(first: 200) { nodes { displayName } } }');
    const names = each<string | null>(users.nodes, 'displayName');
    const named = names.filter((name): name is string => name !== null);
    expect(names.slice(named.length).every((name) => name === null)).to.equal(true);
    const folded = named.map((name) => name.toLowerCase());
    expect(folded).to.deep.equal([...folded].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  });

  it('keeps to the where while it walks, and counts what it selects', async () => {
    const where = { title: { eq: 'alpha' } };
    const { users } = await data(tenant, 'query ($where: UserWhere) { users(where: $where) { totalCount } }', {
      where,
    });
    const seen = await walk({ where }, 7);
    expect(seen).to.have.length(users.totalCount).and.have.length.above(40);
    expect(new Set(seen).size).to.equal(seen.length);
  });

  it('misses and repeats nobody who did not change while others come and go', async () => {
    const query =
      'query ($after: String) { users(first: 40, after: $after, orderBy: [{ field: USER_NAME }]) { nodes { scimId } pageInfo { endCursor hasNextPage } } }';
    const first = (await data(tenant, query)).users;
    const early = await person(tenant, { userName: '0.early@fabriek.example' });
    await tenant.scim('DELETE', `/Users/${first.nodes[3].scimId}`);
    const rest = [];
    for (let page = first; page.pageInfo.hasNextPage;) {
      page = (await data(tenant, query, { after: page.pageInfo.endCursor })).users;
      rest.push(...each(page.nodes, 'scimId'));
    }
    const seen = [...each(first.nodes, 'scimId'), ...rest];
    expect(new Set(seen).size).to.equal(PEOPLE);
    expect(seen).not.to.include(early.id);
    ids = [...ids.filter((id) => id !== first.nodes[3].scimId), early.id];
  });

  it('pages through members and reports of one, and says how many there are', async () => {
    const query = `query ($id: ID!, $after: String) { node(id: $id) { ... on Group {
      members(first: 50, after: $after) { totalCount nodes { scimId } pageInfo { endCursor hasNextPage } } } } }`;
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const { members } = (await data(tenant, query, { id: globalId('Group', team), after })).node;
      expect(members.totalCount).to.equal(PEOPLE - 1);
      seen.push(...each(members.nodes, 'scimId'));
      after = members.pageInfo.endCursor;
      more = members.pageInfo.hasNextPage;
    }
    expect(seen).to.have.length(PEOPLE - 1);
    expect(new Set(seen).size).to.equal(PEOPLE - 1);
  });

  it('says what precedes and follows a page', async () => {
    const query = `query ($after: String) { users(first: 2, after: $after) {
      edges { cursor node { scimId } } nodes { scimId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const { users } = await data(tenant, query);
    expect(users.pageInfo).to.include({ hasNextPage: true, hasPreviousPage: false });
    expect(each(users.edges, 'node')).to.deep.equal(users.nodes);
    const after = users.edges[0].cursor;
    const next = (await data(tenant, query, { after })).users;
    expect(next.nodes[0]).to.deep.equal(users.nodes[1]);
    expect(next.pageInfo.hasPreviousPage).to.equal(true);
  });

  it('answers an empty page where nobody is', async () => {
    const { users } = await data(
      tenant,
      '{ users(where: { userName: { eq: "nobody" } }) { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
    );
    expect(users).to.deep.equal({
      totalCount: 0,
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('answers 50 unless asked, 200 at most, and refuses 0 and 201', async () => {
    expect((await data(tenant, '{ users { nodes { id } } }')).users.nodes).to.have.length(50);
    expect((await data(tenant, '{ users(first: 200) { nodes { id } } }')).users.nodes).to.have.length(PEOPLE);
    for (const args of ['first: 0', 'first: 201', 'last: 0', 'last: 201', 'first: -1', 'first: 1, last: 1']) {
      expect(await codes(tenant, `{ users(${args}) { nodes { id } } }`), args).to.deep.equal(['BAD_USER_INPUT']);
    }
  });

  describe('cursors', () => {
    const cursorOf = async (list: string): Promise<string> =>
      (await data(tenant, `{ ${list} { pageInfo { endCursor } } }`))[list.split('(')[0] ?? ''].pageInfo.endCursor;
    const refused = async (query: string, cursor: string) =>
      expect(await codes(tenant, query.replace('CURSOR', cursor)), query).to.deep.equal(['CURSOR_INVALID']);

    it('are refused when they are altered or made up', async () => {
      const cursor = await cursorOf('users(first: 1)');
      const query = '{ users(first: 1, after: "CURSOR") { nodes { id } } }';
      const other = cursor.at(-1) === 'A' ? 'Q' : 'A';
      for (const altered of [
        `${cursor.slice(0, -1)}${other}`,
        `B${cursor.slice(1)}`,
        cursor.slice(4),
        '',
        'x',
        'A'.repeat(9000),
      ]) {
        await refused(query, altered);
      }
    });

    it('are refused in another list: order, direction, where, field, deleted people', async () => {
      const cursor = await cursorOf('users(first: 1)');
      const others = [
        'orderBy: [{ field: USER_NAME }]',
        'where: { active: true }',
        'includeDeleted: true',
        'orderBy: [{ field: DISPLAY_NAME, direction: DESC }]',
      ];
      for (const args of others)
        await refused(`{ users(first: 1, ${args}, after: "CURSOR") { nodes { id } } }`, cursor);
      await refused('{ groups(first: 1, after: "CURSOR") { nodes { id } } }', cursor);
      await refused(
        '{ group(by: { displayName: "Everybody" }) { members(first: 1, after: "CURSOR") { nodes { id } } } }',
        cursor,
      );
      await refused('{ users(first: 1, after: "CURSOR") { nodes { id } } }', await cursorOf('groups(first: 1)'));
    });

    it('of one group’s members are refused for another group', async () => {
      await group(tenant, 'Others', ids.slice(0, 3));
      const of = (name: string, args: string) =>
        `{ group(by: { displayName: "${name}" }) { members(${args}) { pageInfo { endCursor } } } }`;
      const cursor = (await data(tenant, of('Everybody', 'first: 1'))).group.members.pageInfo.endCursor;
      await refused(of('Others', 'first: 1, after: "CURSOR"'), cursor);
      expect(await codes(tenant, of('Everybody', `first: 1, after: "${cursor}"`))).to.deep.equal([]);
    });

    it('of another tenant are refused', async () => {
      const other = await aTenant();
      await person(other);
      const cursor = (await data(other, '{ users(first: 1) { pageInfo { endCursor } } }')).users.pageInfo.endCursor;
      await refused('{ users(first: 1, after: "CURSOR") { nodes { id } } }', cursor);
    });

    it('do not show what they hold', async () => {
      const cursor = await cursorOf('users(first: 1, orderBy: [{ field: USER_NAME }])');
      expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.to.match(/fabriek|[0-9a-f]{8}-[0-9a-f]{4}/);
    });
  });
});
