// Probes of every value that any field of the running GraphQL schema takes, as each role and as an app integration.
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema } from 'graphql';
import { type TestTenant } from '../../support/tenant.js';
import { documentOf, filledIn, globalIdOf, type Place, placesOf } from './graphqlPlaces.js';
import { type Caller } from './inhabit.js';
import { type Probe } from './probe.js';
import { ID_KINDS, NAME_KINDS, type Values, valueOf } from './values.js';

const ROLES: readonly Caller[] = ['ADMIN', 'ANALYST', 'FRONTEND', 'READ_ONLY'];

/** The schema as an administrator sees it: all of it. */
export async function schemaOf(tenant: TestTenant): Promise<GraphQLSchema> {
  const { body } = await tenant.graphql(getIntrospectionQuery({ oneOf: true }));
  return buildClientSchema(body.data);
}

export function graphqlProbes(schema: GraphQLSchema): Probe[] {
  return placesOf(schema).flatMap((place, at) => givenAt(place).flatMap((given) => asked(place, given, at)));
}

/** What is put at a place. */
interface Given {
  readonly name: string;
  readonly value: (given: Values) => string;
}

function asked(place: Place, { name, value }: Given, at: number): Probe[] {
  const writes = place.field.root === 'mutation';
  // Deep inside conditions there are so many places that each is asked by one role in turn.
  const roles = writes ? ROLES.slice(0, 2) : place.way.length > 2 ? ROLES.filter((_, role) => role === at % 4) : ROLES;
  return roles.map((as) => ({
    name: `graphql ${place.name} {${name}}`,
    as,
    writes,
    ask: (given, own) => {
      const variables = place.variables(value(given), own);
      const query = filledIn(documentOf(place, Object.keys(variables)), own);
      return { method: 'POST', path: '/graphql', body: { query, variables } };
    },
  }));
}

const as = (kind: string): Given => ({ name: kind, value: (given) => valueOf(given, kind) });
const global = (type: string, kind: string): Given => ({
  name: `${type}:${kind}`,
  value: (given) => globalIdOf(type, valueOf(given, kind)),
});

const GLOBAL_IDS: readonly Given[] = [
  ...ID_KINDS.flatMap((kind) => [global(/group/i.test(kind) ? 'Group' : 'User', kind)]),
  global('User', 'groupId'),
  global('Group', 'userId'),
  global('AppIntegration', 'clientId'),
  global('Tenant', 'tenantId'),
  as('userId'),
  as('clientId'),
];

const CURSORS = [
  'gqlUsersCursor',
  'gqlGroupsCursor',
  'gqlHistoryCursor',
  'gqlLogCursor',
  'gqlChangesCursor',
  'gqlMembersCursor',
  'usersCursor',
];

/** What suits a place: ids and cursors of every kind, texts by the name of the field. */
function givenAt({ scalar, way, field }: Place): Given[] {
  const last = way.at(-1) ?? '';
  if (scalar === 'ID') return way.length > 4 ? GLOBAL_IDS.slice(0, 2) : [...GLOBAL_IDS];
  if (scalar === 'UUID') return ID_KINDS.map(as);
  if (scalar === 'DateTime') return [as('createdAt')];
  if (/^(after|before)$/.test(last)) return CURSORS.map(as);
  if (field.root === 'mutation') return [...mutationTexts(last), as('userId')];
  const names = ATTRIBUTES.get(way.find((name) => ATTRIBUTES.has(name)) ?? '') ?? NAME_KINDS.slice(0, 6);
  const whole = names.map(as);
  return /^(contains|startsWith|endsWith|search)$/.test(last) ? [...whole, ...whole.slice(0, 1).map(part)] : whole;
}

/** All but the ends: a mark is still in it. */
const part = ({ name, value }: Given): Given => ({
  name: `part of ${name}`,
  value: (given) => value(given).slice(0, -3),
});

/** Names of fields whose values are those of these kinds. */
const ATTRIBUTES = new Map<string, readonly string[]>([
  ['costCenter', ['User:costCenter']],
  ['department', ['User:department']],
  ['division', ['User:division']],
  ['organization', ['User:organization']],
  ['displayName', ['User:displayName', 'Group:displayName']],
  ['email', ['User:emails.value', 'localUserName', 'protectedUserName']],
  ['emails', ['User:emails.value', 'localUserName']],
  ['employeeNumber', ['User:employeeNumber']],
  ['externalId', ['User:externalId', 'Group:externalId']],
  ['familyName', ['User:name.familyName']],
  ['formattedName', ['User:name.formatted']],
  ['givenName', ['User:name.givenName']],
  ['middleName', ['User:name.middleName']],
  ['honorificPrefix', ['User:name.honorificPrefix']],
  ['honorificSuffix', ['User:name.honorificSuffix']],
  ['locale', ['User:locale']],
  ['nickName', ['User:nickName']],
  ['phoneNumbers', ['User:phoneNumbers.value']],
  ['preferredLanguage', ['User:preferredLanguage']],
  ['profileUrl', ['User:profileUrl']],
  ['timezone', ['User:timezone']],
  ['title', ['User:title']],
  ['userName', ['User:userName', 'localUserName', 'protectedUserName', 'deletedUserName']],
  ['userType', ['User:userType']],
  ['requestId', ['requestId']],
  ['search', ['User:displayName', 'User:userName', 'Group:displayName']],
]);

/** Values that are written: of people who are not read by. */
function mutationTexts(field: string): Given[] {
  if (/userName|email/i.test(field)) return ['spare1User:userName', 'localUserName', 'protectedUserName'].map(as);
  if (field === 'displayName') return ['spare2Group:displayName', 'spare2User:displayName', 'localGroupName'].map(as);
  return ['spare3User:title', 'integrationName', 'lockReason'].map(as);
}
