// Requests that carry a marked value in every place a value can be in. A mark is letters and digits only, so that it
// passes wherever a name does.
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER, patchOf } from '../support/builders.js';

export interface CanaryProbe {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Marks {
  /** A new mark for a place. */
  mark(place: string): string;
  /** Places by their marks. */
  readonly places: ReadonlyMap<string, string>;
}

export function createMarks(): Marks {
  const places = new Map<string, string>();
  return {
    places,
    mark(place) {
      const mark = `Kanarie${String(places.size).padStart(3, '0')}x${Math.random().toString(36).slice(2, 10)}`;
      places.set(mark, place);
      return mark;
    },
  };
}

/** Places whose marks are in a text: as they were sent, in any case, encoded for an address or in base64. */
export function placesIn(text: string, { places }: Marks): string[] {
  const lower = text.toLowerCase();
  return [...places].flatMap(([mark, place]) =>
    lower.includes(mark.toLowerCase()) || text.includes(Buffer.from(mark).toString('base64').slice(0, 20))
      ? [place]
      : [],
  );
}

interface Callers {
  readonly scim: string;
  readonly person: string;
  readonly clientId: string;
}

/** A person with a mark in every attribute, also those that do not exist. */
export function markedPerson(of: Marks['mark']): Record<string, unknown> {
  const user = (name: string) => of(`user ${name}`);
  const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, user(name)]));
  const list = (name: string) => [{ value: user(`${name}.value`), display: user(`${name}.display`), type: 'other' }];
  return {
    schemas: [CORE_USER, ENTERPRISE_USER],
    ...texts(
      'userName',
      'externalId',
      'displayName',
      'nickName',
      'title',
      'userType',
      'preferredLanguage',
      'locale',
      'timezone',
      'password',
    ),
    profileUrl: `https://x.example/${user('profileUrl')}`,
    name: texts('formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'),
    emails: [
      {
        type: 'work',
        primary: true,
        value: `${user('emails.value')}@fabriek.example`,
        display: user('emails.display'),
      },
    ],
    ...Object.fromEntries(
      ['phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates'].map((name) => [name, list(name)]),
    ),
    addresses: [{ type: 'home', ...texts('streetAddress', 'locality', 'region', 'postalCode', 'country') }],
    [ENTERPRISE_USER]: {
      ...texts('employeeNumber', 'costCenter', 'organization', 'division', 'department'),
      manager: { value: user('manager.value'), displayName: user('manager.displayName') },
    },
    unknown: user('an unknown attribute'),
    [`x${user('the name of an attribute')}`]: 1,
    [`urn:x:${user('the name of a schema')}`]: { value: user('an unknown schema') },
  };
}

