// The HTTP server: what is the same for every request, then the face that answers it. It listens before the database
// is open, so that health checks have somebody to ask.
import { type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import Koa, { type Middleware } from 'koa';
import helmet from 'koa-helmet';
import { createFront, type Front, type Refused } from './admission/front.js';
import { CLASSES, createPressure } from './admission/pressure.js';
import { forgetFailures } from './access/failureLimit.js';
import { metadata } from './access/metadata.js';
import { READ_KEYS_EVERY_MS } from './access/signingKeys.js';
import { tokenEndpoint } from './access/tokenEndpoint.js';
import { type Config } from './config.js';
import { type Deps } from './deps.js';
import { DELETE_OLD_EVERY_MS, deleteOldEntries } from './directory/history/retention.js';
import { SEAL_EVERY_MS, sealChanges } from './directory/history/sealer.js';
import { WRITE_ACTIVITY_EVERY_MS } from './operation/activityNotes.js';
import { forgetBudgets } from './graphql/budget.js';
import { graphqlFace } from './graphql/face.js';
import { ide } from './graphql/ide.js';
import { isScimPath, normalPath, pathOf } from './normalPath.js';
import { WARN_EVERY_MS, warnOfSecrets } from './operation/dailyWarnings.js';
import { soundHead } from './operation/brokenRequest.js';
import { answerError } from './operation/errorAnswer.js';
import { errorBoundary } from './operation/errorBoundary.js';
import { databaseCheck, health, type Readiness } from './operation/health.js';
import { httpServer, type Times } from './operation/httpServer.js';
import { type Log } from './operation/logging.js';
import { type Metrics } from './operation/metrics.js';
import { noteEarlyRefusals } from './operation/earlyRefusals.js';
import { requestId, requestLog, routeOf, type RequestState } from './operation/requestLog.js';
import { repeat } from './operation/repeated.js';
import { scimFace } from './scim/face.js';

export interface Server {
  /** Takes the port and answers: health, and 503 to everything else. Returns the port. Rejects when it is taken. */
  listen(): Promise<number>;
  /** From now on requests reach the faces. */
  open(deps: Deps): void;
  /** From now on every new request is 503. Resolves when those in flight have ended, after `seconds` at most; then nobody listens. */
  drain(seconds: number): Promise<void>;
}

type Phase =
  | { readonly name: 'starting' | 'draining' }
  | {
      readonly name: 'open';
      readonly faces: Middleware<RequestState>;
      readonly isConnected: () => Promise<boolean>;
      readonly front: Front | undefined;
    };

interface Settings {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How long callers may take; tests are impatient. */
  readonly times?: Times;
}

/** Answers are data: no browser may run, frame or sniff them. The other headers are for pages. */
const HEADERS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

export function createServer({ config, log, metrics, times }: Settings): Server {
  const state: { phase: Phase; stopBeside?: () => Promise<void> } = { phase: { name: 'starting' } };
  const readiness = async (): Promise<Readiness> => {
    if (state.phase.name !== 'open') return state.phase.name;
    return (await state.phase.isConnected()) ? 'ready' : 'database not reachable';
  };
  // Nobody can ask for what is not served.
  const observe = config.metricsPort === undefined ? () => undefined : metrics.observeRequest;
  const app = new Koa<RequestState>();
  // Emitted for what fails after the answer has begun: a caller who left, mostly.
  app.on('error', (error: Error) => log.debug({ err: error }, 'An answer could not be finished'));
  app.use(requestId).use(requestLog(log, observe)).use(helmet(HEADERS)).use(errorBoundary(log)).use(soundHead);
  app.use(health(readiness));
  app.use(async (ctx, next) => {
    if (state.phase.name === 'draining') ctx.set('Connection', 'close');
    if (state.phase.name === 'open') await state.phase.faces(ctx, next);
    else
      answerError(ctx, 503, `The service is ${state.phase.name}. Try again in a few seconds.`, { 'Retry-After': '5' });
  });
  const answer = app.callback();
  const server = httpServer((request, response) => {
    const { phase } = state;
    if (phase.name !== 'open' || phase.front?.(request, response) !== true) void answer(request, response);
  }, times);
  const inFlight = countRequests(server);
  return {
    listen: () => listen(server, config),
    open: (deps) => {
      const { front, stop } = deps.config.admission ? frontOf(deps, metrics, observe) : {};
      state.phase = { name: 'open', faces: faces(deps), isConnected: databaseCheck(deps.db.pool), front };
      state.stopBeside = workBeside(deps, metrics, stop);
    },
    drain: async (seconds) => {
      state.phase = { name: 'draining' };
      await inFlight.none(seconds * 1000);
      server.close();
      server.closeAllConnections();
      await state.stopBeside?.();
    },
  };
}

/** Requests for each connection: with fewer under way, who is late is not late because of them. */
const CROWD = 50;

/** Refuses, in front of the faces, what would be refused anyway. */
function frontOf(
  { config, db: { gate }, authenticator: { bearerOf }, inFlight, log }: Deps,
  metrics: Metrics,
  observe: Metrics['observeRequest'],
) {
  const shed = { count: 0 };
  const onChange = (level: number, before: number) => {
    metrics.setShedding(level);
    if (level > before) log.warn(`Overload: refused now are ${CLASSES.slice(0, level).join(', ')}`);
    else if (level === 0) log.warn({ counted: shed.count }, 'The overload is over');
    if (level === 0) shed.count = 0;
  };
  const pressure = createPressure({
    unserved: () => gate.figures.refused.overload,
    isCrowded: () => inFlight.count() > CROWD * config.poolSize,
    onChange,
  });
  const { note, stop } = noteEarlyRefusals(log);
  const onRefused = ({ method = '', url = '' }: IncomingMessage, status: number, whom: Refused) => {
    observe(method, routeOf(pathOf(url)), status, 0);
    if ('tenantId' in whom) return note(whom.tenantId);
    shed.count += 1;
    metrics.countShed(whom.shed);
  };
  const stopWatching = pressure.start();
  return {
    front: createFront({ gate, pressure, bearerOf, onRefused }),
    stop: () => {
      stopWatching();
      stop();
    },
  };
}

/** What is done beside the requests. Returns what ends it. */
function workBeside(
  { config, db, activity, hear, keys, brakeCounts, log, clock }: Deps,
  metrics: Metrics,
  stopWatching?: () => void,
): () => Promise<void> {
  metrics.watchBrakes(brakeCounts);
  const writeActivity = () => activity.write(db);
  const deleteOld = async (stop: AbortSignal) => {
    const deleted = await deleteOldEntries(db, clock(), config.provisioningLogDays, stop);
    metrics.countDeleted('provisioning_entry', deleted);
    if (deleted > 0) log.info({ deleted }, 'Old entries of the provisioning log were deleted');
  };
  const stops = [
    hear(),
    repeat({ name: 'seal changes', everyMs: SEAL_EVERY_MS, work: () => sealChanges(db) }, log),
    repeat({ name: 'write activity', everyMs: WRITE_ACTIVITY_EVERY_MS, work: writeActivity }, log),
    repeat({ name: 'warn of secrets', everyMs: WARN_EVERY_MS, work: () => warnOfSecrets({ db, log, clock }) }, log),
    repeat({ name: 'read signing keys', everyMs: READ_KEYS_EVERY_MS, work: () => keys.refresh() }, log),
    repeat({ name: 'forget failed token requests', everyMs: 60_000, work: () => forgetFailures(db) }, log),
    repeat({ name: 'forget spent budgets', everyMs: 60_000, work: () => forgetBudgets(db, clock()) }, log),
    repeat({ name: 'delete old entries', everyMs: DELETE_OLD_EVERY_MS, work: deleteOld }, log),
  ];
  return async () => {
    stopWatching?.();
    await Promise.all(stops.map((stop) => stop()));
    await activity.write(db, { everything: true }).catch((err: unknown) => {
      log.warn({ err }, 'What app integrations did in the last minute was not written');
    });
  };
}

/** Chooses by the normalised path, so that no spelling of a SCIM path gets around SCIM's own authentication. */
function faces(deps: Deps): Middleware<RequestState> {
  const scim = scimFace(deps);
  const others: Readonly<Record<string, Middleware | undefined>> = {
    '/graphql': graphqlFace(deps),
    '/oauth2/token': tokenEndpoint(deps),
    ...metadata(deps),
  };
  const answersBrowser = ide();
  return async (ctx, next) => {
    if (answersBrowser(ctx)) return;
    const face = isScimPath(ctx.path) ? scim : (others[normalPath(ctx.path)] ?? notFound);
    await face(ctx, next);
  };
}

const notFound: Middleware = (ctx) =>
  answerError(
    ctx,
    404,
    'There is nothing here. The Tenant URL of SCIM ends in /scim/v2, the token endpoint in /oauth2/token; GraphQL is at /graphql.',
  );

async function listen(server: HttpServer, { port, host }: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

const NONE_IN_FLIGHT = 'none in flight';

function countRequests(server: HttpServer) {
  const open = new Set<ServerResponse>();
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) server.emit(NONE_IN_FLIGHT);
    });
  });
  return {
    none: (ms: number) =>
      new Promise<void>((resolve) => {
        if (open.size === 0) return resolve();
        const deadline = setTimeout(resolve, ms);
        server.once(NONE_IN_FLIGHT, () => {
          clearTimeout(deadline);
          resolve();
        });
      }),
  };
}
