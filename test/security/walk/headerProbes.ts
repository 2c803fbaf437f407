// Probes of the headers that other programs take a tenant, an address or a caller from, on both faces; and of the token
// endpoint with another tenant's Client ID.
import { type Caller } from './inhabit.js';
import { type Asked, type Probe } from './probe.js';
import { SCIM } from './scimPaths.js';
import { type Values, valueOf } from './values.js';

const HEADERS = [
  'Host',
  'X-Forwarded-Host',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Prefix',
  'X-Real-IP',
  'Forwarded',
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-HTTP-Method-Override',
  'X-Tenant',
  'X-Tenant-Id',
  'X-Client-Id',
  'X-User-Id',
  'Origin',
  'Referer',
  'Cookie',
  'X-Request-Id',
  'If-Match',
  'If-None-Match',
  'Accept-Language',
];

const KINDS = ['userId', 'tenantId', 'clientId', 'slug', 'User:userName', 'token'];

/** A header's value that points at somebody. */
const pointing = (header: string, value: string): string => {
  if (/host$/i.test(header)) return `evil:fake@${value}.walk.example`;
  if (/url|prefix/i.test(header)) return `/scim/v2/Users/${value}`;
  if (/origin|referer/i.test(header)) return `https://${value}.walk.example/scim/v2/Users/${value}`;
  if (/^forwarded$/i.test(header)) return `for=${value};host=${value}`;
  return /cookie/i.test(header) ? `token=${value}; tenant=${value}` : value;
};

const REQUESTS: Readonly<Record<string, { readonly as: Caller; readonly ask: (given: Values, own: Values) => Asked }>> =
  {
    'GET /Users': { as: 'FULL', ask: () => ({ method: 'GET', path: `${SCIM}/Users?count=3` }) },
    'GET /Users/own': {
      as: 'RFC',
      ask: (_, own) => ({ method: 'GET', path: `${SCIM}/Users/${valueOf(own, 'userId')}` }),
    },
    'GET /Groups/own': {
      as: 'READ_ONLY',
      ask: (_, own) => ({ method: 'GET', path: `${SCIM}/Groups/${valueOf(own, 'groupId')}` }),
    },
    'GET /Users/{userId}': {
      as: 'FULL',
      ask: (given) => ({ method: 'GET', path: `${SCIM}/Users/${valueOf(given, 'userId')}` }),
    },
    'GET /Schemas': { as: 'NONE', ask: () => ({ method: 'GET', path: `${SCIM}/Schemas` }) },
    'GET /ResourceTypes in public': { as: 'PUBLIC', ask: () => ({ method: 'GET', path: `${SCIM}/ResourceTypes` }) },
    'GET /Users in public': { as: 'PUBLIC', ask: () => ({ method: 'GET', path: `${SCIM}/Users` }) },
    'graphql viewer': {
      as: 'ADMIN',
      ask: () => ({
        method: 'POST',
        path: '/graphql',
        body: { query: '{ viewer { tenant } users { nodes { userName } } }' },
      }),
    },
  };

export function headerProbes(): Probe[] {
  return Object.entries(REQUESTS).flatMap(([name, { as, ask }]) =>
    HEADERS.flatMap((header) =>
      KINDS.map((kind): Probe => ({
        name: `${name} with ${header} {${kind}}`,
        as,
        writes: false,
        ask: (given, own) => ({ ...ask(given, own), headers: { [header]: pointing(header, valueOf(given, kind)) } }),
      })),
    ),
  );
}

/** Few: what fails here may be limited. */
export function tokenProbes(): Probe[] {
  const form = (fields: Readonly<Record<string, string>>): Asked => ({
    method: 'POST',
    path: '/oauth2/token',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString(),
  });
  const asks: Readonly<Record<string, Probe['ask']>> = {
    'own secret': (given, own) =>
      form({ client_id: valueOf(given, 'clientId'), client_secret: valueOf(own, 'clientSecret') }),
    'own client': (given, own) =>
      form({
        client_id: valueOf(own, 'clientId'),
        client_secret: `${valueOf(given, 'clientSecret').slice(0, -6)}000000`,
      }),
    scope: (given, own) =>
      form({
        client_id: valueOf(own, 'clientId'),
        client_secret: valueOf(own, 'clientSecret'),
        scope: valueOf(given, 'slug'),
      }),
  };
  return Object.entries(asks).map(([name, ask]) => ({
    name: `token endpoint ${name}`,
    as: 'PUBLIC',
    writes: true,
    ask,
  }));
}
