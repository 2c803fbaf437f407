import { expect } from 'chai';
import { DEEPEST, MOST_ALIASES, MOST_COST, MOST_DIRECTIVES, MOST_TOKENS } from '../../src/graphql/limits.js';
import { aTenant, send, type Json, type TestTenant } from '../support/tenant.js';
import { codes, codesOf, person, post } from './asking.js';

describe('the limits of GraphQL', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    await person(tenant);
  });
  const refused = async (query: string, code: string, variables?: Record<string, unknown>) => {
    const { status, body } = await tenant.graphql(query, variables);
    expect(codesOf(body), JSON.stringify(body.errors)).to.deep.equal([code]);
    expect(status).to.equal(400);
    expect(body.data).to.equal(undefined);
    return body.errors[0].message as string;
  };
  const answered = async (query: string, variables?: Record<string, unknown>) => {
    const { body } = await tenant.graphql(query, variables);
    expect(body.errors).to.equal(undefined);
    return body;
  };

  describe('depth', () => {
    /** users, nodes, then managers, then userName: `depth` fields below each other. */
    const deep = (depth: number) =>
      `{ users(first: 1) { nodes { ${'manager { '.repeat(depth - 3)} userName ${'} '.repeat(depth - 3)} } } }`;

    it(`G1: is ${DEEPEST} fields at most`, async () => {
      await answered(deep(DEEPEST));
      expect(await refused(deep(DEEPEST + 1), 'DEPTH_EXCEEDED')).to.include(`${DEEPEST + 1} fields deep`);
    });

    it('counts through fragments, named and inline', async () => {
      const rest = DEEPEST - 3;
      const named = (levels: number) =>
        `query { users(first: 1) { nodes { ...a } } } fragment a on User { ... on User { ${'manager { '.repeat(levels)} userName ${'} '.repeat(levels)} } }`;
      await answered(named(rest));
      await refused(named(rest + 1), 'DEPTH_EXCEEDED');
    });

    it('is that of the operation that runs', async () => {
      const query = `query shallow { viewer { kind } } query deep ${deep(DEEPEST + 1)}`;
      const bearer = { Authorization: `Bearer ${await tenant.personToken()}` };
      expect(codesOf((await post(tenant, { query, operationName: 'shallow' }, bearer)).body)).to.deep.equal([]);
      expect(codesOf((await post(tenant, { query, operationName: 'deep' }, bearer)).body)).to.deep.equal([
        'DEPTH_EXCEEDED',
      ]);
    });
  });

  it(`G1: lets ${MOST_ALIASES} aliases pass`, async () => {
    const query = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `a${n}: viewer { kind }`).join(' ')} }`;
    await answered(query(MOST_ALIASES));
    await refused(query(MOST_ALIASES + 1), 'COST_EXCEEDED');
  });

  it(`lets ${MOST_DIRECTIVES} directives pass, on whatever they are`, async () => {
    const query = (count: number) =>
      `{ viewer { ${'... @include(if: true) { kind @skip(if: false) } '.repeat(MOST_DIRECTIVES / 2)} ${count > MOST_DIRECTIVES ? 'role @include(if: true)' : ''} } }`;
    await answered(query(MOST_DIRECTIVES));
    expect(await refused(query(MOST_DIRECTIVES + 1), 'COST_EXCEEDED')).to.include(`${MOST_DIRECTIVES + 1} directives`);
  });

  it(`lets ${MOST_TOKENS} tokens pass`, async () => {
    // All but the ids are 20 tokens.
    const query = (count: number) => `{ users(where: { id: { in: [${'"x" '.repeat(count - 20)}] } }) { totalCount } }`;
    await answered(query(MOST_TOKENS));
    await refused(query(MOST_TOKENS + 1), 'COST_EXCEEDED');
  });

  it('lets 10000 values in variables pass, and charges for what many conditions cost each list that has them', async () => {
    const people = `query ($where: UserWhere) { users(where: $where) { totalCount } }`;
    const or = (count: number) => ({ where: { or: Array.from({ length: count }, () => ({})) } });
    const costOf = async (query: string, count: number) =>
      (await tenant.graphql(query, or(count))).body.extensions.cost.requested as number;
    expect(await costOf(people, 98)).to.equal(1);
    expect(await costOf(people, 99)).to.equal(3);
    const members = `query ($where: UserWhere) { groups(first: 10) { nodes { members(first: 1, where: $where) { nodes { id } } } } }`;
    expect((await costOf(members, 99)) - (await costOf(members, 98))).to.equal(20);
    // The body has three values more, and the object of the query is one.
    await answered(people, or(9_000));
    await refused(people, 'BAD_USER_INPUT', or(10_000));
  });

  it('says whose mistake it is where an operation cannot be run at all', async () => {
    const bearer = { Authorization: `Bearer ${await tenant.personToken({ role: 'FRONTEND' })}` };
    const codeOf = async (body: object) => codesOf((await post(tenant, body, bearer)).body);
    const query = 'subscription { __typename }';
    expect(await codeOf({ query })).to.deep.equal(['BAD_REQUEST']);
    const two = `query schema { __schema { __typename } } mutation other { __typename }`;
    expect(await codeOf({ query: two, operationName: 'other' })).to.deep.equal(['BAD_REQUEST']);
    const persisted = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    expect(await codeOf({ extensions: persisted })).to.deep.equal(['PERSISTED_QUERY_NOT_SUPPORTED']);
    const long = `{ analytics { flow(from: "0001-01-01T00:00:00+14:00", to: "0001-01-03T00:00:00Z", period: DAY) { start } } }`;
    expect(await codes(tenant, long)).to.deep.equal(['BAD_USER_INPUT']);
  });

  it('charges for a preview as for so many people', async () => {
    const query =
      'query ($people: [AdoptionCandidateInput!]!) { adoptionPreview(people: $people) { outcome user { id } } }';
    const people = Array.from({ length: 200 }, (_, n) => ({ userName: `p${n}@fabriek.example` }));
    const { body } = await tenant.graphql(query, { people });
    expect(body.extensions.cost.requested).to.equal(400);
  });

  it('tells the first mistake of variables with thousands, at once and in few words', async () => {
    const where = Object.fromEntries(Array.from({ length: 8000 }, (_, n) => [`key${n}`, n]));
    const query = 'query ($where: UserWhere) { users(where: $where) { totalCount } }';
    const began = performance.now();
    const message = await refused(query, 'BAD_USER_INPUT', { where });
    expect(performance.now() - began).to.be.below(2000);
    expect(message)
      .to.match(/got invalid value/)
      .and.have.length.below(1100);
  });

  describe('cost', () => {
    /** 1 for the list; for each of `rows` people 1, 1 for the inner list and `inner` for its people. */
    const cost = (rows: number, inner: number) => 1 + rows * (1 + 1 + inner);
    const query =
      'query ($rows: Int, $inner: Int) { users(first: $rows) { nodes { directReports(first: $inner) { nodes { id } } } } }';

    it('is told with every answer', async () => {
      const { extensions } = await answered(
        '{ users(first: 10) { totalCount nodes { id manager { id } } } viewer { role } }',
      );
      expect(extensions.cost).to.deep.include({ requested: 22, limit: MOST_COST });
    });

    it('G1: is by what is asked for, also in variables, and has a limit', async () => {
      expect(cost(185, 133)).to.equal(24_976);
      const variables = { rows: 185, inner: 133 };
      expect((await answered(query, variables)).extensions.cost.requested).to.equal(24_976);
      const withViewers = (count: number) =>
        query.replace(
          '{ users',
          `{ ${Array.from({ length: count }, (_, n) => `a${n}: viewer { kind } `).join('')} users`,
        );
      expect((await answered(withViewers(24), variables)).extensions.cost.requested).to.equal(MOST_COST);
      expect(await refused(withViewers(25), 'COST_EXCEEDED', variables)).to.match(/costs 25001, and may cost 25000/);
    });

    it('counts 50 rows where nothing is said, and cannot be lowered by rubbish', async () => {
      expect((await answered('{ users { nodes { id } } }')).extensions.cost.requested).to.equal(51);
      await refused(
        '{ users(first: 200) { nodes { groups { nodes { members { nodes { id } } } } } } }',
        'COST_EXCEEDED',
      );
      expect(await codes(tenant, '{ users(first: -100000) { nodes { groups { nodes { id } } } } }')).to.deep.equal([
        'BAD_USER_INPUT',
      ]);
    });

    it('G1: cannot be hidden in fragments spread over and over', async () => {
      const fragments = Array.from(
        { length: 16 },
        (_, n) => `fragment f${n} on User { ${n === 15 ? 'id' : `...f${n + 1} manager { ...f${n + 1} }`} }`,
      );
      const { body } = await tenant.graphql(`{ users(first: 1) { nodes { ...f0 } } } ${fragments.join(' ')}`);
      expect(['COST_EXCEEDED', 'DEPTH_EXCEEDED']).to.include(codesOf(body)[0]);
    });
  });

  it('lets introspection pass, which is the documentation', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const { data } = await answered(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
    const key = (data.__schema.types as Json[]).find(({ name }) => name === 'UserKey');
    expect(key.isOneOf).to.equal(true);
  });

  describe('requests', () => {
    const bearer = async () => ({ Authorization: `Bearer ${await tenant.personToken()}` });

    it('are taken with 30 conditions in each other, and refused with more', async () => {
      const query = 'query ($where: UserWhere) { users(where: $where) { totalCount } }';
      const nested = (levels: number) =>
        `{"query":"${query}","variables":{"where":${'{"not":'.repeat(levels)}{}${'}'.repeat(levels)}}}`;
      const headers = await bearer();
      expect(codesOf((await post(tenant, nested(30), headers)).body)).to.deep.equal([]);
      for (const levels of [31, 100_000]) {
        expect(codesOf((await post(tenant, nested(levels), headers)).body)).to.deep.equal(['BAD_USER_INPUT']);
      }
    });

    it('G2, G4: are JSON of 1 MiB at most, in a POST', async () => {
      const headers = await bearer();
      const query = '{ viewer { kind } }';
      const cases: [Promise<{ status: number; body: Json }>, number, string][] = [
        [post(tenant, `{"query":"${query}","x":"${'y'.repeat(1024 * 1024)}"}`, headers), 413, 'TOO_LARGE'],
        [post(tenant, '{"query":', headers), 400, 'BAD_REQUEST'],
        [post(tenant, '"text"', headers), 400, 'BAD_REQUEST'],
        [post(tenant, '', headers), 400, 'BAD_REQUEST'],
        [post(tenant, {}, headers), 400, 'BAD_REQUEST'],
        [post(tenant, [{ query }], headers), 400, 'BAD_REQUEST'],
        [post(tenant, { query: 1 }, headers), 400, 'BAD_REQUEST'],
        [post(tenant, { query, variables: 'x' }, headers), 400, 'BAD_REQUEST'],
        [post(tenant, { query, variables: [1] }, headers), 400, 'BAD_REQUEST'],
        [post(tenant, { query: '{ viewer {' }, headers), 400, 'GRAPHQL_PARSE_FAILED'],
        [post(tenant, { query: '{ secrets }' }, headers), 400, 'GRAPHQL_VALIDATION_FAILED'],
        [
          post(tenant, { query: 'query a { viewer { kind } } query b { viewer { kind } }' }, headers),
          400,
          'OPERATION_RESOLUTION_FAILURE',
        ],
        [post(tenant, query, { ...headers, 'Content-Type': 'text/plain' }), 415, 'BAD_REQUEST'],
        [
          post(tenant, `query=${query}`, { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' }),
          415,
          'BAD_REQUEST',
        ],
        [
          send(`${tenant.server.url}/graphql?query=${encodeURIComponent(query)}`, 'GET', undefined, headers),
          405,
          'BAD_REQUEST',
        ],
      ];
      for (const [answer, status, code] of cases) {
        const { body, ...rest } = await answer;
        expect([rest.status, codesOf(body)], JSON.stringify(body)).to.deep.equal([status, [code]]);
        expect(body.errors[0].extensions.requestId).to.be.a('string');
      }
    });

    it('ask for exactly one key', async () => {
      for (const by of [{}, { userName: 'a', email: 'b' }, { userName: null }, { scimId: 'rubbish' }]) {
        const query = 'query ($by: UserKey!) { user(by: $by) { id } }';
        expect(await codes(tenant, query, { by }), JSON.stringify(by)).to.deep.equal(['BAD_USER_INPUT']);
      }
      expect(await codes(tenant, '{ user(by: {}) { id } }')).to.deep.equal(['GRAPHQL_VALIDATION_FAILED']);
    });
  });
});