/** Everything but the person of `markedPerson`; `id` is that person's. */
export function probesWith(of: Marks['mark'], { scim, person, clientId }: Callers, id: string): CanaryProbe[] {
  const as = (token: string, type = 'application/scim+json') => ({
    Authorization: `Bearer ${token}`,
    'Content-Type': type,
  });
  const send = (method: string, path: string, body?: unknown, headers = {}): CanaryProbe => ({
    method,
    path: `/scim/v2${path}`,
    headers: { ...as(scim), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const get = (place: string, path: (mark: string) => string) => send('GET', path(of(place)));
  const patch = (...operations: object[]) => send('PATCH', `/Users/${id}`, patchOf(...operations));
  const user = (attributes: object) => send('POST', '/Users', { schemas: [CORE_USER], ...attributes });
  return [
    user({ userName: of('a new userName'), active: of('active that is none') }),
    user({ userName: of('userName without an e-mail address') }),
    user({ userName: of('userName with a list'), emails: of('emails that are none') }),
    user({ userName: `${of('a NUL character')}\0@x.example` }),
    send(
      'PUT',
      `/Users/${id}`,
      { schemas: [CORE_USER], userName: of('userName of a PUT') },
      { 'If-Match': `W/"${of('If-Match')}"` },
    ),
    send('POST', '/Users', `{"userName": "${of('broken JSON')}", }`),
    send('POST', '/Users', of('no JSON')),
    send('POST', '/Users', `{"userName": ${of('JSON without quotes')}}`),
    send('POST', '/Users', '{}', { 'Content-Type': `text/${of('the media type')}` }),
    patch({
      op: 'add',
      path: `emails[value eq "${of('a value path')}"].display`,
      value: of('the value of a value path'),
    }),
    patch({ op: 'replace', path: of('an unknown path'), value: of('the value of an unknown path') }),
    patch({ op: of('op'), path: 'title', value: 'x' }),
    patch({ op: 'replace', path: 'title[', value: of('the value of a broken path') }),
    patch({ op: 'replace', path: 'displayName', value: of('a new displayName') }),
    patch({ op: 'replace', value: { [`name.${of('a key that is a path')}`]: of('the value of a key') } }),
    send('POST', '/Groups', {
      schemas: [CORE_GROUP],
      displayName: of('a group'),
      externalId: of('a group externalId'),
    }),
    send('POST', '/Groups', {
      schemas: [CORE_GROUP],
      displayName: of('a group with a stranger'),
      members: [{ value: of('an unknown member'), display: of('a member display') }],
    }),
    send('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: of('bulkId'), data: { userName: of('userName in Bulk') } },
        { method: 'POST', path: `/${of('a path in Bulk')}`, bulkId: 'b', data: {} },
      ],
    }),
    get('a filter', (mark) => `/Users?filter=userName+eq+%22${mark}%22`),
    get('a filter on e-mail', (mark) => `/Users?filter=emails.value+co+%22${mark}%40x.example%22`),
    get('a broken filter', (mark) => `/Users?filter=userName+eq+${mark}+and`),
    get('an attribute in a filter', (mark) => `/Users?filter=${mark}+pr`),
    get('sortBy', (mark) => `/Users?sortBy=${mark}`),
    get('attributes', (mark) => `/Users?attributes=${mark}`),
    get('a cursor', (mark) => `/Users?cursor=${mark}`),
    get('startIndex', (mark) => `/Users?startIndex=${mark}`),
    get('an unknown parameter', (mark) => `/Users?${mark}=${mark}`),
    get('an id', (mark) => `/Users/${mark}`),
    get('a resource type', (mark) => `/${mark}`),
    get('a schema', (mark) => `/Schemas/${mark}`),
    get('an encoded id', (mark) => `/Users/%25${mark}`),
    send('POST', '/Users/.search', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: `title co "${of('a filter of .search')}"`,
    }),
    ...graphqlProbes(of, as(person, 'application/json')),
    ...strangerProbes(of, clientId),
  ];
}

function graphqlProbes(of: Marks['mark'], headers: CanaryProbe['headers']): CanaryProbe[] {
  const ask = (query: string, more: object = {}): CanaryProbe => ({
    method: 'POST',
    path: '/graphql',
    headers,
    body: JSON.stringify({ query, ...more }),
  });
  const where = 'query ($w: UserWhere) { users(where: $w) { nodes { displayName } } }';
  const make =
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { message } } }';
  return [
    ask(`{ users(where: { displayName: { equals: "${of('a literal in a query')}" } }) { nodes { id } } }`),
    ask(where, { variables: { w: { displayName: { contains: of('a variable') } } } }),
    ask(where, { variables: { w: { active: of('a variable of a wrong type') } } }),
    ask(where, { variables: { [of('the name of a variable')]: 1 }, operationName: of('operationName') }),
    ask(`{ ${of('an unknown field')} }`),
    ask(`{ ${of('an alias')}: viewer { __typename } }`),
    ask(`# ${of('a comment')}\n{ viewer { __typename } }`),
    ask(`{ users(where: "${of('a broken query')}`),
    ask(`query ${of('the name of a query')} { viewer { __typename } }`),
    ask(`{ node(id: "${of('a node id')}") { id } }`),
    ask(`{ users(after: "${of('a GraphQL cursor')}") { nodes { id } } }`),
    ask(make, {
      variables: {
        input: {
          userName: `${of('a new local person')}@x.example`,
          email: `${of('a new local address')}@x.example`,
          displayName: of('a new local name'),
        },
      },
    }),
    ask(make, {
      variables: { input: { userName: 'x', email: of('an address that is none'), displayName: of('a refused name') } },
    }),
    ask('{ viewer { __typename } }', { extensions: { [of('an extension')]: of('the value of an extension') } }),
    { method: 'POST', path: '/graphql', headers, body: `{"query": "${of('broken GraphQL JSON')}` },
  ];
}

