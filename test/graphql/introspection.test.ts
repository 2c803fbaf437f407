import { expect } from 'chai';
import {
  buildClientSchema,
  getIntrospectionQuery,
  isObjectType,
  type GraphQLSchema,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { type Role } from '../../src/directory/actor.js';
import { printedSchema } from '../../src/graphql/schema.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codesOf, data, post } from './asking.js';

/** What everybody may ask. */
const PUBLIC = ['viewer', 'users', 'user', 'groups', 'group', 'node', 'nodes', 'signIn'];

describe('introspection', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });
  const shownTo = async (role: Role): Promise<GraphQLSchema> => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true });
    return buildClientSchema(await data(tenant, query, undefined, role));
  };

  it('shows an administrator the whole schema', async () => {
    const shown = printSchema(lexicographicSortSchema(await shownTo('ADMIN')));
    expect(`${shown}\n`).to.equal(printedSchema());
  });

  for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
    it(`shows ${role} no mutation, nor any type that only mutations use`, async () => {
      const shown = await shownTo(role);
      expect(shown.getMutationType() ?? null).to.equal(null);
      const names = Object.keys(shown.getTypeMap());
      expect(names.filter((name) => /Input$|Payload$|^Mutation$|UserError/.test(name))).to.deep.equal([]);
      expect(names).to.include.members(['User', 'Group', 'Node', 'UserWhere', 'UserKey', 'Viewer', 'DateTime']);
    });

    it(`G3: shows ${role} nothing else that is for administrators only`, async () => {
      const shown = await shownTo(role);
      const fieldsOf = (name: string) => {
        const type = shown.getType(name);
        return isObjectType(type) ? Object.keys(type.getFields()) : [];
      };
      const own = role === 'ANALYST' ? ['analytics'] : [];
      expect(fieldsOf('Query')).to.have.members([...PUBLIC, ...own]);
      for (const type of ['User', 'Group']) expect(fieldsOf(type)).to.include('id').and.not.include('history');
      const names = Object.keys(shown.getTypeMap());
      expect(
        names.filter((name) => /^(Change|Provisioning|AppIntegration|TenantSettings|Adoption)/.test(name)),
      ).to.deep.equal([]);
    });

    it(`answers ${role} a question about the schema and one about data together`, async () => {
      const query = 'query ($name: String!) { __type(name: $name) { name } viewer { role } users { totalCount } }';
      expect(await data(tenant, query, { name: 'Mutation' }, role)).to.deep.equal({
        __type: null,
        viewer: { role },
        users: { totalCount: 0 },
      });
    });

    it(`tells ${role} what went wrong beside a question about the schema as anywhere else`, async () => {
      const query = '{ __typename __schema { description } user(by: { userName: "x" }, includeDeleted: true) { id } }';
      const { body, headers } = await tenant.graphql(query, {}, { role });
      expect(codesOf(body)).to.deep.equal(['FORBIDDEN']);
      expect(body.errors[0].path).to.deep.equal(['user']);
      expect(body.errors[0].extensions.requestId).to.equal(headers.get('X-Request-Id'));
      expect(body.extensions.cost.requested).to.be.a('number');
    });
  }

  it('G3: is refused to everybody who is not signed in', async () => {
    const { status, body } = await post(tenant, { query: getIntrospectionQuery() });
    expect([status, codesOf(body)]).to.deep.equal([401, ['UNAUTHENTICATED']]);
  });
});
