// Probes of everything that finds: filters on every published attribute with another tenant's value of it, value paths,
// sorting, cursors, projections.
import { isInExtension, nameOf, type Subject, subjectsOf } from '../../scim/publishedAttributes.js';
import { ENTERPRISE_USER } from '../../support/builders.js';
import { type Json } from '../../support/tenant.js';
import { type Caller } from './inhabit.js';
import { type Asked, type Probe } from './probe.js';
import { READERS, SCIM } from './scimPaths.js';
import { ID_KINDS, NAME_KINDS, type Values, valueOf } from './values.js';

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/** How a list is asked for: by a query, or by a search. */
type Place = (endpoint: string, parameters: Readonly<Record<string, string>>) => Asked;

const byQuery: Place = (endpoint, parameters) => ({
  method: 'GET',
  path: `${SCIM}${endpoint}?${Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`,
});
const bySearch: Place = (endpoint, parameters) => ({
  method: 'POST',
  path: `${SCIM}${endpoint}/.search`,
  body: { schemas: [SEARCH_REQUEST], ...parameters },
});
const PLACES: Readonly<Record<string, Place>> = {
  GET: byQuery,
  search: bySearch,
  'search at the root': (_, parameters) => bySearch('', parameters),
};

interface Filtered {
  readonly name: string;
  readonly endpoint: string;
  readonly filter: (given: Values, own: Values) => string;
  readonly more?: Readonly<Record<string, string>>;
  readonly place?: keyof typeof PLACES;
  readonly as?: Caller;
}

const filtered = ({ name, endpoint, filter, more = {}, place = 'GET', as = 'FULL' }: Filtered): Probe => ({
  name: `${place} ${endpoint} ${name}`,
  as,
  writes: false,
  ask: (given, own) => (PLACES[place] ?? byQuery)(endpoint, { filter: filter(given, own), ...more }),
});

const quoted = (value: string): string => JSON.stringify(value);

/** A list for every attribute of the documents, every operator, in every place. */
export function filterProbes(documents: readonly Json[]): Probe[] {
  const subjects = subjectsOf(documents);
  return [...subjects.flatMap(ofSubject), ...crosswise(subjects), ...sorted(subjects), ...projected()];
}

/** Which of another tenant's values suits an attribute. */
function kindFor(subject: Subject): string {
  const { endpoint, attribute, sub } = subject;
  const name = nameOf(subject).replace(`${ENTERPRISE_USER}:`, '');
  const leaf = sub ?? attribute;
  if (leaf.type === 'dateTime') return 'createdAt';
  if (name === 'id') return endpoint === '/Users' ? 'userId' : 'groupId';
  if (attribute.name === 'groups') return sub?.name === 'display' ? 'Group:displayName' : 'groupId';
  if (attribute.name === 'members') return sub?.name === 'display' ? 'User:displayName' : 'userId';
  if (attribute.name === 'manager') return sub?.name === 'displayName' ? 'User:displayName' : 'managerId';
  // Versions are the same in every tenant.
  if (attribute.name === 'meta') return 'userId';
  if (!sub && attribute.multiValued) return `${endpoint === '/Users' ? 'User' : 'Group'}:${name}.value`;
  if (!sub && attribute.subAttributes) return `User:${name}.${attribute.subAttributes[0]?.name ?? ''}`;
  return `${endpoint === '/Users' ? 'User' : 'Group'}:${name}`;
}

function ofSubject(subject: Subject): Probe[] {
  const { endpoint, attribute, sub } = subject;
  const path = nameOf(subject);
  const kind = kindFor(subject);
  const value = (given: Values) => quoted(given[kind] ?? valueOf(given, 'User:userName'));
  const probes = OPERATORS.flatMap((operator) =>
    READERS.map((as) =>
      filtered({
        name: `${path} ${operator} {${kind}}`,
        endpoint,
        as,
        filter: (given) => `${path} ${operator} ${value(given)}`,
      }),
    ),
  );
  const forms: readonly ((given: Values, own: Values) => string)[] = [
    (given) => `${path} eq ${value(given)}`,
    (given) => `not (${path} ne ${value(given)})`,
    (given, own) =>
      `${path} eq ${value(given)} or id eq ${quoted(valueOf(own, endpoint === '/Users' ? 'userId' : 'groupId'))}`,
    (given, own) =>
      `${path} eq ${value(given)} and id eq ${quoted(valueOf(own, endpoint === '/Users' ? 'userId' : 'groupId'))}`,
    (given, own) => `${path} eq ${value(given)} or ${path} eq ${value(own)}`,
  ];
  for (const [at, filter] of forms.entries()) {
    for (const place of Object.keys(PLACES))
      probes.push(filtered({ name: `${path} form ${at} {${kind}}`, endpoint, filter, place }));
  }
  if (sub && attribute.multiValued) probes.push(...valuePaths(subject, kind));
  return probes;
}

