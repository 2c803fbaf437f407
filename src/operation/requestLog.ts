// Every request has an id, one line in the log and one observation: who, what kind of path, outcome, how long. Values
// (names, ids, filters) stay out: a log of who was looked up is itself personal data.
import { randomUUID } from 'node:crypto';
import { type Middleware } from 'koa';
import { type Actor } from '../directory/actor.js';
import { type Log } from './logging.js';
import { type Metrics } from './metrics.js';

/** What the middlewares of this service keep on a request. */
export interface RequestState {
  requestId: string;
  actor?: Actor;
}

const SEGMENTS = new Set(
  `scim v2 Users Groups Bulk Me Schemas ResourceTypes ServiceProviderConfig .search graphql oauth2 token livez readyz
  .well-known jwks.json oauth-authorization-server`.split(/\s+/),
);

/** `X-Request-Id`: the caller's, where it is short and plain, else a new one. */
export const requestId: Middleware<RequestState> = async (ctx, next) => {
  const given = ctx.get('X-Request-Id');
  ctx.state.requestId = /^[\w.:+/=-]{1,128}$/.test(given) ? given : randomUUID();
  ctx.set('X-Request-Id', ctx.state.requestId);
  await next();
};

/** Writes the line when the answer has ended, or the caller has gone. */
export function requestLog(log: Log, observe: Metrics['observeRequest']): Middleware<RequestState> {
  return async (ctx, next) => {
    const start = performance.now();
    ctx.res.once('close', () => {
      const ms = performance.now() - start;
      const route = routeOf(ctx.path);
      observe(ctx.method, route, ctx.status, ms / 1000);
      const line = {
        requestId: ctx.state.requestId,
        ...whoAsked(ctx.state.actor),
        method: ctx.method,
        route,
        status: ctx.status,
        ms: Math.round(ms * 10) / 10,
        ...(ctx.res.writableFinished ? {} : { aborted: true }),
      };
      log[route === '/livez' || route === '/readyz' ? 'debug' : 'info'](line, 'request');
    });
    await next();
  };
}

/** A path without values: `/scim/v2/Users/2819c223` is `/scim/v2/Users/:id`. */
export function routeOf(path: string): string {
  let route = '';
  let parts = 0;
  for (let from = 0; from <= path.length && parts < 5;) {
    const slash = path.indexOf('/', from);
    const end = slash < 0 ? path.length : slash;
    if (end > from) {
      const segment = path.slice(from, end);
      route += SEGMENTS.has(segment) ? `/${segment}` : '/:id';
      parts += 1;
    }
    from = end + 1;
  }
  return route === '' ? '/' : route;
}

function whoAsked(actor: Actor | undefined): Record<string, unknown> {
  if (!actor) return {};
  return { tenant: actor.tenantSlug, actor: actor.kind, ...(actor.id === null ? {} : { actorId: actor.id }) };
}
