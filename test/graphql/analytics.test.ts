import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person, reportsTo } from './asking.js';

const works = (enterprise: Readonly<Record<string, unknown>>, attributes: Readonly<Record<string, unknown>> = {}) => ({
  ...attributes,
  [ENTERPRISE_USER]: enterprise,
});

const deactivate = (tenant: TestTenant, id: string) =>
  tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false }));

describe('headcount', () => {
  let tenant: TestTenant;
  let boss: Json;
  before(async () => {
    tenant = await aTenant();
    boss = await person(tenant, works({ department: 'Inkoop', division: 'Noord' }, { displayName: 'Mara' }));
    const ofBoss = { manager: { value: boss.id } };
    await person(tenant, works({ department: 'Inkoop', division: 'Zuid', ...ofBoss }, { title: 'Inkoper' }));
    const gone = await person(tenant, works({ department: 'Verkoop', division: 'Zuid', ...ofBoss }));
    await deactivate(tenant, gone.id);
    await person(tenant, { title: 'Inkoper' });
    const deleted = await person(tenant, works({ department: 'Inkoop' }));
    await tenant.scim('DELETE', `/Users/${deleted.id}`);
    const other = await aTenant();
    await person(other, works({ department: 'Inkoop' }));
  });
  const ROWS = 'total rowCount rows { keys { dimension value } people active share }';
  const headcount = async (args: string, fields = ROWS, role: Role = 'ANALYST') =>
    (await data(tenant, `{ analytics { headcount(${args}) { ${fields} } } }`, undefined, role)).analytics.headcount;
  /** A row as [values, people, active]. */
  const inShort = (report: Json) =>
    (report.rows as Json[]).map(({ keys, people, active }) => [each<string | null>(keys, 'value'), people, active]);

  for (const role of ['ANALYST', 'ADMIN'] satisfies Role[]) {
    it(`counts the tenant's people of each department, the unassigned too and deleted ones not, for ${role}`, async () => {
      const report = await headcount('by: [DEPARTMENT]', ROWS, role);
      expect(report).to.include({ total: 4, rowCount: 3 });
      expect(inShort(report)).to.deep.equal([
        [['Inkoop'], 2, 2],
        [['Verkoop'], 1, 0],
        [[null], 1, 1],
      ]);
      expect(each<number>(report.rows, 'share')).to.deep.equal([0.5, 0.25, 0.25]);
      expect(report.rows[0].keys[0].dimension).to.equal('DEPARTMENT');
    });
  }

  it('counts by two things', async () => {
    expect(inShort(await headcount('by: [DIVISION, TITLE], orderBy: KEY_ASC'))).to.deep.equal([
      [['Noord', null], 1, 1],
      [['Zuid', 'Inkoper'], 1, 1],
      [['Zuid', null], 1, 0],
      [[null, 'Inkoper'], 1, 1],
    ]);
  });

  it('counts by manager, and names the manager', async () => {
    const fields = 'rows { keys { value manager { displayName } } people }';
    expect((await headcount('by: [MANAGER], orderBy: COUNT_DESC', fields)).rows).to.have.deep.members([
      { keys: [{ value: globalId('User', boss.id), manager: { displayName: 'Mara' } }], people: 2 },
      { keys: [{ value: null, manager: null }], people: 2 },
    ]);
  });

  it('counts by everything else that it offers', async () => {
    const { __type } = await data(tenant, '{ __type(name: "Dimension") { enumValues { name } } }');
    const names = each(__type.enumValues, 'name');
    expect(names).to.have.length(11);
    for (const name of names) expect(await headcount(`by: [${name}]`, 'total'), name).to.deep.equal({ total: 4 });
    expect(inShort(await headcount('by: [STATUS]'))).to.deep.equal([
      [['ACTIVE'], 3, 3],
      [['DEACTIVATED'], 1, 0],
    ]);
    expect(inShort(await headcount('by: [ORIGIN]'))).to.deep.equal([[['SCIM'], 4, 3]]);
  });

  it('counts only whom the condition selects', async () => {
    const report = await headcount('by: [DEPARTMENT], where: { active: true, division: { isNull: false } }');
    expect(inShort(report)).to.deep.equal([[['Inkoop'], 2, 2]]);
    expect(await headcount('by: [TITLE], where: { title: { eq: "nobody" } }')).to.deep.equal({
      total: 0,
      rowCount: 0,
      rows: [],
    });
  });

  it('answers as many rows as are asked for, and tells how many there are', async () => {
    const report = await headcount('by: [DEPARTMENT], orderBy: COUNT_ASC, first: 1');
    expect(report).to.include({ total: 4, rowCount: 3 });
    expect(inShort(report)).to.deep.equal([[['Verkoop'], 1, 0]]);
  });

  it('refuses no dimension, three, the same twice, and a number of rows that is out of bounds', async () => {
    for (const args of [
      'by: []',
      'by: [TITLE, STATUS, ORIGIN]',
      'by: [TITLE, TITLE]',
      'by: [TITLE], first: 0',
      'by: [TITLE], first: 1001',
    ]) {
      const query = `{ analytics { headcount(${args}) { total } } }`;
      expect(await codes(tenant, query, undefined, 'ANALYST'), args).to.deep.equal(['BAD_USER_INPUT']);
    }
    expect(await headcount('by: [TITLE], first: 1000', 'total')).to.deep.equal({ total: 4 });
  });

  it('counts deleted people only for an administrator who names them', async () => {
    const args = 'by: [DEPARTMENT], where: { status: { eq: DELETED } }';
    const query = `{ analytics { headcount(${args}) { total } } }`;
    expect(await codes(tenant, query, undefined, 'ANALYST')).to.deep.equal(['FORBIDDEN']);
    expect(await headcount(args, 'total', 'ADMIN')).to.deep.equal({ total: 1 });
  });

  it('costs a pass over all people, and the rows asked for', async () => {
    const { body } = await tenant.graphql(
      '{ analytics { headcount(by: [TITLE], first: 10) { rows { people keys { value } } } } }',
    );
    expect(body.extensions.cost.requested).to.equal(1 + 2000 + 10 * 2);
  });
});

