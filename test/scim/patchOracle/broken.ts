// Services that are broken in one known way, made by changing requests or answers on their way: the oracle must see each.
import { isList, isObject, type Json, type JsonObject, withMember } from './interpreterState.js';
import { type Reply, type Wire } from './subject.js';

/** What is wrong, and with which of the two resources the oracle is asked to see it. */
export const BROKEN: readonly {
  readonly what: string;
  readonly of: 'user' | 'group';
  readonly wire: (wire: Wire) => Wire;
}[] = [
  {
    what: 'forgets the last of several operations',
    of: 'user',
    wire: patching((all) => (all.length > 1 ? all.slice(0, -1) : all)),
  },
  { what: 'applies operations in the wrong order', of: 'user', wire: patching((all) => [...all].reverse()) },
  {
    what: 'reads replace as add',
    of: 'user',
    wire: patching((all) => all.map((one) => withOp(one, 'replace', 'add'))),
  },
  {
    what: 'reads add as replace',
    of: 'group',
    wire: patching((all) => all.map((one) => withOp(one, 'add', 'replace'))),
  },
  { what: 'ignores the filter of a value path', of: 'user', wire: patching((all) => all.map(withoutFilter)) },
  {
    what: 'empties a group whose members are removed by a value list',
    of: 'group',
    wire: patching((all) => all.map(withoutRemoved)),
  },
  { what: 'applies what it can of a request that it refuses', of: 'user', wire: halfApplied },
  {
    what: 'moves the version when nothing changed',
    of: 'user',
    wire: reading((body, patches) => withMeta(body, 'version', patches)),
  },
  {
    what: 'moves lastModified when nothing changed',
    of: 'group',
    wire: reading((body, patches) => withMeta(body, 'lastModified', patches)),
  },
  {
    what: 'keeps the version when something changed',
    of: 'group',
    wire: reading((body) => withMeta(body, 'version', 0)),
  },
  {
    what: 'forgets the URN of the extension in schemas',
    of: 'user',
    wire: reading((body) => ({ ...body, schemas: isList(body.schemas) ? body.schemas.slice(0, 1) : [] })),
  },
  { what: 'says invalidValue whatever is wrong', of: 'user', wire: refusing('invalidValue') },
];

type Change = (operations: readonly Json[]) => readonly Json[];

/** Changes the operations of every PATCH. */
function patching(change: Change): (wire: Wire) => Wire {
  return (wire) => (method, path, body) =>
    wire(method, path, method === 'PATCH' && isObject(body) ? withOperations(body, change) : body);
}

const withOperations = (body: JsonObject, change: Change): JsonObject =>
  isList(body.Operations) ? { ...body, Operations: change(body.Operations) } : body;

const withOp = (operation: Json, from: string, to: string): Json =>
  isObject(operation) && typeof operation.op === 'string' && operation.op.toLowerCase() === from
    ? { ...operation, op: to }
    : operation;

const withoutFilter = (operation: Json): Json =>
  isObject(operation) && typeof operation.path === 'string'
    ? { ...operation, path: operation.path.replace(/\[.*\]/s, '') }
    : operation;

const withoutRemoved = (operation: Json): Json =>
  isObject(operation) && operation.op === 'remove' ? withMember(operation, 'value', undefined) : operation;

/** After a refusal, every operation is sent once more by itself. */
function halfApplied(wire: Wire): Wire {
  return async (method, path, body) => {
    const reply = await wire(method, path, body);
    if (method !== 'PATCH' || reply.status < 400 || !isObject(body) || !isList(body.Operations)) return reply;
    for (const operation of body.Operations) await wire(method, path, { ...body, Operations: [operation] });
    return reply;
  };
}

/** Changes what a GET shows; `patches` counts the requests that could have changed something. */
function reading(change: (body: JsonObject, patches: number) => JsonObject): (wire: Wire) => Wire {
  return (wire) => {
    let patches = 0;
    return async (method, path, body) => {
      if (method !== 'GET') patches += 1;
      const reply = await wire(method, path, body);
      if (method !== 'GET' || !isObject(reply.body)) return reply;
      const shown = change(reply.body, patches);
      const version =
        isObject(shown.meta) && typeof shown.meta.version === 'string' ? shown.meta.version : reply.version;
      return { ...reply, body: shown, version };
    };
  };
}

const withMeta = (body: JsonObject, name: string, value: number): JsonObject => ({
  ...body,
  meta: { ...(isObject(body.meta) ? body.meta : {}), [name]: String(value) },
});

function refusing(scimType: string): (wire: Wire) => Wire {
  return (wire) => async (method, path, body) => {
    const reply: Reply = await wire(method, path, body);
    return isObject(reply.body) && 'scimType' in reply.body ? { ...reply, body: { ...reply.body, scimType } } : reply;
  };
}
