// Services that are wrong in one way each: a layer between the machine and the service that alters what is asked or what
// is answered. The machine must notice every one of them.
import { randomUUID } from 'node:crypto';
import { ENTERPRISE_USER, patchOf } from '../../support/builders.js';
import { type Answer, type Json } from '../../support/tenant.js';
import { type Layer, type Request } from './world.js';

const onUsers = ({ path }: Request): boolean => path.startsWith('/Users');
const onGroups = ({ path }: Request): boolean => path.startsWith('/Groups');
const isList = ({ body }: Answer<Json>): boolean => Array.isArray(body?.Resources);

/** Changes each resource of an answer, in a list or alone. */
const each = (answer: Answer<Json>, change: (resource: Json) => Json): Answer<Json> => ({
  ...answer,
  body: isList(answer) ? { ...answer.body, Resources: answer.body.Resources.map(change) } : change(answer.body),
});

/** Changes what is asked. */
const asking =
  (change: (request: Request) => Request): Layer =>
  (next) =>
  (request) =>
    next(change(request));

/** Changes what is answered. */
const answering =
  (change: (answer: Answer<Json>, request: Request) => Answer<Json> | Promise<Answer<Json>>): Layer =>
  (next) =>
  async (request) =>
    change(await next(request), request);

function withoutLastMember(body: Json): Json {
  const shorter = (members: unknown) => (Array.isArray(members) && members.length > 1 ? members.slice(0, -1) : members);
  return {
    ...body,
    ...(body.members ? { members: shorter(body.members) } : {}),
    ...(body.Operations
      ? {
          Operations: body.Operations.map((operation: Json) =>
            operation.op === 'Add' ? { ...operation, value: shorter(operation.value) } : operation,
          ),
        }
      : {}),
  };
}

/** Each resource keeps the version that it was first seen with. */
function keepsVersions(): Layer {
  const first = new Map<string, string>();
  return answering((answer, request) => {
    const version = answer.body?.meta?.version as string | undefined;
    if (!version || isList(answer) || !onUsers(request)) return answer;
    const kept = first.get(answer.body.id) ?? version;
    first.set(answer.body.id, kept);
    const headers = new Headers(answer.headers);
    headers.set('ETag', kept);
    return { ...answer, headers, body: { ...answer.body, meta: { ...answer.body.meta, version: kept } } };
  });
}

/** Whoever was deleted stays in lists. */
function showsDeleted(): Layer {
  const seen = new Map<string, Json>();
  const ghosts: (readonly [which: number, resource: Json])[] = [];
  return answering((answer, { which, method, path }) => {
    if (answer.body?.meta) seen.set(`/Users/${answer.body.id}`, answer.body);
    if (method === 'DELETE' && answer.status === 204) ghosts.push([which, seen.get(path)]);
    if (!isList(answer) || !/^\/Users\?start/.test(path)) return answer;
    const shown = ghosts.flatMap(([tenant, ghost]) => (tenant === which && ghost ? [ghost as object] : []));
    return { ...answer, body: { ...answer.body, Resources: [...answer.body.Resources, ...shown] } };
  });
}

/** After each PATCH something is changed and changed back. */
function movesVersions(): Layer {
  const set = (value: string) => ({ op: 'replace', path: 'nickName', value });
  return (next) => async (request) => {
    const answer = await next(request);
    if (request.method !== 'PATCH' || !onUsers(request) || answer.status !== 200) return answer;
    for (const operation of [set('x'), { op: 'remove', path: 'nickName' }]) {
      await next({ ...request, body: patchOf(operation), headers: {} });
    }
    return answer;
  };
}

/** GraphQL shows the groups with one member less. */
function losesMemberOverGraphql(): Layer {
  const shorter = (group: Json): Json => ({ ...group, members: { nodes: group.members.nodes.slice(1) } });
  return answering((answer) => {
    const { group, groups } = answer.body?.data ?? {};
    if (!group && !groups) return answer;
    const data = { ...answer.body.data, ...(group ? { group: shorter(group) } : {}) };
    return {
      ...answer,
      body: { data: groups ? { ...data, groups: { ...groups, nodes: groups.nodes.map(shorter) } } : data },
    };
  });
}

/** GraphQL does not know who was deactivated. */
const forgetsStatus = (): Layer =>
  answering((answer, { caller }) => {
    if (caller !== 'admin') return answer;
    const text = JSON.stringify(answer.body).replaceAll('"DEACTIVATED"', '"ACTIVE"');
    return { ...answer, body: JSON.parse(text) as unknown };
  });

/** History has the record under another request. */
const mistakesRequests = (): Layer =>
  answering((answer) => {
    const headers = new Headers(answer.headers);
    headers.set('X-Request-Id', randomUUID());
    return { ...answer, headers };
  });

/** By what is wrong. Each is made anew for a run: some remember what they saw. */
export const FAULTS: Readonly<Record<string, () => Layer>> = {
  "answers another tenant's user": () => (next) => async (request) => {
    const answer = await next(request);
    const other = { ...request, which: request.which === 0 ? 1 : 0 } as const;
    return request.method === 'GET' && answer.status === 404 ? next(other) : answer;
  },
  "says that another tenant's id is not found, in other words": () => (next) => async (request) => {
    const answer = await next(request);
    if (request.method !== 'GET' || answer.status !== 404) return answer;
    const there = await next({ ...request, which: request.which === 0 ? 1 : 0 });
    return there.status === 404
      ? answer
      : each(answer, (body) => ({ ...body, detail: `${body.detail} It was not found.` }));
  },
  'loses one of several members': () =>
    asking((request) =>
      onGroups(request) && request.body ? { ...request, body: withoutLastMember(request.body) } : request,
    ),
  'keeps the version on a change': keepsVersions,
  'shows deleted users': showsDeleted,
  'deletes nobody, and says so': () => (next) => async (request) => {
    if (request.method !== 'DELETE' || !onUsers(request)) return next(request);
    const answer = await next({ ...request, method: 'GET', headers: {} });
    return answer.status === 200 ? { ...answer, status: 204, body: undefined } : answer;
  },
  'ignores filters': () => asking((request) => ({ ...request, path: request.path.replace('filter=', 'unknown=') })),
  'ignores excludedAttributes': () =>
    asking((request) => ({ ...request, path: request.path.replace('excludedAttributes=', 'unknown=') })),
  'ignores If-Match': () =>
    asking(({ headers, ...request }) => (headers && 'If-Match' in headers ? request : { ...request, headers })),
  'ignores that a user is deactivated': () =>
    answering((answer, request) =>
      onUsers(request) && answer.body
        ? each(answer, (user) => ('active' in user ? { ...user, active: true } : user))
        : answer,
    ),
  'shows managers without their address': () =>
    answering((answer, request) =>
      onUsers(request) && answer.body
        ? each(answer, (user) => {
            const { manager, ...extension } = user[ENTERPRISE_USER] ?? {};
            return manager ? { ...user, [ENTERPRISE_USER]: { ...extension, manager: { value: manager.value } } } : user;
          })
        : answer,
    ),
  'lets a token for reading write': () =>
    asking((request) => (request.caller === 'reader' ? { ...request, caller: 'entra' } : request)),
  'shows the groups of a user to nobody': () =>
    answering((answer, request) =>
      onUsers(request) && answer.body ? each(answer, (user) => ({ ...user, groups: undefined })) : answer,
    ),
  'moves a version that nobody moved': movesVersions,
  'loses a member over GraphQL': losesMemberOverGraphql,
  'forgets over GraphQL who is deactivated': forgetsStatus,
  'keeps history under another request': mistakesRequests,
};
