import { expect } from 'chai';
import { patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, person, reportsTo } from './asking.js';
import { sentWhile } from './sending.js';

const MANAGER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';

// anna > bram > cato, dirk; anna > eva; fien > gijs > fien (a circle), gijs > hans > ian; jan > jan.
const MANAGERS = {
  anna: '',
  bram: 'anna',
  cato: 'bram',
  dirk: 'bram',
  eva: 'anna',
  fien: '',
  gijs: 'fien',
  hans: 'gijs',
  ian: 'hans',
  jan: 'jan@x.example',
};

describe('who reports to whom in GraphQL', () => {
  let tenant: TestTenant;
  const ids: Record<string, string> = {};
  before(async () => {
    tenant = await aTenant();
    for (const [name, manager] of Object.entries(MANAGERS)) {
      const reference = manager ? reportsTo(ids[manager] ?? manager) : {};
      ids[name] = (await person(tenant, { userName: `${name}@x.example`, displayName: name, ...reference })).id;
    }
    await tenant.scim('PATCH', `/Users/${ids.fien}`, patchOf({ op: 'replace', path: MANAGER, value: ids.gijs }));
    await tenant.scim('PATCH', `/Users/${ids.dirk}`, patchOf({ op: 'replace', path: 'active', value: false }));
    const gone = await person(tenant, { userName: 'gone@x.example', ...reportsTo(ids.bram ?? '') });
    await tenant.scim('DELETE', `/Users/${gone.id}`);
  });

  const user = async (name: string, fields: string): Promise<Json> =>
    (
      await data(
        tenant,
        `query ($name: String) { user(by: { userName: $name }) { ${fields} } }`,
        { name: `${name}@x.example` },
        'ANALYST',
      )
    ).user;
  const chain = async (name: string, args = '') => {
    const { managerChain } = await user(name, `managerChain${args} { nodes { displayName } cycle truncated }`);
    return [each(managerChain.nodes, 'displayName').join(' '), managerChain.cycle, managerChain.truncated];
  };

  it('show the managers above a person, the direct one first', async () => {
    expect(await chain('cato')).to.deep.equal(['bram anna', false, false]);
    expect(await chain('anna')).to.deep.equal(['', false, false]);
  });

  it('S15: stop at a circle and say so', async () => {
    expect(await chain('ian')).to.deep.equal(['hans gijs fien', true, false]);
    expect(await chain('gijs')).to.deep.equal(['fien', true, false]);
    expect(await chain('jan')).to.deep.equal(['', true, false]);
  });

  it('stop where enough was read and say so', async () => {
    expect(await chain('cato', '(atMost: 1)')).to.deep.equal(['bram', false, true]);
    expect(await chain('cato', '(atMost: 2)')).to.deep.equal(['bram anna', false, false]);
    expect(await chain('ian', '(atMost: 2)')).to.deep.equal(['hans gijs', false, true]);
    expect(await chain('ian', '(atMost: 3)')).to.deep.equal(['hans gijs fien', true, false]);
    for (const atMost of [0, 51])
      expect(await codes(tenant, `{ users { nodes { managerChain(atMost: ${atMost}) { cycle } } } }`)).to.include(
        'BAD_USER_INPUT',
      );
    expect(await chain('cato', '(atMost: 50)')).to.deep.equal(['bram anna', false, false]);
  });

  it('show everybody below a person, by name, page by page', async () => {
    const { allReports } = await user('anna', 'allReports { totalCount nodes { displayName } }');
    expect(allReports.totalCount).to.equal(4);
    expect(each(allReports.nodes, 'displayName').join(' ')).to.equal('bram cato dirk eva');
    const first = (
      await user('anna', 'allReports(first: 3) { nodes { displayName } pageInfo { hasNextPage endCursor } }')
    ).allReports;
    expect(first.pageInfo.hasNextPage).to.equal(true);
    const { endCursor } = first.pageInfo;
    const next = (
      await user(
        'anna',
        `allReports(first: 3, after: "${endCursor}") { nodes { displayName } pageInfo { hasNextPage } }`,
      )
    ).allReports;
    expect(next).to.deep.equal({ nodes: [{ displayName: 'eva' }], pageInfo: { hasNextPage: false } });
    expect(
      await codes(
        tenant,
        `{ user(by: { userName: "fien@x.example" }) { allReports(after: "${endCursor}") { nodes { id } } } }`,
      ),
    ).to.deep.equal(['CURSOR_INVALID']);
  });

  it('show those below that fit a condition, and those in a circle without the person', async () => {
    const where = 'where: { active: true, manager: { displayName: { eq: "bram" } } }';
    const { allReports } = await user('anna', `allReports(${where}) { totalCount nodes { displayName } }`);
    expect(allReports).to.deep.equal({ totalCount: 1, nodes: [{ displayName: 'cato' }] });
    const inCircle = (await user('fien', 'allReports { totalCount nodes { displayName } }')).allReports;
    expect([inCircle.totalCount, each(inCircle.nodes, 'displayName').join(' ')]).to.deep.equal([3, 'gijs hans ian']);
    expect(await user('jan', 'allReports { totalCount } directReports { totalCount }')).to.deep.equal({
      allReports: { totalCount: 0 },
      directReports: { totalCount: 1 },
    });
  });

  it('are found as those below somebody: in every order, in both directions, with conditions', async () => {
    const below = (name: string, more = '') =>
      `where: { and: [{ reportsTo: { userName: "${name}@x.example" } }${more}] }`;
    const asked = async (args: string) => {
      const { users } = await data(tenant, `{ users(${args}) { totalCount nodes { displayName } } }`, {}, 'ANALYST');
      return [each(users.nodes, 'displayName').join(' '), users.totalCount];
    };
    expect(await asked(below('anna'))).to.deep.equal(['bram cato dirk eva', 4]);
    expect(await asked(`${below('anna')}, last: 2`)).to.deep.equal(['dirk eva', 4]);
    const byName = (direction: string) => `orderBy: [{ field: DISPLAY_NAME, direction: ${direction} }]`;
    expect(await asked(`${below('anna')}, ${byName('DESC')}, first: 3`)).to.deep.equal(['eva dirk cato', 4]);
    const byUserName = 'orderBy: [{ field: USER_NAME, direction: DESC }]';
    expect(await asked(`${below('anna')}, ${byUserName}, first: 3`)).to.deep.equal(['eva dirk cato', 4]);
    expect(await asked(below('anna', ', { displayName: { contains: "r" } }'))).to.deep.equal(['bram dirk', 2]);
    expect(await asked(below('fien'))).to.deep.equal(['gijs hans ian', 3]);
    expect(await asked(below('nobody'))).to.deep.equal(['', 0]);
  });

  it('are below one of several who have the key asked for, each of them once', async () => {
    const number = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber';
    for (const name of ['anna', 'bram', 'fien', 'gijs'])
      await tenant.scim('PATCH', `/Users/${ids[name]}`, patchOf({ op: 'replace', path: number, value: 'E-2' }));
    const { users } = await data(
      tenant,
      '{ users(where: { reportsTo: { employeeNumber: "E-2" } }) { totalCount nodes { displayName } } }',
      {},
      'ANALYST',
    );
    expect(each(users.nodes, 'displayName').join(' ')).to.equal('bram cato dirk eva fien gijs hans ian');
    expect(users.totalCount).to.equal(8);
  });

  it('count them directly, at any distance, and by levels', async () => {
    const span = async (name: string) => (await user(name, 'span { direct total depth }')).span;
    expect(await span('anna')).to.deep.equal({ direct: 2, total: 4, depth: 2 });
    expect(await span('bram')).to.deep.equal({ direct: 2, total: 2, depth: 1 });
    expect(await span('cato')).to.deep.equal({ direct: 0, total: 0, depth: 0 });
    expect(await span('fien')).to.deep.equal({ direct: 1, total: 3, depth: 3 });
    expect(await span('jan')).to.deep.equal({ direct: 0, total: 0, depth: 0 });
  });

  it('take one statement for each field of a page of people, and one for the people', async () => {
    const query = `{ users { nodes { span { total } managerChain { cycle nodes { displayName } } manager { displayName }
      allReports(first: 2) { totalCount nodes { displayName } } } } }`;
    await data(tenant, '{ viewer { kind } }');
    const sent = await sentWhile(() => data(tenant, query));
    // begin, users, spans, chains, managers, then those above them, reports, totals of reports, commit
    expect(sent, sent.map(({ text }) => text).join('\n\n')).to.have.length.at.most(9);
  });

  it('cost as many people as are asked for', async () => {
    const cost = async (query: string) => (await tenant.graphql(query)).body.extensions.cost.requested;
    const one = (fields: string) => `{ user(by: { userName: "anna@x.example" }) { ${fields} } }`;
    expect(await cost(one('managerChain(atMost: 40) { nodes { manager { id } } }'))).to.equal(1 + 1 + 40 * 2);
    expect(await cost(one('managerChain { cycle }'))).to.equal(2);
    expect(await cost(one('span { total }'))).to.equal(2);
  });
});
