// Probes of the places in an address where an id can stand, for every route and verb that the running service allows.
import { aGroup, aUser, patchOf } from '../../support/builders.js';
import { type TestTenant } from '../../support/tenant.js';
import { type Caller } from './inhabit.js';
import { type Asked, type Probe } from './probe.js';
import { ID_KINDS, NAME_KINDS, type Values, valueOf } from './values.js';

export const SCIM = '/scim/v2';
export const READERS: readonly Caller[] = ['FULL', 'RFC', 'READ_ONLY'];
export const WRITERS: readonly Caller[] = ['FULL', 'RFC', 'READ_ONLY'];

/** A route as the service tells it: where, and with which verbs. */
export interface RouteTold {
  readonly path: string;
  readonly verbs: readonly string[];
  readonly hasId: boolean;
}

/** Asks the service: its resource types, and with OPTIONS for the verbs of each address. */
export async function routesOf(tenant: TestTenant): Promise<RouteTold[]> {
  const types = (await tenant.scim('GET', '/ResourceTypes')).body.Resources as { endpoint: string }[];
  const endpoints = types.map(({ endpoint }) => endpoint);
  const documents = ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas', '/Me', '/Bulk'];
  const bare = ['', ...endpoints, ...documents, '/.search', ...endpoints.map((path) => `${path}/.search`)];
  const some = '00000000-0000-7000-8000-000000000000';
  const told: RouteTold[] = [];
  for (const path of bare) told.push({ path, verbs: await verbsOf(tenant, path), hasId: false });
  for (const path of [...endpoints, ...documents]) {
    told.push({ path, verbs: await verbsOf(tenant, `${path}/${some}`), hasId: true });
  }
  return told;
}

const ANYWHERE = ['GET', 'POST'];

async function verbsOf(tenant: TestTenant, path: string): Promise<string[]> {
  const allowed = (await tenant.scim('OPTIONS', path)).headers.get('Allow')?.split(', ') ?? [];
  return [...new Set([...allowed, ...ANYWHERE])];
}

/** An id in an address, spelt in every way. */
const SPELLINGS: Readonly<Record<string, (id: string, path: string) => string>> = {
  plain: (id, path) => `${path}/${encodeURIComponent(id)}`,
  'trailing slash': (id, path) => `${path}/${encodeURIComponent(id)}/`,
  'doubled slash': (id, path) => `${path}//${encodeURIComponent(id)}`,
  'upper case': (id, path) => `${path}/${encodeURIComponent(id.toUpperCase())}`,
  encoded: (id, path) => `${path}/${percent(id)}`,
  'behind dots': (id, path) => `${path}/x/%2e%2e/${encodeURIComponent(id)}`,
  'encoded slash': (id, path) => `${path}%2F${encodeURIComponent(id)}`,
  parameter: (id, path) => `${path}/${encodeURIComponent(id)};v=1`,
  below: (id, path) => `${path}/${encodeURIComponent(id)}/.search`,
  'as the query': (id, path) => `${path}?id=${encodeURIComponent(id)}`,
};

const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const CONDITIONS: readonly ((given: Values) => Readonly<Record<string, string>>)[] = [
  () => ({}),
  (given) => ({ 'If-Match': valueOf(given, 'etag') }),
  () => ({ 'If-Match': '*' }),
  (given) => ({ 'If-None-Match': valueOf(given, 'etag') }),
];

const QUERIES = ['', '?attributes=userName,members,displayName', '?excludedAttributes=members,emails'];

/** Every route and verb with an id, by every kind of value. */
export function pathProbes(routes: readonly RouteTold[]): Probe[] {
  const kinds = [...ID_KINDS, ...NAME_KINDS];
  return routes
    .filter(({ hasId }) => hasId)
    .flatMap(({ path, verbs }) =>
      verbs.flatMap((verb) => kinds.flatMap((kind) => [...spelt(path, verb, kind), ...conditional(path, verb, kind)])),
    );
}

const isRead = (verb: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(verb);

function spelt(path: string, method: string, kind: string): Probe[] {
  const queries = isRead(method) ? QUERIES : [''];
  const callers = isRead(method) ? READERS : WRITERS;
  const spellings = Object.entries(SPELLINGS).filter(
    ([name]) => name === 'plain' || method === 'GET' || kind === 'userId',
  );
  return spellings.flatMap(([name, spell]) =>
    (name === 'plain' ? queries : ['']).flatMap((query) =>
      (name === 'plain' ? callers : callers.slice(0, 1)).map((as): Probe => ({
        name: `${method} ${path}/{${kind}}${query} ${name}`,
        as,
        writes: !isRead(method),
        ask: (given, own) => ({
          method,
          path: `${SCIM}${spell(valueOf(given, kind), path)}${query}`,
          ...bodyFor(method, path, given, own),
        }),
      })),
    ),
  );
}

function conditional(path: string, method: string, kind: string): Probe[] {
  return CONDITIONS.slice(1).map((condition, at) => ({
    name: `${method} ${path}/{${kind}} condition ${at + 1}`,
    as: 'FULL',
    writes: !isRead(method),
    ask: (given, own) => ({
      method,
      path: `${SCIM}${path}/${encodeURIComponent(valueOf(given, kind))}`,
      headers: condition(given),
      ...bodyFor(method, path, given, own),
    }),
  }));
}

/** A body that would change what is there. */
function bodyFor(method: string, path: string, given: Values, own: Values): Partial<Asked> {
  if (method === 'PATCH') return { body: patchOf({ op: 'replace', path: 'externalId', value: 'taken' }) };
  if (method !== 'PUT' && method !== 'POST') return {};
  const id = { id: valueOf(given, 'userId'), externalId: 'taken' };
  return path === '/Groups'
    ? { body: aGroup({ ...id, displayName: valueOf(own, 'spare0Group:displayName') }) }
    : { body: { ...aUser(id), userName: 'taken@walk.example', emails: [{ value: 'taken@walk.example' }] } };
}