describe('analytics', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });

  it('are refused to the frontend, and not shown to it', async () => {
    expect(await codes(tenant, '{ analytics { __typename } }', undefined, 'FRONTEND')).to.deep.equal(['FORBIDDEN']);
    const query = '{ a: __type(name: "Analytics") { name } b: __type(name: "Query") { fields { name } } }';
    const seen = async (role: Role) => {
      const { a, b } = await data(tenant, query, undefined, role);
      return [a?.name, each(b.fields, 'name').includes('analytics')];
    };
    expect(await seen('FRONTEND')).to.deep.equal([undefined, false]);
    expect(await seen('ANALYST')).to.deep.equal(['Analytics', true]);
    expect(await seen('ADMIN')).to.deep.equal(['Analytics', true]);
  });

  it('answer an empty tenant', async () => {
    const query = `{ analytics { headcount(by: [TITLE, STATUS]) { total rowCount rows { people } }
      spanOfControl { managers reports average median largest distribution { managers } top { directReports } }
      dataQuality { count people { totalCount nodes { id } } groups { totalCount nodes { id } } } } }`;
    const { analytics } = await data(tenant, query, undefined, 'ANALYST');
    expect(analytics.headcount).to.deep.equal({ total: 0, rowCount: 0, rows: [] });
    expect(analytics.spanOfControl).to.deep.equal({
      managers: 0,
      reports: 0,
      average: null,
      median: null,
      largest: 0,
      distribution: [],
      top: [],
    });
    expect(each<number>(analytics.dataQuality, 'count')).to.deep.equal(Array.from({ length: 8 }, () => 0));
  });
});

