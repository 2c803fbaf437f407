// The GraphQL face: who asks, in which role, and the operation from one snapshot.
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { koaMiddleware } from '@as-integrations/koa';
import { type Context, type Middleware } from 'koa';
import { LIMITS } from '../admission/requestsInFlight.js';
import { refusalOf } from '../admission/refusals.js';
import { authorizationOf } from '../access/authorizationHeader.js';
import { type Deps } from '../deps.js';
import { libraryLog } from '../operation/logging.js';
import { type RequestState } from '../operation/requestLog.js';
import { Refusal } from '../refusal.js';
import { createBudget } from './budget.js';
import { readBody } from './body.js';
import { createContext, type GraphqlContext } from './context.js';
import { asked, type Asked, formatError, pronounce } from './errors.js';
import { introspection } from './introspection.js';
import { limits, MOST_TOKENS } from './limits.js';
import { schema } from './schema.js';

interface State extends RequestState {
  graphql?: GraphqlContext;
}

/** Answers /graphql. */
export function graphqlFace(deps: Deps): Middleware<RequestState> {
  const execute = executor(deps);
  return async (ctx) => {
    const request: Asked = { requestId: ctx.state.requestId, log: deps.log };
    ctx.set('Cache-Control', 'no-store');
    try {
      const context = await contextOf(deps, ctx);
      if (ctx.method !== 'POST') {
        throw new Refusal('methodNotAllowed', 'GraphQL is asked with POST.', { Allow: 'POST' });
      }
      await readBody(ctx);
      context.request.inFlight?.renew();
      (ctx.state as State).graphql = context;
      try {
        await asked.run(request, async () => void (await execute(ctx, () => Promise.resolve())));
      } finally {
        await context.end();
      }
    } catch (error) {
      answerWithError(ctx, error, request);
    }
  };
}

/** Runs an operation by the context in `ctx.state.graphql`. */
function executor(deps: Deps): Middleware<State> {
  const apollo = new ApolloServer<GraphqlContext>({
    schema,
    formatError,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // Nothing a second process would not know.
    persistedQueries: false,
    parseOptions: { maxTokens: MOST_TOKENS },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Keeps Apollo from reading NODE_ENV.
    nodeEnv: 'production',
    // Apollo's own is for people to read.
    stringifyResult: (result) => JSON.stringify(result),
    logger: libraryLog(deps.log, 'Apollo Server'),
    plugins: [
      limits(createBudget(deps.db.countingPool, deps.config.graphqlBudget)),
      introspection(schema),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  apollo.startInBackgroundHandlingStartupErrorsByLoggingAndFailingAllRequests();
  return koaMiddleware<GraphqlContext, State>(apollo, {
    context: ({ ctx }) => {
      const { graphql } = ctx.state;
      return graphql ? Promise.resolve(graphql) : Promise.reject(new Error('A request came without its context'));
    },
  });
}

async function contextOf(deps: Deps, ctx: Context): Promise<GraphqlContext> {
  const state = ctx.state as RequestState;
  state.actor = await deps.authenticator.authenticate(authorizationOf(ctx.req));
  const inFlight = deps.inFlight.begin(LIMITS.graphql, ctx.res);
  const context = createContext(deps, state.actor, { requestId: state.requestId, now: deps.clock(), inFlight });
  const early = context.gate.refuseEarly(state.actor.tenantId);
  if (early) throw refusalOf(early);
  return context;
}

/** Refuses the whole request, in the form of a GraphQL answer. */
function answerWithError(ctx: Context, error: unknown, request: Asked): void {
  const { status, headers, message, extensions } = pronounce(error, request);
  ctx.status = status;
  if (status === 401 && !('WWW-Authenticate' in headers)) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.set(headers);
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = JSON.stringify({ errors: [{ message, extensions }] });
}
