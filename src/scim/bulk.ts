// POST /Bulk: RFC 7644 section 3.7. Each operation goes through the handlers as a request of its own: own transaction,
// own history, own entry in the provisioning log.
import { Refusal } from '../refusal.js';
import { type BulkOperation, readBulkRequest } from './bulkMessage.js';
import { Awaits, BulkRun, type Outcome } from './bulkRun.js';
import { type Answer, type Call, type Route } from './call.js';
import { newNotes } from './notes.js';
import { pathSegments } from './pathSegments.js';
import { journalRefusal } from './provisioningJournal.js';
import { errorBody } from './scimError.js';

const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

export type RouteOf = (method: string, segments: readonly string[]) => Route;

/** Does every operation and answers 200, whatever became of each. Refuses what is no Bulk request. */
export async function answerBulk(call: Call, route: RouteOf): Promise<Answer> {
  const request = readBulkRequest(call.body);
  const run = new BulkRun(request, (operation, refused, idsFor) =>
    attempt({ call: callOf(call, operation, idsFor), operation, refused, route }),
  );
  return { status: 200, body: JSON.stringify({ schemas: [BULK_RESPONSE], Operations: await run.perform() }) };
}

/** The operation as a request of its own. */
const callOf = (call: Call, operation: BulkOperation, idsFor: Call['reading']['idsFor']): Call => ({
  ...call,
  request: { ...call.request, now: call.deps.clock() },
  reading: { lenient: call.reading.lenient, notes: newNotes(), ...(idsFor ? { idsFor } : {}) },
  method: operation.method ?? '',
  // RFC 7644 section 3.7: a body may be left out where all went well. So nothing is read for one.
  query: new URLSearchParams({ excludedAttributes: 'members,groups' }),
  body: operation.data,
  ifMatch: operation.version,
  ifNoneMatch: undefined,
  started: performance.now(),
});

interface Tried {
  readonly call: Call;
  readonly operation: BulkOperation;
  readonly refused: Refusal | undefined;
  readonly route: RouteOf;
}

async function attempt({ call, operation, refused, route }: Tried): Promise<Outcome> {
  const found: Found = { path: operation.path };
  try {
    if (operation.malformed) throw operation.malformed;
    const segments = pathSegments((operation.path ?? '').replace(/\?.*$/s, ''));
    found.route = writeRoute(call.method, segments, route);
    if (refused) throw refused;
    const ids = call.reading.idsFor?.(segments) ?? segments;
    found.path = `/${ids.join('/')}`;
    found.route = route(call.method, ids);
    const actor = await call.renewActor();
    call.request.inFlight?.renew();
    return succeeded(operation, call, found, await found.route.handle({ ...call, actor }));
  } catch (error) {
    if (error instanceof Awaits) throw error;
    await journalRefusal(call, error, found.route);
    return failed(operation, call, found, error);
  }
}

interface Found {
  /** As sent, or with the id that its bulkId stands for. */
  path: string | undefined;
  route?: Route;
}

function writeRoute(method: string, segments: readonly string[], route: RouteOf): Route {
  if (method === 'POST' && segments.length > 1) {
    throw new Refusal('invalidValue', 'The path of a POST operation must be an endpoint: /Users or /Groups.');
  }
  const found = route(method, segments);
  if (found.resourceType !== null) return found;
  throw new Refusal('notFound', 'Operations of a Bulk request are on /Users and /Groups only.');
}

function succeeded(operation: BulkOperation, { base }: Call, { path, route }: Found, answer: Answer): Outcome {
  const { ETag: version, Location: location = `${base}${path ?? ''}` } = answer.headers ?? {};
  return {
    id: route?.id ?? location.slice(location.lastIndexOf('/') + 1),
    result: { location, ...labels(operation), ...(version ? { version } : {}), status: String(answer.status) },
  };
}

/** RFC 7644 section 3.7.3: `location` for all operations except failed POST operations. */
function failed(operation: BulkOperation, { base, deps, request }: Call, { path }: Found, error: unknown): Outcome {
  const response = errorBody(error, deps.log, request.requestId);
  const nowhere = operation.method === 'POST' || path === undefined;
  return {
    id: undefined,
    result: {
      ...(nowhere ? {} : { location: `${base}${path.startsWith('/') ? '' : '/'}${path}` }),
      ...labels(operation),
      status: response.status,
      response,
    },
  };
}

const labels = ({ method, bulkId }: BulkOperation) => ({
  ...(method === undefined ? {} : { method }),
  ...(bulkId === undefined ? {} : { bulkId }),
});
