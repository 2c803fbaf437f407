// Mutations of the address: paths that try to get around something, and query parameters nobody expects.
import { longText, mangledText, STRANGE_TEXTS, type Mutation } from './mutation.js';
import { type Random } from './random.js';

const PARAMETERS = [
  'filter',
  'attributes',
  'excludedAttributes',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
  'COUNT',
  'q',
  'access_token',
  '__proto__',
];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  startIndex: [
    '-1',
    '0',
    '1',
    '-9999999999',
    '999999999999999',
    '9999999999999999999',
    '1e3',
    '0x10',
    '1.5',
    '',
    ' 1',
    '%2B1',
    'NaN',
    '１',
  ],
  count: ['-1', '0', '1', '1000', '1001', '2147483648', '999999999999999', '1e3', '', 'x', '-0'],
  cursor: ['', 'x', 'AAAA', 'e30', '%00', '!!!!', 'A'.repeat(3000), '..%2F', 'null', 'undefined'],
  sortBy: [
    'userName',
    'emails',
    'emails.value',
    'name',
    'name.familyName',
    'meta.created',
    'members',
    'manager',
    'id;drop',
    '%00',
    '',
    '__proto__',
    'groups',
    'password',
    'urn:x',
  ],
  sortOrder: ['ascending', 'descending', 'DESCENDING', 'down', '', '%00'],
  attributes: [
    'userName',
    'emails.value',
    ',,,',
    '*',
    '__proto__',
    'userName,,%20id',
    'members',
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'a.b.c.d',
    '%00',
    '%ff',
    '[',
    'emails%5Btype%20eq%20%22x%22%5D',
  ],
};
const PATHS = [
  '/',
  '//',
  '*',
  '/scim',
  '/scim/',
  '/scim/v2',
  '/scim/v2/',
  '/scim/v1/Users',
  '/SCIM/V2/Users',
  '/scim/v2/users',
  '/scim/v2/Me',
  '/scim/v2/Bulk',
  '/scim/v2/.search',
  '/scim/v2/Users/.search',
  '/scim/v2/ServiceProviderConfig',
  '/scim/v2/ResourceTypes',
  '/scim/v2/ResourceTypes/User',
  '/scim/v2/Schemas',
  '/scim/v2/Schemas/x',
  '/scim/v2/constructor',
  '/scim/v2/__proto__',
  '/scim/v2/Users/__proto__',
  '/scim/v2/Users/constructor/prototype',
  '/scim/v2/Users/00000000-0000-0000-0000-000000000000',
  '/scim/v2/Groups/%00',
  '/livez',
  '/readyz',
  '/metrics',
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/graphql',
  '/oauth2/token',
  'http://127.0.0.1/scim/v2/Users',
  'scim/v2/Users',
  '/scim/v2/Users#x',
  '/%',
  '/%zz',
];

export const TARGET_MUTATIONS: readonly Mutation[] = [
  onPath('another path', (_, random) => random.pick(PATHS)),
  onPath('a mangled path', mangledText),
  onPath('a percent-encoded path', (path, random) => encodedLetter(path, random, random.pick([1, 2, 3]))),
  onPath('dots in the path', (path, random) =>
    inserted(path, random, ['/..', '/.', '/%2e%2e', '/..%2f', '/../..', '/%252e%252e', '/..;', '\\..']),
  ),
  onPath('slashes in the path', (path, random) =>
    inserted(path, random, ['/', '//', '///', '\\', '%2f', '%5c', '/'.repeat(2000)]),
  ),
  onPath('bytes in the path', (path, random) =>
    inserted(path, random, [
      '%00',
      '%ff',
      '%c0%af',
      '%',
      '%u0041',
      '\u00e9',
      '\u0001',
      ' ',
      '\t',
      ';x=y',
      '%0d%0aX-Injected: 1',
      '%ed%a0%80',
    ]),
  ),
  onPath(
    'a long path',
    (path, random) =>
      path +
      '/'.concat(longText(random, random.pick(['a', 'a/', '%41']))).slice(0, random.pick([300, 9000, 39_000, 60_000])),
  ),
  onPath('an odd id', (path, random) =>
    path.replace(/\/(Users|Groups)(\/[^/?]*)?/, `/$1/${encodeURIComponent(random.pick(STRANGE_TEXTS).toWellFormed())}`),
  ),
  onQuery('a query parameter', (query, random) => [...query, parameter(random)]),
  onQuery('query parameters repeated', (query, random) => [...query, ...query, parameter(random), parameter(random)]),
  onQuery('many query parameters', (query, random) => [
    ...query,
    ...Array.from({ length: random.pick([100, 1000, 4000]) }, (_, n) => `p${n}=1`),
  ]),
  onQuery('a mangled query', (query, random) => mangledText(query.join('&'), random).split('&')),
  onQuery('another encoding of the query', (query, random) => [
    encodedLetter(query.join('&'), random, random.pick([1, 2])),
  ]),
  onQuery('an odd query', (_, random) => [
    random.pick([
      '',
      '&',
      '=',
      '&&&=&',
      '?',
      '%',
      '=x',
      'filter',
      'filter=',
      'filter[$ne]=x',
      'count[]=1',
      '__proto__[x]=1',
      '%66ilter=userName%20pr',
      'filter=%',
    ]),
  ]),
];

function parameter(random: Random): string {
  const name = random.pick(PARAMETERS);
  const known = VALUES[name];
  if (known && !random.once(4)) return `${name}=${random.pick(known)}`;
  return `${name}=${encodeURIComponent(random.pick(STRANGE_TEXTS).toWellFormed())}`;
}

function encodedLetter(text: string, random: Random, rounds: number): string {
  const at = random.below(text.length);
  let letter = text.slice(at, at + 1);
  for (let round = 0; round < rounds; round += 1) {
    letter = Buffer.from(letter)
      .toString('hex')
      .replace(/../g, random.once(2) ? '%$&' : '%$&'.toUpperCase());
  }
  return text.slice(0, at) + letter + text.slice(at + 1);
}

function inserted(path: string, random: Random, pieces: readonly string[]): string {
  const at = random.below(path.length + 1);
  return path.slice(0, at) + random.pick(pieces) + path.slice(at);
}

function onPath(name: string, change: (path: string, random: Random) => string): Mutation {
  return {
    name,
    apply(request, random) {
      const [path = '', ...query] = request.target.split('?');
      const target = [change(path, random), ...query].join('?');
      // An empty address would make it another protocol version.
      return target === '' ? undefined : { ...request, target: onOneLine(target) };
    },
  };
}

function onQuery(name: string, change: (query: readonly string[], random: Random) => readonly string[]): Mutation {
  return {
    name,
    apply(request, random) {
      const [path = '', ...rest] = request.target.split('?');
      const query = rest.join('?');
      const changed = change(query === '' ? [] : query.split('&'), random).join('&');
      return { ...request, target: onOneLine(`${path}?${changed}`) };
    },
  };
}

/** A line break would end the request line: that is the business of mutateHeaders. */
const onOneLine = (target: string): string => target.replace(/[\r\n]/g, '').toWellFormed();