/** What somebody without a token sends: whatever it is, nothing of it is said again. */
function strangerProbes(of: Marks['mark'], clientId: string): CanaryProbe[] {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const token = (fields: Record<string, string>, headers = {}): CanaryProbe => ({
    method: 'POST',
    path: '/oauth2/token',
    headers: { ...form, ...headers },
    body: String(new URLSearchParams(fields)),
  });
  const grant = { grant_type: 'client_credentials', client_id: clientId };
  const look = (headers: Record<string, string>, path = '/scim/v2/Users'): CanaryProbe => ({
    method: 'GET',
    path,
    headers,
  });
  const stranger = (place: string) => of(`stranger: ${place}`);
  return [
    token({ ...grant, client_secret: stranger('client_secret') }),
    token({ ...grant, client_id: stranger('client_id'), client_secret: 'x' }),
    token({ ...grant, scope: stranger('scope'), client_secret: 'x' }),
    token({ ...grant, grant_type: stranger('grant_type'), client_secret: 'x' }),
    token({
      ...grant,
      client_assertion: stranger('client_assertion'),
      client_assertion_type: stranger('client_assertion_type'),
    }),
    token({ ...grant, [stranger('a field')]: stranger('the value of a field') }),
    token(grant, {
      Authorization: `Basic ${Buffer.from(`${stranger('Basic id')}:${stranger('Basic secret')}`).toString('base64')}`,
    }),
    { ...token(grant), path: `/oauth2/token?client_secret=${stranger('client_secret in the address')}` },
    {
      ...token(grant),
      body: `{"client_secret": "${stranger('client_secret in JSON')}"}`,
      headers: { 'Content-Type': 'application/json' },
    },
    look({ Authorization: `Bearer ${stranger('a bearer token')}` }),
    look({
      Authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"sub":"${stranger('a claim')}"}`).toString('base64url')}.`,
    }),
    look({ Authorization: stranger('an authorization scheme') }),
    look({
      'User-Agent': stranger('User-Agent'),
      Referer: `https://${stranger('Referer')}/`,
      Cookie: `session=${stranger('Cookie')}`,
    }),
    look({
      'X-Forwarded-For': stranger('X-Forwarded-For'),
      'X-Forwarded-Host': stranger('X-Forwarded-Host'),
      Forwarded: `for=${stranger('Forwarded')}`,
    }),
    look({
      'X-Request-Id': `"${stranger('an X-Request-Id that is none')}"`,
      [`X-${stranger('the name of a header')}`]: 'x',
    }),
    look({
      Accept: stranger('Accept'),
      'Accept-Language': stranger('Accept-Language'),
      'If-None-Match': stranger('If-None-Match'),
    }),
    look({}, `/scim/v2/Users?access_token=${stranger('access_token in the address')}`),
    look({}, `/scim/v2/Users/${stranger('an id')}`),
    look({}, `/${stranger('a path')}?${stranger('a parameter')}=${stranger('the value of a parameter')}`),
    look({}, `/.well-known/${stranger('a well-known path')}`),
    look({}, `/graphql?query=%7B${stranger('a query in the address')}%7D`),
    { method: 'PUT', path: '/readyz', headers: { 'Content-Type': 'text/plain' }, body: stranger('a body') },
  ];
}
