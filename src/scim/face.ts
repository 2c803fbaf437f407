// The SCIM face: who asks, what for, and every answer in SCIM's form, errors too.
import { type Context, type Middleware } from 'koa';
import { LIMITS } from '../admission/requestsInFlight.js';
import { refusalOf } from '../admission/refusals.js';
import { authorizationOf } from '../access/authorizationHeader.js';
import { type Actor, type IntegrationActor } from '../directory/actor.js';
import { type UsersAndGroupsAccess } from '../directory/integration/Integration.js';
import { spendRequest } from '../directory/integration/requestBudget.js';
import { type Deps } from '../deps.js';
import { type RequestState } from '../operation/requestLog.js';
import { Refusal } from '../refusal.js';
import { SCIM_JSON } from '../scimErrorBody.js';
import { type Answer, type Call, type Route } from './call.js';
import { discoveryDocument, isDiscovery } from './discovery.js';
import { newNotes } from './notes.js';
import { pathSegments } from './pathSegments.js';
import { journalRefusal } from './provisioningJournal.js';
import { readJson } from './requestBody.js';
import { methodNotAllowed, optionsAnswer, route } from './router.js';
import { answerWithError } from './scimError.js';

/** Answers every path, however spelt, that belongs to SCIM. */
export function scimFace(deps: Deps): Middleware<RequestState> {
  const base = `${deps.publicUrl}/scim/v2`;
  return async (ctx) => {
    const started = performance.now();
    try {
      const answer = await respond(deps, base, ctx, started);
      ctx.status = answer.status;
      ctx.set(answer.headers ?? {});
      if (answer.body === undefined) return;
      ctx.set('Content-Type', SCIM_JSON);
      // Nobody would read the stream of an answer to HEAD, and nobody knows its length.
      if (ctx.method !== 'HEAD' || typeof answer.body === 'string') ctx.body = answer.body;
    } catch (error) {
      answerWithError(ctx, error, deps.log);
    }
  };
}

async function respond(deps: Deps, base: string, ctx: Context, started: number): Promise<Answer> {
  if (ctx.req.headers.authorization === undefined && isPublic(ctx.path))
    return discover(ctx, segmentsOf(ctx.path) ?? [], base);
  const actor = await authenticated(deps, ctx);
  // Before its body is read: what waits in vain is to cost nothing.
  const early = deps.db.gate.refuseEarly(actor.tenantId);
  if (early) throw refusalOf(early);
  const segments = segmentsOf(ctx.path);
  const inFlight = deps.inFlight.begin(LIMITS.scim, ctx.res);
  const call: Omit<Call, 'body'> = {
    deps,
    actor,
    base,
    started,
    request: { requestId: (ctx.state as RequestState).requestId, now: deps.clock(), inFlight },
    reading: { lenient: actor.compatibility === 'ENTRA', notes: newNotes() },
    renewActor: () => writer(deps, ctx),
    method: ctx.method,
    query: new URLSearchParams(ctx.querystring),
    ifMatch: ctx.req.headers['if-match'],
    ifNoneMatch: ctx.req.headers['if-none-match'],
  };
  deps.activity.note(actor, 'REQUEST', call.request.now);
  if (actor.budget) ctx.set(await spendRequest(deps.db, actor, actor.budget, call.request));
  const answer = await handled(call, ctx, segments);
  // What identity providers test a connection with, and find people by.
  if (call.method === 'GET' && call.query.has('filter')) deps.activity.note(actor, 'LOOKUP', call.request.now);
  return answer;
}

async function handled(
  call: Omit<Call, 'body'>,
  ctx: Context,
  segments: readonly string[] | undefined,
): Promise<Answer> {
  const found: { route?: Route } = {};
  try {
    refuseSwitchedOff(call);
    if (!segments) throw outside(ctx.path);
    if (isDiscovery(segments)) return discover(ctx, segments, call.base, call.actor.usersAndGroups);
    refuseNoAccess(call);
    found.route = route(ctx.method === 'HEAD' ? 'GET' : ctx.method, segments);
    if (found.route.writes) refuseReadOnly(call);
    const body = found.route.hasBody ? await readJson(ctx.req) : undefined;
    // A caller may send slowly: only what follows is ours.
    call.request.inFlight?.renew(found.route.weight(ctx.req));
    return await found.route.handle({ ...call, body });
  } catch (error) {
    await journalRefusal(call, error, found.route);
    throw error;
  }
}

/** Who asks, now, as long as writing is allowed. */
async function writer(deps: Deps, ctx: Context): Promise<IntegrationActor> {
  const actor = await authenticated(deps, ctx);
  refuseSwitchedOff({ actor });
  refuseNoAccess({ actor });
  refuseReadOnly({ actor });
  return actor;
}

/** RFC 7644 section 3.13: another version of the protocol is refused by its own name. */
const outside = (path: string): Refusal =>
  /^\/+scim\/+v(?!2(\/|$))\d/.test(path)
    ? new Refusal('invalidVers', 'This service speaks version 2 of SCIM only: the Tenant URL ends in /scim/v2.')
    : new Refusal('notFound', 'There is nothing at this address. The Tenant URL ends in /scim/v2.');

function refuseReadOnly({ actor }: Pick<Call, 'actor'>): void {
  if (actor.usersAndGroups === 'FULL') return;
  throw new Refusal(
    'forbidden',
    'This app integration may read users and groups, not write them. Give it full access in SpeakUp.',
  );
}

function refuseSwitchedOff({ actor }: Pick<Call, 'actor'>): void {
  if (actor.provisioningEnabled) return;
  throw new Refusal(
    'forbidden',
    `SCIM provisioning is switched off for tenant "${actor.tenantSlug}". An administrator of SpeakUp switches it on under Settings, SCIM provisioning enabled.`,
  );
}

function refuseNoAccess({ actor }: Pick<Call, 'actor'>): void {
  if (actor.usersAndGroups === 'NONE') {
    throw new Refusal(
      'forbidden',
      'This app integration has no access to users and groups. Give it read-only or full access in SpeakUp.',
    );
  }
}

async function authenticated({ authenticator }: Deps, ctx: Context): Promise<IntegrationActor> {
  const actor: Actor = await authenticator.authenticate(authorizationOf(ctx.req));
  (ctx.state as RequestState).actor = actor;
  if (actor.kind === 'INTEGRATION') return actor;
  throw new Refusal('unauthenticated', 'SCIM is for app integrations. This token belongs to a person: use /graphql.');
}

function discover(ctx: Context, segments: readonly string[], base: string, access?: UsersAndGroupsAccess): Answer {
  if (!['GET', 'HEAD', 'OPTIONS'].includes(ctx.method)) throw methodNotAllowed(ctx.method, ['GET']);
  const document = discoveryDocument(segments, new URLSearchParams(ctx.querystring), base, access);
  return ctx.method === 'OPTIONS' ? optionsAnswer(['GET']) : { status: 200, body: JSON.stringify(document) };
}

/** Exactly `/scim/v2/Schemas` and the like: any other spelling needs a token. */
const isPublic = (path: string): boolean =>
  /^\/scim\/v2\/(ServiceProviderConfig|(ResourceTypes|Schemas)(\/[\w:.-]+)?)$/.test(path);

/** The parts of a path below /scim/v2; undefined elsewhere. Doubled slashes and one at the end are tolerated. */
function segmentsOf(path: string): string[] | undefined {
  const [scim, version, ...rest] = path.split('/').filter((segment) => segment !== '');
  return scim === 'scim' && version === 'v2' ? pathSegments(rest.join('/')) : undefined;
}