describe('spanOfControl', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    const [one, two, three] = await Promise.all(
      ['One', 'Two', 'Three'].map((name) => person(tenant, { displayName: name })),
    );
    const reports = async (manager: Json, titles: readonly string[]) => {
      for (const title of titles) await person(tenant, { title, ...reportsTo(manager.id) });
    };
    await reports(one, ['a']);
    await reports(two, ['a', 'b']);
    await reports(three, ['a', 'b', 'b', 'b', 'b']);
    await deactivate(tenant, (await person(tenant, reportsTo(one.id))).id);
    const gone = await person(tenant, reportsTo(one.id));
    await tenant.scim('DELETE', `/Users/${gone.id}`);
  });
  const span = async (args = '') =>
    (
      await data(
        tenant,
        `{ analytics { spanOfControl${args} { managers reports average median largest
          distribution { directReports managers } top(first: 2) { directReports manager { displayName } } } } }`,
        undefined,
        'ANALYST',
      )
    ).analytics.spanOfControl;

  it('says how many managers have how many active reports, and who has most', async () => {
    expect(await span()).to.deep.equal({
      managers: 3,
      reports: 8,
      average: 8 / 3,
      median: 2,
      largest: 5,
      distribution: [
        { directReports: 1, managers: 1 },
        { directReports: 2, managers: 1 },
        { directReports: 5, managers: 1 },
      ],
      top: [
        { directReports: 5, manager: { displayName: 'Three' } },
        { directReports: 2, manager: { displayName: 'Two' } },
      ],
    });
  });

  it('counts deactivated reports where that is asked, and deleted ones never', async () => {
    const { reports, distribution } = await span('(includeInactive: true)');
    expect(reports).to.equal(9);
    expect(distribution).to.deep.equal([
      { directReports: 2, managers: 2 },
      { directReports: 5, managers: 1 },
    ]);
  });

  it('counts only reports whom the condition selects, and has a median of an even number of managers', async () => {
    const { managers, median, average, largest } = await span('(where: { title: { eq: "b" } })');
    expect([managers, median, average, largest]).to.deep.equal([2, 2.5, 2.5, 4]);
  });

  it('names a hundred managers at most', async () => {
    for (const first of [0, 101]) {
      const query = `{ analytics { spanOfControl { top(first: ${first}) { directReports } } } }`;
      expect(await codes(tenant, query, undefined, 'ANALYST')).to.deep.equal(['BAD_USER_INPUT']);
    }
  });
});

