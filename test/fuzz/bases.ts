// What is mutated: the recorded exchanges, and requests of the faces and endpoints that no exchange speaks with.
import { readdirSync, readFileSync } from 'node:fs';
import { type Exchange, type RecordedRequest } from '../entra/exchange.js';
import { aGroup, aUser, CORE_GROUP, CORE_USER, patchOf } from '../support/builders.js';

export interface Base {
  readonly name: string;
  readonly profile: 'ENTRA' | 'RFC';
  readonly given: readonly RecordedRequest[];
  /** What is mutated. Paths of SCIM are below /scim/v2. */
  readonly requests: readonly BaseRequest[];
}

export interface BaseRequest extends RecordedRequest {
  /** Who asks; `nobody` sends no token. */
  readonly by?: 'integration' | 'administrator' | 'nobody';
  readonly face?: 'scim' | 'token' | 'graphql';
}

const FOLDER = new URL('../entra/exchanges/', import.meta.url);
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

/** All of them, in an order that only files change. */
export const bases = (): readonly Base[] => {
  const recorded = readdirSync(FOLDER)
    .sort()
    .flatMap((file) => recordedBases(file, JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Exchange));
  // One of ours for every four recorded ones.
  const ours = OURS.map((base): Base => ({ profile: 'ENTRA', given: GIVEN, ...base }));
  return recorded.flatMap((base, n) => (n % 4 === 0 ? [base, ours[(n / 4) % ours.length] ?? base] : [base]));
};

function recordedBases(name: string, { profile = 'ENTRA', given = [], request, then = [] }: Exchange): Base[] {
  // What the exchange is about, most of the time.
  const requests = [...given.slice(0, 1), request, request, request, ...then.map((step) => step.request)];
  const profiles = profile === 'BOTH' ? (['ENTRA', 'RFC'] as const) : [profile];
  return profiles.map((one) => ({ name, profile: one, given, requests }));
}

const GIVEN: readonly RecordedRequest[] = [
  { as: 'mara', method: 'POST', path: '/Users', body: aUser({ userName: 'mara.vos@fabriek.example', emails: [] }) },
  { as: 'bram', method: 'POST', path: '/Users', body: aUser({ userName: 'bram@fabriek.example', emails: [] }) },
  {
    as: 'group',
    method: 'POST',
    path: '/Groups',
    body: aGroup({ displayName: 'Kade Noord', members: [{ value: '${mara.id}' }] }),
  },
];

const graphql = (query: string, variables: object = {}): BaseRequest => ({
  face: 'graphql',
  by: 'administrator',
  method: 'POST',
  path: '/graphql',
  body: { query, variables },
});

