// The primary of several workers: does once what is done once (the port, migrations, the embedded database, the URL, the
// metrics) and keeps the workers that serve.
import { type Server as HttpServer } from 'node:http';
import { type Config } from './config.js';
import { createCrew, type Crew } from './operation/crew.js';
import { createLog } from './operation/logging.js';
import { crewMetrics, serveMetrics } from './operation/metrics.js';
import { CLOSING_MS, endOnUnexpected, stopOnSignals } from './operation/shutdown.js';
import { openDirectory, type OpenDirectory } from './openDirectory.js';
import { announcePublicUrl, publicUrlOf, readyLine, withdrawPublicUrl } from './publicUrl.js';

interface Led {
  metricsServer?: HttpServer;
  opening?: Promise<OpenDirectory>;
}

/** Resolves once all workers serve. Rejects when one of them cannot. */
export async function lead(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  endOnUnexpected(log);
  const led: Led = {};
  const giveUp = () => begin('workers end again and again, and none serves');
  const crew = createCrew({ count: config.workers, port: config.port, log, giveUp });
  const seconds = config.shutdownSeconds;
  const begin = stopOnSignals({ log, seconds, stop: () => stop(config, crew, led), hurry: () => crew.kill() });
  try {
    const publicUrl = publicUrlOf(config, await crew.listen());
    if (config.metricsPort !== undefined) {
      led.metricsServer = await serveMetrics(crewMetrics(crew), config.metricsPort, config.host);
    }
    led.opening = openDirectory({ config, log, publicUrl: () => publicUrl });
    const { deps } = await led.opening;
    await announcePublicUrl(deps.db.pool, publicUrl);
    await crew.serve(publicUrl);
    log.info(readyLine(publicUrl));
  } catch (error) {
    crew.kill();
    await led.opening?.then(
      (directory) => directory.close(),
      () => undefined,
    );
    throw error;
  }
}

/** The database ends last, also when workers did not end well. */
async function stop({ shutdownSeconds }: Config, crew: Crew, led: Led): Promise<void> {
  try {
    await crew.stop(shutdownSeconds * 1000 + CLOSING_MS / 2);
  } finally {
    led.metricsServer?.close();
    const directory = await led.opening;
    if (directory) await close(directory);
  }
}

async function close(directory: OpenDirectory): Promise<void> {
  const { db, publicUrl, log } = directory.deps;
  await withdrawPublicUrl(db.pool, publicUrl, log.warn.bind(log));
  await directory.close();
}