function valuePaths({ endpoint, attribute, sub }: Subject, kind: string): Probe[] {
  const of = attribute.name;
  const value = (given: Values) => quoted(given[kind] ?? valueOf(given, 'User:userName'));
  const inside = ['eq', 'co', 'sw', 'ne'].map(
    (operator) => (given: Values) => `${of}[${sub?.name} ${operator} ${value(given)}]`,
  );
  const more = [
    (given: Values) => `${of}[${sub?.name} eq ${value(given)} and type pr]`,
    (given: Values) => `not (${of}[${sub?.name} ne ${value(given)}])`,
    (given: Values) => `${of}[not (${sub?.name} ne ${value(given)})].value pr`,
  ];
  return [...inside, ...more].flatMap((filter, at) =>
    READERS.slice(0, 2).map((as) => filtered({ name: `${of}[${sub?.name}] ${at} {${kind}}`, endpoint, as, filter })),
  );
}

/** Ids and names where ids and names are looked for, whatever they are of. */
function crosswise(subjects: readonly Subject[]): Probe[] {
  const looked =
    /^(id|externalId|userName|displayName|emails\.value|members\.value|members\.\$ref|groups\.value|groups\.\$ref|meta\.location)$/;
  return subjects
    .filter((subject) => looked.test(nameOf(subject)) || subject.attribute.name === 'manager')
    .flatMap((subject) =>
      [...ID_KINDS, ...NAME_KINDS].flatMap((kind) =>
        ['eq', 'sw', 'co'].map((operator) => {
          const path = nameOf(subject);
          const filter = (given: Values) => `${path} ${operator} ${quoted(referenceOf(path, valueOf(given, kind)))}`;
          return filtered({ name: `${path} ${operator} {${kind}} crosswise`, endpoint: subject.endpoint, filter });
        }),
      ),
    );
}

const referenceOf = (path: string, value: string): string =>
  /\$ref|location/.test(path) ? `../Users/${value}` : value;

function sorted(subjects: readonly Subject[]): Probe[] {
  return subjects.flatMap((subject) => {
    const { endpoint } = subject;
    const kind = endpoint === '/Users' ? 'User:userName' : 'Group:displayName';
    const path = kind.replace(/^\w+:/, '');
    return ['ascending', 'descending'].map((sortOrder) =>
      filtered({
        name: `sorted by ${nameOf(subject)} ${sortOrder}`,
        endpoint,
        more: { sortBy: isInExtension(subject) ? nameOf(subject) : nameOf(subject), sortOrder },
        filter: (given, own) =>
          `${path} eq ${quoted(valueOf(given, kind))} or ${path} eq ${quoted(valueOf(own, kind))}`,
      }),
    );
  });
}

/** Values in the parameters that are no filter, and in parameters that there are not. */
function projected(): Probe[] {
  const names = [
    'attributes',
    'excludedAttributes',
    'sortBy',
    'startIndex',
    'count',
    'tenant',
    'tenantId',
    'id',
    'access_token',
  ];
  return ['/Users', '/Groups', ''].flatMap((endpoint) =>
    names.flatMap((name) =>
      ['userId', 'groupId', 'tenantId', 'slug', 'clientId', 'token', 'User:userName'].map((kind): Probe => ({
        name: `GET ${endpoint}?${name}={${kind}}`,
        as: 'FULL',
        writes: false,
        ask: (given) => byQuery(endpoint, { [name]: valueOf(given, kind) }),
      })),
    ),
  );
}

const CURSORS = [
  'usersCursor',
  'groupsCursor',
  'rootCursor',
  'sortedCursor',
  'filteredCursor',
  'gqlUsersCursor',
  'userId',
];

/** Cursors of every list in every list. */
export function cursorProbes(): Probe[] {
  const lists: readonly Readonly<Record<string, string>>[] = [
    {},
    { count: '1' },
    { sortBy: 'userName' },
    { filter: 'active eq true' },
    { attributes: 'id' },
  ];
  return ['/Users', '/Groups', ''].flatMap((endpoint) =>
    lists.flatMap((list, at) =>
      CURSORS.flatMap((kind) =>
        ['GET', 'search'].flatMap((place) =>
          READERS.map((as): Probe => ({
            name: `${place} ${endpoint} list ${at} cursor {${kind}}`,
            as,
            writes: false,
            ask: (given) => (PLACES[place] ?? byQuery)(endpoint, { ...list, cursor: valueOf(given, kind) }),
          })),
        ),
      ),
    ),
  );
}
