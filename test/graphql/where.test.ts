import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person } from './asking.js';

describe('where in GraphQL', () => {
  let tenant: TestTenant;
  let ids: Readonly<Record<string, string>>;
  before(async () => {
    tenant = await aTenant();
    const enterprise = (attributes: object) => ({ [ENTERPRISE_USER]: attributes });
    const bodies = {
      anna: {
        userName: 'Anna@fabriek.example',
        displayName: 'Anna de Vries',
        name: { givenName: 'Anna', familyName: 'de Vries' },
        emails: [{ value: 'Anna.Mail@fabriek.example' }],
        title: '50% Buyer_',
        userType: 'Employee',
        externalId: 'Case',
        ...enterprise({ department: 'Inkoop', division: 'West', costCenter: 'K1', employeeNumber: '0070' }),
      },
      bram: {
        userName: 'bram@fabriek.example',
        displayName: 'Bram ΣΟΦΟΣ',
        name: { givenName: 'Bram' },
        title: '500 Buyers',
        userType: 'Contractor',
        externalId: 'case',
        ...enterprise({ department: 'inkoop Noord', division: 'East' }),
      },
      cato: { userName: 'cato@fabriek.example' },
    };
    ids = Object.fromEntries(
      await Promise.all(
        Object.entries(bodies).map(async ([name, body]) => [name, (await person(tenant, body)).id] as [string, string]),
      ),
    );
    await tenant.scim('PATCH', `/Users/${ids.cato}`, patchOf({ op: 'replace', path: 'active', value: false }));
    await data(
      tenant,
      'mutation { createUser(input: { userName: "dirk", displayName: "Dirk" }) { userErrors { message } } }',
    );
  });

  /** First names of who fits. */
  async function who(where: unknown, role?: Role): Promise<string> {
    const { users } = await data(
      tenant,
      'query ($where: UserWhere) { users(where: $where, orderBy: [{ field: USER_NAME }]) { totalCount nodes { userName } } }',
      { where },
      role,
    );
    expect(users.totalCount).to.equal(users.nodes.length);
    const names = each(users.nodes, 'userName');
    return names.map((userName) => userName.toLowerCase().split('@')[0]).join(' ');
  }

  const CASES: readonly [why: string, where: object, expected: string][] = [
    ['nothing asked is everybody', {}, 'anna bram cato dirk'],
    ['eq whatever the case', { userName: { eq: 'ANNA@FABRIEK.example' } }, 'anna'],
    ['ne, unassigned ones too', { department: { ne: 'inkoop' } }, 'bram cato dirk'],
    ['in', { displayName: { in: ['anna DE vries', 'dirk', 'nobody'] } }, 'anna dirk'],
    ['in nothing', { displayName: { in: [] } }, ''],
    ['contains', { department: { contains: 'KOO' } }, 'anna bram'],
    ['contains % and _ as they are', { title: { contains: '50%' } }, 'anna'],
    ['ends with _ as it is', { title: { endsWith: '_' } }, 'anna'],
    ['startsWith', { department: { startsWith: 'inkoop ' } }, 'bram'],
    ['endsWith with a final sigma', { displayName: { endsWith: 'σοφοσ' } }, 'bram'],
    ['is unassigned', { title: { isNull: true } }, 'cato dirk'],
    ['has a value', { title: { isNull: false } }, 'anna bram'],
    ['several of one field', { department: { startsWith: 'ink', contains: 'noord' } }, 'bram'],
    ['givenName', { givenName: { eq: 'anna' } }, 'anna'],
    ['familyName', { familyName: { startsWith: 'de ' } }, 'anna'],
    ['a missing familyName', { familyName: { isNull: true } }, 'bram cato dirk'],
    ['division', { division: { eq: 'east' } }, 'bram'],
    ['costCenter', { costCenter: { eq: 'k1' } }, 'anna'],
    ['employeeNumber as text', { employeeNumber: { eq: '0070' } }, 'anna'],
    ['employeeNumber is no number', { employeeNumber: { eq: '70' } }, ''],
    ['userType', { userType: { in: ['employee', 'contractor'] } }, 'anna bram'],
    ['externalId with its case', { externalId: { eq: 'Case' } }, 'anna'],
    ['e-mail address', { email: { eq: 'ANNA.mail@fabriek.example' } }, 'anna'],
    ['end of an e-mail address', { email: { endsWith: '.mail@fabriek.example' } }, 'anna'],
    ['no e-mail address', { email: { isNull: true } }, 'dirk'],
    ['any e-mail address', { emails: { eq: 'ANNA.mail@fabriek.example' } }, 'anna'],
    ['several e-mail addresses', { emails: { in: ['anna.mail@fabriek.example', 'x@y.example'] } }, 'anna'],
    ['active', { active: false }, 'cato'],
    ['status', { status: { eq: 'DEACTIVATED' } }, 'cato'],
    ['status in', { status: { in: ['ACTIVE', 'DEACTIVATED'] } }, 'anna bram cato dirk'],
    ['origin', { origin: 'SPEAKUP' }, 'dirk'],
    ['two fields', { active: true, origin: 'SCIM' }, 'anna bram'],
    ['or', { or: [{ userName: { eq: 'dirk' } }, { active: false }] }, 'cato dirk'],
    ['or of nothing', { or: [] }, ''],
    ['and of nothing', { and: [] }, 'anna bram cato dirk'],
    ['not', { not: { origin: 'SCIM' } }, 'dirk'],
    ['not of what is unassigned', { not: { title: { contains: 'buyer' } } }, 'cato dirk'],
    [
      'not within or within and',
      { and: [{ or: [{ not: { active: true } }, { title: { contains: 'b' } }] }, { origin: 'SCIM' }] },
      'anna bram cato',
    ],
    ['a moment before', { createdAt: { lt: '2020-01-01T00:00:00Z' } }, ''],
    [
      'a moment after',
      { createdAt: { gte: '2020-01-01T00:00:00+02:00' }, updatedAt: { gt: '2020-01-01T00:00:00Z' } },
      'anna bram cato dirk',
    ],
    ['an explicit null as if it were left out', { userName: null, title: { eq: null, contains: 'buyers' } }, 'bram'],
    ['an id that is not known', { id: { eq: 'rubbish' } }, ''],
    ['SQL in a value', { title: { eq: "x' or true --" } }, ''],
    ['an object PostgreSQL could mistake', { userName: { startsWith: '$1' } }, ''],
  ];
  for (const [why, where, expected] of CASES) {
    it(`selects by ${why}`, async () => {
      expect(await who(where)).to.equal(expected);
    });
  }

  it('selects the same for analysts, whose database role sees less', async () => {
    for (const [why, where, expected] of CASES) expect(await who(where, 'ANALYST'), why).to.equal(expected);
  });

  it('selects by global id', async () => {
    const id = (name: string) => globalId('User', ids[name] ?? '');
    expect(await who({ id: { eq: id('bram') } })).to.equal('bram');
    expect(await who({ id: { in: [id('anna'), id('cato'), globalId('Group', ids.bram ?? '')] } })).to.equal(
      'anna cato',
    );
  });

  it('selects by the very moment a person was made', async () => {
    const { user } = await data(tenant, '{ user(by: { userName: "dirk" }) { createdAt } }');
    expect(await who({ createdAt: { gte: user.createdAt, lte: user.createdAt } })).to.include('dirk');
    expect(await who({ createdAt: { gt: user.createdAt } })).not.to.include('dirk');
  });

  it('selects groups, members and reports too', async () => {
    await group(tenant, 'Inkopers', Object.values(ids));
    await group(tenant, 'Verkopers');
    const query = `{ groups(where: { displayName: { startsWith: "INK" }, origin: SCIM }) { totalCount nodes {
      members(where: { userType: { isNull: false } }) { totalCount nodes { userName } } } }
      user(by: { userName: "cato@fabriek.example" }) { groups(where: { not: { displayName: { eq: "inkopers" } } }) { totalCount } } }`;
    const { groups, user } = await data(tenant, query);
    expect(groups.totalCount).to.equal(1);
    expect(groups.nodes[0].members.totalCount).to.equal(2);
    expect(groups.nodes[0].members.nodes).to.have.length(2);
    expect(user.groups.totalCount).to.equal(0);
  });

  it('refuses what cannot be meant', async () => {
    const query = 'query ($where: UserWhere) { users(where: $where) { totalCount } }';
    const refused = [
      { userName: 'anna' },
      { userName: { like: 'a' } },
      { password: { eq: 'x' } },
      { status: { eq: 'HELD' } },
      { createdAt: { gt: '2026-02-30T00:00:00Z' } },
      { createdAt: { gt: 'yesterday' } },
      { title: { eq: 'a\0b' } },
      { title: { contains: '\ud800' } },
      { title: { in: [null] } },
    ];
    for (const where of refused)
      expect(await codes(tenant, query, { where }), JSON.stringify(where)).to.deep.equal(['BAD_USER_INPUT']);
  });

  it('takes a thousand conditions, and refuses one more', async () => {
    const query = 'query ($where: UserWhere) { users(where: $where) { totalCount } }';
    const where = (count: number) => ({ title: { in: Array.from({ length: count }, (_, n) => `t${n}`) } });
    expect(await codes(tenant, query, { where: where(1000) })).to.deep.equal([]);
    expect(await codes(tenant, query, { where: where(1001) })).to.deep.equal(['BAD_USER_INPUT']);
  });
});
