// `npm start`: listens first, then opens the database, so that health checks are answered from the beginning.
import 'reflect-metadata';
import { type Server as HttpServer } from 'node:http';
import { configFromProcess, type Config } from './config.js';
import { EXIT, failureOf } from './exit.js';
import { errorForLog } from './operation/errorForLog.js';
import { createLog, type Log } from './operation/logging.js';
import { createMetrics, serveMetrics, type Metrics } from './operation/metrics.js';
import { endOnUnexpected, stopOnSignals } from './operation/shutdown.js';
import { openDirectory, type OpenDirectory } from './openDirectory.js';
import { announcePublicUrl, publicUrlOf, withdrawPublicUrl } from './publicUrl.js';
import { createServer, type Server } from './server.js';

try {
  const config = configFromProcess();
  await serve(config, createLog(config.logLevel));
} catch (error) {
  const failure = failureOf(error);
  console.error(failure?.message ?? errorForLog(error));
  process.exit(failure?.code ?? EXIT.failed);
}

async function serve(config: Config, log: Log): Promise<void> {
  endOnUnexpected(log);
  const metrics = createMetrics();
  const server = createServer({ config, log, metrics });
  const publicUrl = publicUrlOf(config, await server.listen());
  const metricsServer = await startMetrics(config, metrics);
  const opening = openDirectory({ config, log, publicUrl: () => publicUrl });
  stopOnSignals({ log, seconds: config.shutdownSeconds, stop: () => stop(server, metricsServer, config, opening) });
  const { deps } = await opening;
  metrics.watchPool('service', deps.db.pool);
  metrics.watchPool('analyst', deps.db.analystPool);
  metrics.watchGate('service', deps.db.gate);
  metrics.watchGate('analyst', deps.db.analystGate);
  metrics.watchRequests(deps.inFlight);
  await announcePublicUrl(deps.db.pool, publicUrl);
  server.open(deps);
  log.info(
    `Ready. Tenant URL ${publicUrl}/scim/v2 · token endpoint ${publicUrl}/oauth2/token · readiness ${publicUrl}/readyz`,
  );
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
  const { deps } = directory;
  await withdrawPublicUrl(deps.db.pool, deps.publicUrl).catch((error: unknown) =>
    deps.log.warn({ reason: String(error) }, 'The address of this server stays in the database'),
  );
  await directory.close();
}

async function startMetrics({ metricsPort, host }: Config, metrics: Metrics): Promise<HttpServer | undefined> {
  return metricsPort === undefined ? undefined : serveMetrics(metrics, metricsPort, host);
}