describe('dataQuality', () => {
  let tenant: TestTenant;
  const ids: Record<string, string> = {};
  before(async () => {
    tenant = await aTenant({ compatibility: 'RFC' });
    const make = async (name: string, enterprise: Readonly<Record<string, unknown>> = {}, attributes = {}) => {
      const fine = { department: 'Inkoop', manager: { value: ids.head ?? 'nobody' } };
      const values = { userName: `${name}@fabriek.example`, displayName: name, ...attributes };
      ids[name] = (await person(tenant, { ...values, [ENTERPRISE_USER]: { ...fine, ...enterprise } })).id;
    };
    const set = (name: string, manager: string) =>
      tenant.scim(
        'PATCH',
        `/Users/${ids[name]}`,
        patchOf({ op: 'replace', path: `${ENTERPRISE_USER}:manager`, value: { value: ids[manager] } }),
      );
    await make('head', { manager: undefined });
    await make('fine', { employeeNumber: '1' });
    await make('mute', {}, { userName: 'mute', emails: undefined });
    await make('waiting', { manager: { value: 'somebody.else@fabriek.example' } });
    await make('left');
    await make('orphan', { manager: { value: ids.left } });
    await make('adrift', { department: undefined });
    await make('twin', { employeeNumber: 'E-7' });
    await make('double', { employeeNumber: 'e-7' });
    await make('former', { employeeNumber: '1' });
    for (const name of ['ring1', 'ring2', 'ring3', 'self']) await make(name);
    // Managers below a circle are in none.
    await make('below', { manager: { value: ids.ring1 } });
    await make('lower', { manager: { value: ids.below } });
    await make('lowest', { manager: { value: ids.lower } });
    for (const [name, manager] of [
      ['ring1', 'ring2'],
      ['ring2', 'ring3'],
      ['ring3', 'ring1'],
      ['self', 'self'],
    ] as const) {
      expect((await set(name, manager)).status).to.equal(200);
    }
    for (const name of ['left', 'former']) await deactivate(tenant, ids[name] ?? '');
    await group(tenant, 'Full', [ids.fine ?? '']);
    await group(tenant, 'Empty');
    const other = await aTenant();
    await group(other, 'Empty too');
    await person(other, works({ employeeNumber: '1' }));
  });
  const EXPECTED: Readonly<Record<string, readonly string[]>> = {
    NO_EMAIL: ['mute'],
    NO_MANAGER: ['head'],
    UNRESOLVED_MANAGER: ['waiting'],
    INACTIVE_MANAGER: ['orphan'],
    MANAGER_CYCLE: ['ring1', 'ring2', 'ring3', 'self'],
    NO_DEPARTMENT: ['adrift'],
    DUPLICATE_EMPLOYEE_NUMBER: ['double', 'twin'],
    EMPTY_GROUP: ['Empty'],
  };

  for (const role of ['ANALYST', 'ADMIN'] satisfies Role[]) {
    it(`counts every problem and says what it means, for ${role}`, async () => {
      const { analytics } = await data(tenant, '{ analytics { dataQuality { problem count explanation } } }', {}, role);
      const counts = (analytics.dataQuality as Json[]).map(({ problem, count }) => [problem, count]);
      expect(counts).to.deep.equal(Object.entries(EXPECTED).map(([problem, names]) => [problem, names.length]));
      for (const { explanation } of analytics.dataQuality) expect(explanation).to.match(/\.$/);
    });
  }

  for (const [problem, names] of Object.entries(EXPECTED)) {
    it(`lists who has ${problem}, page by page`, async () => {
      const query = `query ($problem: QualityProblem!, $after: String) { analytics { dataQuality(problems: [$problem]) {
        people(first: 1, after: $after) { totalCount nodes { displayName } pageInfo { hasNextPage endCursor } }
        groups(first: 1, after: $after) { totalCount nodes { displayName } pageInfo { hasNextPage endCursor } } } } }`;
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const { analytics } = await data(tenant, query, { problem, after }, 'ANALYST');
        const [{ people, groups }] = analytics.dataQuality;
        expect([people, groups]).to.include(null);
        const list = people ?? groups;
        expect(list.totalCount).to.equal(names.length);
        seen.push(...each(list.nodes, 'displayName'));
        if (!list.pageInfo.hasNextPage) break;
        after = list.pageInfo.endCursor as string;
      }
      expect(seen).to.deep.equal(names);
    });
  }

  it('narrows the people of a problem by a condition, and has nobody deleted even for an administrator', async () => {
    const listed = async (where: string) => {
      const query = `{ analytics { dataQuality(problems: [MANAGER_CYCLE]) { people(where: ${where}) { totalCount nodes { displayName } } } } }`;
      return (await data(tenant, query)).analytics.dataQuality[0].people;
    };
    expect(await listed('{ displayName: { startsWith: "s" } }')).to.deep.equal({
      totalCount: 1,
      nodes: [{ displayName: 'self' }],
    });
    expect(await listed('{ status: { in: [DELETED, ACTIVE] } }')).to.include({ totalCount: 4 });
    expect(await listed('{ status: { eq: DELETED } }')).to.deep.equal({ totalCount: 0, nodes: [] });
  });

  it('takes the cursor of one problem for no other', async () => {
    const query = (problem: string, after = '') =>
      `{ analytics { dataQuality(problems: [${problem}]) { people${after} { edges { cursor } } } } }`;
    const { analytics } = await data(tenant, query('MANAGER_CYCLE'), {}, 'ANALYST');
    const { cursor } = analytics.dataQuality[0].people.edges[0];
    const after = `(after: "${cursor}")`;
    expect(await codes(tenant, query('MANAGER_CYCLE', after), {}, 'ANALYST')).to.deep.equal([]);
    expect(await codes(tenant, query('NO_MANAGER', after), {}, 'ANALYST')).to.deep.equal(['CURSOR_INVALID']);
  });
});
