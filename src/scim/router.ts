// Which handler answers which path and verb: RFC 7644 section 3.2.
import { type IncomingMessage } from 'node:http';
import { Refusal } from '../refusal.js';
import { answerBulk } from './bulk.js';
import { type Answer, type Call, type Route } from './call.js';
import { createGroup, deleteGroup, getOneGroup, patchGroup, replaceGroup } from './groupHandlers.js';
import { listEverything, listGroups, listUsers, searchEverything, searchGroups, searchUsers } from './list.js';
import { createUser, deleteUser, getOneUser, patchUser, replaceUser } from './userHandlers.js';

type Handler = (call: Call, id: string) => Promise<Answer>;
type Verbs = Readonly<Record<string, Handler | undefined>>;

interface Endpoint {
  readonly resourceType: Route['resourceType'];
  readonly collection: Verbs;
  readonly search?: Verbs;
  readonly one?: Verbs;
}

const ENDPOINTS = new Map<string, Endpoint>([
  ['', { resourceType: null, collection: { GET: listEverything }, search: { POST: searchEverything } }],
  [
    'Users',
    {
      resourceType: 'User',
      collection: { GET: listUsers, POST: createUser },
      search: { POST: searchUsers },
      one: { GET: getOneUser, PUT: replaceUser, PATCH: patchUser, DELETE: deleteUser },
    },
  ],
  [
    'Groups',
    {
      resourceType: 'Group',
      collection: { GET: listGroups, POST: createGroup },
      search: { POST: searchGroups },
      one: { GET: getOneGroup, PUT: replaceGroup, PATCH: patchGroup, DELETE: deleteGroup },
    },
  ],
  ['Bulk', { resourceType: null, collection: { POST: (call) => answerBulk(call, route) } }],
]);

/**
 * The route of a path below the SCIM face; OPTIONS has one wherever another verb has. Refuses with `notFound`,
 * `notImplemented` and, with `Allow`, `methodNotAllowed`.
 */
export function route(method: string, segments: readonly string[]): Route {
  const [name = '', id, ...rest] = segments[0] === SEARCH ? ['', ...segments] : segments;
  if (name === 'Me')
    throw new Refusal('notImplemented', '/Me is not supported: an app integration is no person. Use /Users.');
  const endpoint = ENDPOINTS.get(name);
  const verbs = id === undefined ? endpoint?.collection : id === SEARCH ? endpoint?.search : endpoint?.one;
  if (!endpoint || !verbs || rest.length > 0) {
    throw new Refusal(
      'notFound',
      'There is nothing at this address. The Tenant URL ends in /scim/v2; below it are /Users and /Groups.',
    );
  }
  const handler = method === 'OPTIONS' ? options(verbs) : Object.hasOwn(verbs, method) ? verbs[method] : undefined;
  if (!handler) throw methodNotAllowed(method, Object.keys(verbs));
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return {
    resourceType: endpoint.resourceType,
    id: id === SEARCH ? null : (id ?? null),
    hasBody,
    writes: (hasBody && id !== SEARCH) || method === 'DELETE',
    weight: id === SEARCH || (id === undefined && !hasBody) ? () => LIST : weightOfBody,
    handle: (call) => handler(call, id ?? ''),
  };
}

const LIST = 2;
/** Some thousand members. */
const BYTES_OF_ONE = 128 * 1024;

const weightOfBody = ({ headers }: IncomingMessage): number =>
  1 + Math.floor(Number(headers['content-length'] ?? 0) / BYTES_OF_ONE);

const SEARCH = '.search';

const options = (verbs: Verbs): Handler => {
  const answer = optionsAnswer(Object.keys(verbs));
  return () => Promise.resolve(answer);
};

/** What OPTIONS is answered where these verbs are possible: RFC 9110 section 9.3.7. */
export const optionsAnswer = (verbs: readonly string[]): Answer => ({
  status: 204,
  headers: { Allow: allowOf(verbs) },
});

export function methodNotAllowed(method: string, verbs: readonly string[]): Refusal {
  const Allow = allowOf(verbs);
  return new Refusal('methodNotAllowed', `${method} is not possible here; use ${Allow}.`, { Allow });
}

/** HEAD is possible where GET is, OPTIONS everywhere. */
const allowOf = (verbs: readonly string[]): string =>
  [...verbs.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : verb)), 'OPTIONS'].join(', ');
