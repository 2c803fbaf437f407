import { expect } from 'chai';
import { patchOf } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codes, data, each, globalId, group, person, reportsTo } from './asking.js';

// anna > bram > cato, dirk; anna > eva; fien > gijs > fien (a circle) and hans below gijs; ida waits for somebody.
const MANAGERS = { anna: '', bram: 'anna', cato: 'bram', dirk: 'bram', eva: 'anna', gijs: 'fien', hans: 'gijs' };

describe('relations in where', () => {
  let tenant: TestTenant;
  const ids: Record<string, string> = {};
  before(async () => {
    tenant = await aTenant();
    const add = async (name: string, attributes: object = {}) => {
      ids[name] = (await person(tenant, { userName: `${name}@x.example`, displayName: name, ...attributes })).id;
    };
    await add('fien', { locale: 'nl-NL', timezone: 'Europe/Amsterdam', nickName: 'Fientje' });
    for (const [name, manager] of Object.entries(MANAGERS))
      await add(name, { title: `${name}'s job`, ...(manager ? reportsTo(ids[manager] ?? '') : {}) });
    await add('ida', reportsTo('nobody@x.example'));
    await add('jan', reportsTo('jan@x.example'));
    const manager = { op: 'replace', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager' };
    await tenant.scim('PATCH', `/Users/${ids.fien}`, patchOf({ ...manager, value: ids.gijs }));
    await tenant.scim('PATCH', `/Users/${ids.dirk}`, patchOf({ op: 'replace', path: 'active', value: false }));
    const of = (...names: string[]) => names.map((name) => ids[name] ?? '');
    await group(tenant, 'Buyers', of('anna', 'bram', 'cato'));
    await group(tenant, 'Board', of('anna'));
    await group(tenant, 'Empty');
  });

  async function who(where: unknown): Promise<string> {
    const query =
      'query ($where: UserWhere) { users(where: $where, orderBy: [{ field: USER_NAME }]) { totalCount nodes { displayName } } }';
    const answers = await Promise.all(
      (['ADMIN', 'ANALYST', 'FRONTEND'] as const).map((role) => data(tenant, query, { where }, role)),
    );
    const names = answers.map(({ users }) => each(users.nodes, 'displayName').join(' '));
    expect(new Set(names).size).to.equal(1);
    expect(answers[0].users.totalCount).to.equal(answers[0].users.nodes.length);
    return names[0] ?? '';
  }
  async function which(where: unknown): Promise<string> {
    const query = 'query ($where: GroupWhere) { groups(where: $where) { nodes { displayName } } }';
    const { groups } = await data(tenant, query, { where });
    return each(groups.nodes, 'displayName').join(' ');
  }
  const reporting = (userName: string) => ({ reportsTo: { userName: `${userName}@x.example` } });

  const PEOPLE: readonly [why: string, where: object, expected: string][] = [
    ['a manager', { manager: { displayName: { eq: 'ANNA' } } }, 'bram eva'],
    ['a manager of a manager', { manager: { manager: { displayName: { eq: 'anna' } } } }, 'cato dirk'],
    ['any manager', { manager: {} }, 'bram cato dirk eva fien gijs hans jan'],
    [
      'not a manager, those without one too',
      { not: { manager: { displayName: { eq: 'anna' } } } },
      'anna cato dirk fien gijs hans ida jan',
    ],
    ['a manager who is not deactivated', { manager: { active: false } }, ''],
    ['hasManager', { hasManager: true }, 'bram cato dirk eva fien gijs hans jan'],
    ['no manager', { hasManager: false }, 'anna ida'],
    ['an unresolved manager', { unresolvedManager: true }, 'ida'],
    ['no unresolved manager', { unresolvedManager: false, hasManager: false }, 'anna'],
    ['reports at any distance', reporting('anna'), 'bram cato dirk eva'],
    ['reports of somebody in the middle', reporting('bram'), 'cato dirk'],
    ['reports of nobody’s manager', reporting('cato'), ''],
    ['reports in a circle, without the person itself', reporting('fien'), 'gijs hans'],
    ['reports of who reports to nobody else', reporting('jan'), ''],
    ['reports of an unknown person', reporting('nobody'), ''],
    ['not reporting', { not: reporting('anna') }, 'anna fien gijs hans ida jan'],
    ['a group', { groups: { some: { displayName: { eq: 'buyers' } } } }, 'anna bram cato'],
    [
      'a group and not another',
      { groups: { some: { displayName: { eq: 'buyers' } }, none: { displayName: { eq: 'board' } } } },
      'bram cato',
    ],
    ['any group', { groups: { some: {} } }, 'anna bram cato'],
    ['no group', { groups: { none: {} } }, 'dirk eva fien gijs hans ida jan'],
    ['only such groups', { groups: { some: {}, every: { displayName: { startsWith: 'bu' } } } }, 'bram cato'],
    [
      'groups with somebody',
      { groups: { some: { members: { some: { displayName: { eq: 'cato' } } } } } },
      'anna bram cato',
    ],
    [
      'a relation within or',
      { or: [{ manager: { displayName: { eq: 'fien' } } }, { groups: { some: { displayName: { eq: 'Board' } } } }] },
      'anna gijs',
    ],
    ['nickName', { nickName: { eq: 'fientje' } }, 'fien'],
    ['locale and timezone', { locale: { startsWith: 'NL' }, timezone: { contains: 'amster' } }, 'fien'],
    ['one of the e-mail addresses', { emails: { startsWith: 'ida@' } }, ''],
    ['since when deactivated', { deactivatedAt: { gt: '2020-01-01T00:00:00Z' } }, 'dirk'],
    [
      'an explicit null',
      { manager: null, groups: { some: null }, reportsTo: null, title: { startsWith: 'eva' } },
      'eva',
    ],
  ];
  for (const [why, where, expected] of PEOPLE) {
    it(`selects people by ${why}`, async () => {
      expect(await who(where)).to.equal(expected);
    });
  }

  const GROUPS: readonly [why: string, where: object, expected: string][] = [
    ['a member', { members: { some: { displayName: { eq: 'cato' } } } }, 'Buyers'],
    ['every member', { members: { every: { displayName: { eq: 'anna' } } } }, 'Board Empty'],
    ['no such member', { members: { none: { displayName: { eq: 'cato' } } } }, 'Board Empty'],
    ['members who report to somebody', { members: { some: reporting('anna') } }, 'Buyers'],
    ['being empty', { isEmpty: true }, 'Empty'],
    ['not being empty', { isEmpty: false }, 'Board Buyers'],
  ];
  for (const [why, where, expected] of GROUPS) {
    it(`selects groups by ${why}`, async () => {
      expect(await which(where)).to.equal(expected);
    });
  }

  it('selects by every address and number a person has', async () => {
    const other = await aTenant();
    await person(other, {
      userName: 'p',
      emails: [{ value: 'One@x.example' }, { value: 'two@x.example', type: 'home' }],
      phoneNumbers: [{ value: '+31 6 1' }, { value: '+31 20 2' }],
    });
    const total = async (where: object) =>
      (await data(other, 'query ($where: UserWhere) { users(where: $where) { totalCount } }', { where })).users
        .totalCount;
    expect(await total({ emails: { eq: 'TWO@x.example' } })).to.equal(1);
    expect(await total({ emails: { ne: 'one@x.example' } })).to.equal(0);
    expect(await total({ emails: { isNull: true } })).to.equal(0);
    expect(await total({ phoneNumbers: { startsWith: '+31 20', endsWith: '1' } })).to.equal(1);
  });

  it('knows nobody of another tenant, and forgets who was deleted', async () => {
    const other = await aTenant();
    const boss = (await person(other, { userName: 'boss@x.example' })).id;
    await person(other, { userName: 'report@x.example', ...reportsTo(boss) });
    const query = 'query ($where: UserWhere) { users(where: $where) { nodes { userName } } }';
    const below = { where: { reportsTo: { id: globalId('User', boss) } } };
    expect((await data(tenant, query, below)).users.nodes).to.deep.equal([]);
    expect((await data(other, query, below)).users.nodes).to.deep.equal([{ userName: 'report@x.example' }]);
    await other.scim('DELETE', `/Users/${boss}`);
    expect((await data(other, query, below)).users.nodes).to.deep.equal([]);
    expect((await data(other, query, { where: { unresolvedManager: true } })).users.nodes).to.have.length(1);
    const deleted = { where: { manager: { status: { eq: 'DELETED' } } } };
    expect((await data(other, query, deleted, 'ANALYST')).users.nodes).to.deep.equal([]);
  });

  it('takes three relations within each other and refuses four, and a hundred of them', async () => {
    const query = 'query ($where: UserWhere) { users(where: $where) { totalCount } }';
    const nested = (levels: number): object =>
      levels === 0 ? { active: true } : { not: { manager: nested(levels - 1) } };
    expect(await codes(tenant, query, { where: nested(3) })).to.deep.equal([]);
    expect(await codes(tenant, query, { where: nested(4) })).to.deep.equal(['BAD_USER_INPUT']);
    const many = (count: number) => ({
      where: { or: Array.from({ length: count }, () => ({ hasManager: true, manager: {} })) },
    });
    expect(await codes(tenant, query, many(38))).to.deep.equal([]);
    expect(await codes(tenant, query, many(39))).to.deep.equal(['BAD_USER_INPUT']);
    expect(await codes(tenant, query, { where: { reportsTo: {} } })).to.deep.equal(['BAD_USER_INPUT']);
  });
});
