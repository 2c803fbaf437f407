import { expect } from 'chai';
import { ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { data, globalId, group, person, reportsTo } from './asking.js';

describe('people and groups in GraphQL', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });

  const user = async (scimId: string, fields: string): Promise<Json> =>
    (await data(tenant, `query ($scimId: UUID) { user(by: { scimId: $scimId }) { ${fields} } }`, { scimId })).user;

  it('shows a person as SCIM sent it', async () => {
    const sent = await person(tenant, {
      userName: 'Mara.Vos@Fabriek.example',
      externalId: 'Ext-1',
      displayName: 'Mara Vos',
      name: { givenName: 'Mara', familyName: 'Vos' },
      title: 'Inkoper',
      preferredLanguage: 'nl-NL',
      emails: [
        { value: 'thuis@fabriek.example', type: 'home' },
        { value: 'Mara@Fabriek.example', type: 'work' },
      ],
      phoneNumbers: [{ value: '+31 6 5555 0199', type: 'mobile' }],
      [ENTERPRISE_USER]: { department: 'Inkoop', employeeNumber: '70077', costCenter: 'K1', division: 'West' },
    });
    const shown = await user(
      sent.id,
      `id scimId externalId userName displayName name { givenName familyName middleName } title preferredLanguage email
      emails { value type primary } phoneNumbers { value type } department employeeNumber costCenter division
      active status origin createdAt updatedAt deactivatedAt deletedAt manager { id } managerReference { value }`,
    );
    expect(shown).to.deep.equal({
      id: globalId('User', sent.id),
      scimId: sent.id,
      externalId: 'Ext-1',
      userName: 'Mara.Vos@Fabriek.example',
      displayName: 'Mara Vos',
      name: { givenName: 'Mara', familyName: 'Vos', middleName: null },
      title: 'Inkoper',
      preferredLanguage: 'nl-NL',
      email: 'Mara@Fabriek.example',
      emails: [
        { value: 'thuis@fabriek.example', type: 'home', primary: null },
        { value: 'Mara@Fabriek.example', type: 'work', primary: null },
      ],
      phoneNumbers: [{ value: '+31 6 5555 0199', type: 'mobile' }],
      department: 'Inkoop',
      employeeNumber: '70077',
      costCenter: 'K1',
      division: 'West',
      active: true,
      status: 'ACTIVE',
      origin: 'SCIM',
      createdAt: sent.meta.created,
      updatedAt: sent.meta.lastModified,
      deactivatedAt: null,
      deletedAt: null,
      manager: null,
      managerReference: null,
    });
  });

  it('shows a manager reference that waits, and the manager once that person arrives', async () => {
    const { id } = await person(tenant, reportsTo('chef@fabriek.example'));
    const waiting = await user(id, 'manager { userName } managerReference { value resolved explanation }');
    expect(waiting.manager).to.equal(null);
    expect(waiting.managerReference).to.include({ value: 'chef@fabriek.example', resolved: false });
    expect(waiting.managerReference.explanation).to.match(/resolved by itself when that person arrives/);
    await person(tenant, { userName: 'chef@fabriek.example' });
    const resolved = await user(
      id,
      'manager { userName directReports { nodes { scimId } } } managerReference { resolved }',
    );
    expect(resolved).to.deep.equal({
      manager: { userName: 'chef@fabriek.example', directReports: { nodes: [{ scimId: id }] } },
      managerReference: { resolved: true },
    });
  });

  it('S15: explains a reference to oneself, and one to a manager who was deleted', async () => {
    const self = await person(tenant, { userName: 'self@fabriek.example', ...reportsTo('self@fabriek.example') });
    const fields = 'managerReference { resolved explanation }';
    const { managerReference } = await user(self.id, fields);
    expect(managerReference.resolved).to.equal(true);
    expect(managerReference.explanation).to.match(/names the person it belongs to/);
    const boss = await person(tenant);
    const { id } = await person(tenant, reportsTo(boss.id));
    await tenant.scim('DELETE', `/Users/${boss.id}`);
    const left = await user(id, fields);
    expect(left.managerReference.resolved).to.equal(false);
    expect(left.managerReference.explanation).to.match(/or was deleted there/);
  });

  it('shows who is in a group, how many, and in which groups a person is', async () => {
    const people = await Promise.all(['Ann', 'Bo', 'Cy'].map((displayName) => person(tenant, { displayName })));
    const ids = people.map(({ id }) => id as string);
    await group(tenant, 'Buyers', ids);
    await group(tenant, 'Auditors', ids.slice(0, 1));
    const query = `{ group(by: { displayName: "buyers" }) { displayName memberCount
      members(orderBy: [{ field: DISPLAY_NAME }]) { totalCount nodes { displayName groups { totalCount nodes { displayName } } } } } }`;
    expect((await data(tenant, query)).group).to.deep.equal({
      displayName: 'Buyers',
      memberCount: 3,
      members: {
        totalCount: 3,
        nodes: [
          {
            displayName: 'Ann',
            groups: { totalCount: 2, nodes: [{ displayName: 'Auditors' }, { displayName: 'Buyers' }] },
          },
          { displayName: 'Bo', groups: { totalCount: 1, nodes: [{ displayName: 'Buyers' }] } },
          { displayName: 'Cy', groups: { totalCount: 1, nodes: [{ displayName: 'Buyers' }] } },
        ],
      },
    });
  });

  it('finds a person by each key, and nobody by what nobody has', async () => {
    const { id } = await person(tenant, {
      userName: 'key@fabriek.example',
      externalId: 'key-ext',
      emails: [{ value: 'Key.Mail@fabriek.example', primary: true }],
      [ENTERPRISE_USER]: { employeeNumber: 'N-17' },
    });
    const found = async (by: object) =>
      (await data(tenant, 'query ($by: UserKey!) { user(by: $by) { scimId } }', { by })).user;
    const keys = [
      { id: globalId('User', id) },
      { scimId: id },
      { userName: 'KEY@fabriek.example' },
      { email: 'key.mail@FABRIEK.example' },
      { externalId: 'key-ext' },
      { employeeNumber: 'n-17' },
    ];
    for (const by of keys) expect(await found(by), JSON.stringify(by)).to.deep.equal({ scimId: id });
    const unknown = [{ id: 'rubbish' }, { id: globalId('Group', id) }, { userName: 'x' }, { externalId: 'KEY-EXT' }];
    for (const by of unknown) expect(await found(by), JSON.stringify(by)).to.equal(null);
  });

  it('asks for a list where a key that need not be unique is not', async () => {
    await person(tenant, { externalId: 'twice' });
    await person(tenant, { externalId: 'twice' });
    const { body } = await tenant.graphql('{ user(by: { externalId: "twice" }) { id } }');
    expect(body.data).to.deep.equal({ user: null });
    expect(body.errors[0].extensions.code).to.equal('BAD_USER_INPUT');
  });

  it('fetches people and groups again by their global ids', async () => {
    const someone = await person(tenant);
    const team = await group(tenant, 'Refetched');
    const query = `query ($a: ID!, $b: ID!) {
      a: node(id: $a) { __typename id ... on User { userName } } b: node(id: $b) { __typename ... on Group { displayName } } }`;
    const ids = { a: globalId('User', someone.id), b: globalId('Group', team.id) };
    expect(await data(tenant, query, ids)).to.deep.equal({
      a: { __typename: 'User', id: ids.a, userName: someone.userName },
      b: { __typename: 'Group', displayName: 'Refetched' },
    });
  });

  it('shows a deactivated person as such', async () => {
    const { id } = await person(tenant);
    await tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false }));
    const shown = await user(id, 'active status deactivatedAt');
    expect(shown).to.include({ active: false, status: 'DEACTIVATED' });
    expect(Date.parse(shown.deactivatedAt)).to.be.closeTo(Date.now(), 60_000);
  });
});
