// A process that serves, alone or as one of several workers. Alone, it listens first and then opens the database, so
// that health checks are answered from the beginning; of several workers the first does so for all.
import { type Worker } from 'node:cluster';
import { type Server as HttpServer } from 'node:http';
import { type Config } from './config.js';
import { type Order, toPrimary } from './operation/crew.js';
import { createLog, type Log } from './operation/logging.js';
import { createMetrics, serveMetrics, shareMetrics, type Metrics } from './operation/metrics.js';
import { endOnUnexpected, stopOnSignals } from './operation/shutdown.js';
import { openDirectory, type OpenDirectory } from './openDirectory.js';
import { announcePublicUrl, publicUrlOf, readyLine, withdrawPublicUrl } from './publicUrl.js';
import { createServer, type Server } from './server.js';

/** Resolves once everything is served. */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  endOnUnexpected(log);
  const metrics = createMetrics();
  const server = createServer({ config, log, metrics });
  const publicUrl = publicUrlOf(config, await server.listen());
  const metricsServer = await startMetrics(config, metrics);
  const opening = openDirectory({ config, log, publicUrl: () => publicUrl });
  stopOnSignals({ log, seconds: config.shutdownSeconds, stop: () => stop(server, metricsServer, config, opening) });
  const { deps } = await opening;
  watch(metrics, deps);
  await announcePublicUrl(deps.db.pool, publicUrl);
  server.open(deps);
  log.info(readyLine(publicUrl));
}

/** The same below a primary, which says when and under which URL, and does what is done once. */
export async function serveAsWorker(config: Config, worker: Worker): Promise<void> {
  const log = createLog(config.logLevel, process.stdout, worker.id);
  endOnUnexpected(log);
  const state: { opening?: Promise<OpenDirectory> } = {};
  const toldUrl = Promise.withResolvers<string>();
  process.on('message', (order: Order) => {
    if (order.kind === 'serve') toldUrl.resolve(order.publicUrl);
    if (order.kind === 'stop') begin('told by the primary');
  });
  const metrics = createMetrics();
  shareMetrics(metrics);
  const server = createServer({ config, log, metrics });
  const begin = stopOnSignals({
    log,
    seconds: config.shutdownSeconds,
    stop: async () => {
      await server.drain(config.shutdownSeconds);
      await (await state.opening)?.close();
    },
  });
  endWithPrimary(worker, log, begin);
  const isFirst = worker.id === 1;
  if (isFirst) await server.listen();
  const publicUrl = await toldUrl.promise;
  state.opening = openDirectory({ config, log, publicUrl: () => publicUrl, isOneOfSeveral: true });
  const { deps } = await state.opening;
  watch(metrics, deps);
  server.open(deps);
  // One that comes later takes no request before it can answer it: others can.
  if (!isFirst) await server.listen();
  toPrimary({ kind: 'serving' });
}

/** Without a primary nobody hands over requests, nor starts this worker anew. Node would cut off those in flight. */
function endWithPrimary(worker: Worker, log: Log, begin: (reason: string) => void): void {
  worker.once('disconnect', () => {
    worker.exitedAfterDisconnect = true;
    log.error('The primary has gone');
    begin('the primary has gone');
  });
}

async function stop(
  server: Server,
  metricsServer: HttpServer | undefined,
  config: Config,
  opening: Promise<OpenDirectory>,
): Promise<void> {
  await server.drain(config.shutdownSeconds);
  metricsServer?.close();
  const directory = await opening;
  const { db, publicUrl, log } = directory.deps;
  await withdrawPublicUrl(db.pool, publicUrl, log.warn.bind(log));
  await directory.close();
}

function watch(metrics: Metrics, { db, inFlight }: OpenDirectory['deps']): void {
  metrics.watchPool('service', db.pool);
  metrics.watchPool('analyst', db.analystPool);
  metrics.watchGate('service', db.gate);
  metrics.watchGate('analyst', db.analystGate);
  metrics.watchRequests(inFlight);
}

async function startMetrics({ metricsPort, host }: Config, metrics: Metrics): Promise<HttpServer | undefined> {
  return metricsPort === undefined ? undefined : serveMetrics(metrics.registry, metricsPort, host);
}
