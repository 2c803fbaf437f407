import { expect } from 'chai';
import { ENTERPRISE_USER } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { data, group, person } from './asking.js';

/** Every field of a person that needs no argument, with the plain fields of what it gives; by introspection. */
async function fieldsOfPerson(tenant: TestTenant): Promise<string[]> {
  const { __schema } = await data(
    tenant,
    '{ __schema { types { name fields { name args { type { kind } } type { ...t ofType { ...t ofType { ...t ofType { ...t } } } } } } } } fragment t on __Type { kind name }',
  );
  const types = new Map((__schema.types as Json[]).map((type) => [type.name as string, type]));
  const named = (type: Json): Json => (type.ofType ? named(type.ofType) : type);
  const fieldsOf = (name: string, within: (field: string, type: string) => string[]): string[] =>
    (types.get(name)?.fields as Json[])
      .filter(({ args }) => !(args as Json[]).some(({ type }) => type.kind === 'NON_NULL'))
      .flatMap((field) => {
        const { kind, name: type } = named(field.type);
        return kind === 'OBJECT' ? within(field.name as string, type as string) : [field.name as string];
      });
  return fieldsOf('User', (field, type) => {
    const plain = fieldsOf(type, () => []);
    return plain.length > 0 ? [`${field} { ${plain.join(' ')} }`] : [];
  });
}

/** Where a person stands in an answer: `#` is what is asked of the person. */
const PLACES: Readonly<Record<string, { query: string; from: (answer: Json) => Json }>> = {
  'a node of a list': {
    query: '{ users(where: { title: { eq: "Looked at" } }) { nodes { # } } }',
    from: ({ users }) => users.nodes[0],
  },
  'an edge of a list': {
    query: '{ users(where: { title: { eq: "Looked at" } }) { edges { node { # } } } }',
    from: ({ users }) => users.edges[0].node,
  },
  'a list in fragments': {
    query: `{ users(where: { title: { eq: "Looked at" } }) { ...page } }
      fragment page on UserConnection { nodes { ... on Node { ...asked } } } fragment asked on User { # }`,
    from: ({ users }) => users.nodes[0],
  },
  'a manager': {
    query: '{ users(where: { title: { eq: "Below" } }) { nodes { manager { # } } } }',
    from: ({ users }) => users.nodes[0].manager,
  },
  'a report': {
    query: '{ users(first: 1, where: { title: { eq: "Above" } }) { nodes { directReports { nodes { # } } } } }',
    from: ({ users }) => users.nodes[0].directReports.nodes[0],
  },
  'a report of some level': {
    query: '{ users(where: { title: { eq: "Above" } }, first: 1) { nodes { allReports(first: 1) { nodes { # } } } } }',
    from: ({ users }) => users.nodes[0].allReports.nodes[0],
  },
  'a member': { query: '{ groups(first: 1) { nodes { members { nodes { # } } } } }', from: memberOf },
  'an edge of members': {
    query: '{ groups(first: 1) { nodes { members { edges { addedAt addedBy { kind } node { # } } } } } }',
    from: ({ groups }) => groups.nodes[0].members.edges[0].node,
  },
};

function memberOf({ groups }: Json): Json {
  return groups.nodes[0].members.nodes[0];
}

describe('a person of whom one field is asked', function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  let whole: Json;
  let fields: string[];
  before(async () => {
    tenant = await aTenant();
    const above = await person(tenant, { title: 'Above', displayName: 'A' });
    const one = await person(tenant, {
      title: 'Looked at',
      displayName: 'Looked at',
      externalId: 'looked-at',
      name: { formatted: 'F', familyName: 'Fa', givenName: 'G', middleName: 'M', honorificPrefix: 'P' },
      nickName: 'N',
      userType: 'U',
      preferredLanguage: 'nl-NL',
      locale: 'nl-NL',
      timezone: 'Europe/Amsterdam',
      emails: [{ value: 'Looked@At.example', type: 'work', primary: true }],
      phoneNumbers: [{ value: '+31 6', type: 'mobile' }],
      [ENTERPRISE_USER]: {
        employeeNumber: '1',
        costCenter: 'C',
        organization: 'O',
        division: 'Di',
        department: 'De',
        manager: { value: above.id },
      },
    });
    await person(tenant, { title: 'Below', [ENTERPRISE_USER]: { manager: { value: one.id } } });
    await group(tenant, 'G', [one.id]);
    fields = await fieldsOfPerson(tenant);
    const by = `user(by: { scimId: "${one.id}" })`;
    whole = (await data(tenant, `{ ${by} { ${fields.join(' ')} } }`)).user;
  });

  for (const [place, { query, from }] of Object.entries(PLACES))
    it(`shows it as with all others: ${place}`, async () => {
      for (const field of fields) {
        const [name = ''] = field.split(' ');
        const shown = from(await data(tenant, query.replace('#', field)));
        expect(shown, field).to.deep.equal({ [name]: whole[name] });
      }
      expect(from(await data(tenant, query.replace('#', fields.join(' '))))).to.deep.equal(whole);
    });

  it('shows each of two lists what it is asked for, though the people are the same', async () => {
    const reports = 'directReports { nodes { title } } again: directReports { nodes { department manager { title } } }';
    const { users } = await data(tenant, `{ users(where: { title: { eq: "Above" } }) { nodes { ${reports} } } }`);
    expect(users.nodes[0]).to.deep.equal({
      directReports: { nodes: [{ title: 'Looked at' }] },
      again: { nodes: [{ department: 'De', manager: { title: 'Above' } }] },
    });
  });
});
