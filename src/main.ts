// `npm start`: one process that does everything or, with WORKERS, a primary and the workers that serve.
import 'reflect-metadata';
import cluster from 'node:cluster';
import { configFromProcess, type Config } from './config.js';
import { EXIT, failureOf } from './exit.js';
import { errorForLog } from './operation/errorForLog.js';

try {
  await start(configFromProcess());
} catch (error) {
  const failure = failureOf(error);
  console.error(failure?.message ?? errorForLog(error));
  process.exit(failure?.code ?? EXIT.failed);
}

/** What a process does not do it does not load. */
async function start(config: Config): Promise<void> {
  if (config.workers === 1) await (await import('./serve.js')).serve(config);
  else if (cluster.worker) await (await import('./serve.js')).serveAsWorker(config, cluster.worker);
  else await (await import('./lead.js')).lead(config);
}