const OURS: readonly Pick<Base, 'name' | 'requests'>[] = [
  {
    name: 'token endpoint',
    requests: ['', '&scope=scim.read', '&scope=scim.read+scim.write', '&resource=x'].map((more) => ({
      face: 'token',
      by: 'nobody',
      method: 'POST',
      path: '/oauth2/token',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=\${client.id}&client_secret=\${client.secret}${more}`,
    })),
  },
  {
    name: 'GraphQL',
    requests: [
      graphql(
        'query ($where: UserWhere, $orderBy: [UserOrder!], $first: Int, $after: String) { users(where: $where, orderBy: $orderBy, first: $first, after: $after) { totalCount nodes { id userName emails { value } manager { userName } groups { nodes { displayName } } } pageInfo { endCursor } } }',
        {
          where: { userName: { startsWith: 'mara' }, active: true },
          orderBy: [{ field: 'DISPLAY_NAME', direction: 'ASC' }],
          first: 10,
          after: null,
        },
      ),
      graphql(
        '{ users(first: 5) { nodes { ...person directReports { nodes { ...person } } } } } fragment person on User { id userName }',
      ),
      graphql('query ($by: UserKey!) { user(by: $by) { id userName history: status } }', {
        by: { userName: 'mara.vos@fabriek.example' },
      }),
      graphql(
        'query ($where: GroupWhere) { groups(where: $where, last: 2) { nodes { displayName members { totalCount } } } }',
        { where: { displayName: { contains: 'Kade' } } },
      ),
      graphql('mutation ($input: CreateUserInput!) { createUser(input: $input) { __typename } }', {
        input: { userName: 'lokaal@fabriek.example' },
      }),
      graphql('mutation ($input: CreateGroupInput!) { createGroup(input: $input) { __typename } }', {
        input: { displayName: 'Lokaal' },
      }),
      graphql(
        'query ($id: ID!) { node(id: $id) { id __typename } viewer { __typename } __schema { types { name } } }',
        { id: 'x' },
      ),
    ],
  },
  {
    name: 'lists and searches',
    requests: [
      {
        method: 'GET',
        path: '/Users?startIndex=1&count=10&sortBy=userName&sortOrder=descending&attributes=userName,emails',
      },
      { method: 'GET', path: '/Users?filter=emails%5Btype%20eq%20%22work%22%20and%20value%20co%20%22@%22%5D&cursor' },
      { method: 'GET', path: '/Users?cursor=&count=1' },
      { method: 'GET', path: '/Groups?filter=members.value%20eq%20%22${mara.id}%22&excludedAttributes=members' },
      { method: 'GET', path: '/Users/${mara.id}', headers: { 'If-None-Match': 'W/"1"' } },
      { method: 'HEAD', path: '/Groups/${group.id}' },
      { method: 'GET', path: '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', by: 'nobody' },
      { method: 'GET', path: '/ServiceProviderConfig' },
      ...['/.search', '/Users/.search', '/Groups/.search'].map((path) => ({
        method: 'POST',
        path,
        body: { schemas: [SEARCH], filter: 'id pr', attributes: ['id'], startIndex: 1, count: 5, sortBy: 'id' },
      })),
    ],
  },
  {
    name: 'writes of every kind',
    requests: [
      { method: 'POST', path: '/Users', body: aUser({ userName: 'nieuw@fabriek.example', emails: [] }) },
      {
        method: 'PUT',
        path: '/Users/${mara.id}',
        headers: { 'If-Match': 'W/"1"' },
        body: {
          schemas: [CORE_USER],
          userName: 'mara.vos@fabriek.example',
          name: { familyName: 'Vos' },
          photos: [{ value: 'https://fabriek.example/mara.png' }],
        },
      },
      {
        method: 'PUT',
        path: '/Groups/${group.id}',
        body: { schemas: [CORE_GROUP], displayName: 'Kade Zuid', members: [{ value: '${bram.id}' }] },
      },
      {
        method: 'PATCH',
        path: '/Groups/${group.id}',
        body: patchOf(
          { op: 'add', path: 'members', value: [{ value: '${bram.id}' }] },
          { op: 'remove', path: 'members[value eq "${mara.id}"]' },
        ),
      },
      {
        method: 'PATCH',
        path: '/Users/${bram.id}',
        body: patchOf(
          { op: 'replace', value: { 'name.givenName': 'Bram', active: 'True' } },
          { op: 'add', path: 'emails[type eq "work"].value', value: 'b@fabriek.example' },
        ),
      },
      {
        method: 'POST',
        path: '/Bulk',
        body: {
          schemas: [BULK],
          failOnErrors: 1,
          Operations: [
            {
              method: 'POST',
              path: '/Users',
              bulkId: 'a',
              data: aUser({ userName: 'bulk@fabriek.example', emails: [] }),
            },
            {
              method: 'POST',
              path: '/Groups',
              bulkId: 'b',
              data: aGroup({ displayName: 'Bulk', members: [{ value: 'bulkId:a' }] }),
            },
            {
              method: 'PATCH',
              path: '/Users/${mara.id}',
              data: patchOf({ op: 'replace', path: 'active', value: false }),
            },
            { method: 'DELETE', path: '/Users/bulkId:a' },
          ],
        },
      },
    ],
  },
];
