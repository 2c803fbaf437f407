// The service in a process of its own, as `npm start` runs it, with the probe inside; and its directory opened beside.
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.js';
import { openDirectory } from '../../src/openDirectory.js';
import { createLog } from '../../src/operation/logging.js';
import { startService } from '../bench/programs.js';
import { freshDatabase, temporaryFolder } from '../support/database.js';
import { type ProbeReport } from './probe.js';
import { type Target } from './scene.js';

export type Closers = (() => Promise<unknown>)[];

export interface Service extends Target {
  /** How the process is; `collect` runs the garbage collector first. */
  report(order?: 'look' | 'collect'): Promise<ProbeReport>;
  /** What the service wrote at level warning and above. */
  complaints(): Promise<readonly string[]>;
}

const STOP_MS = 20_000;

/** `closers` hears what to undo, also when this fails half-way. */
export async function setService(closers: Closers): Promise<Service> {
  const database = await freshDatabase();
  closers.push(() => database.remove());
  const folder = await temporaryFolder();
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const [logFile, address] = [join(folder, 'service.log'), join(folder, 'probe')];
  const probe = new URL('probe.ts', import.meta.url).href;
  const program = await startService(
    {
      ...database.environment,
      LOG_LEVEL: 'warn',
      GRAPHQL_BUDGET: '999999999',
      // Its limit would be said in the log.
      TOKEN_FAILURES: '100000000',
      FUZZ_PROBE: address,
      NODE_OPTIONS: `--import=${probe} --expose-gc`,
    },
    logFile,
  );
  closers.push(async () => {
    // A service that does nothing but one thing does not hear that it should stop.
    const hurry = setTimeout(() => process.kill(program.pid, 'SIGKILL'), STOP_MS);
    await program.stop();
    clearTimeout(hurry);
  });
  const { port } = program;
  const config = readConfig({ ...database.environment, PORT: '0', POOL_SIZE: '4' });
  const publicUrl = () => `http://127.0.0.1:${port}`;
  const directory = await openDirectory({ config, log: createLog('silent'), publicUrl });
  closers.push(() => directory.close());
  return {
    port,
    deps: directory.deps,
    report: (order = 'look') => askProbe(address, order),
    complaints: async () => (await readFile(logFile, 'utf8')).split('\n').filter((line) => line !== ''),
  };
}

/** Takes down what was built, in the opposite order. A step that hangs must not keep the others from being taken. */
export async function closeAll(closers: Closers): Promise<void> {
  for (const step of closers.splice(0).reverse()) {
    const late = sleep(30_000, undefined, { ref: false }).then(() => Promise.reject(new Error('a step took too long')));
    await Promise.race([step(), late]).catch((error: unknown) => console.error(`While stopping: ${String(error)}`));
  }
}

/** Asks the probe that listens at this address. */
export function askProbe(address: string, order: string): Promise<ProbeReport> {
  return new Promise((resolve, reject) => {
    const socket = connect(address).setEncoding('utf8');
    const chunks: string[] = [];
    const late = setTimeout(() => socket.destroy(new Error('The service does not tell how it is')), 15_000);
    socket.on('error', reject).on('data', (chunk: string) => {
      chunks.push(chunk);
      if (!chunk.endsWith('\n')) return;
      clearTimeout(late);
      socket.destroy();
      resolve(JSON.parse(chunks.join('')) as ProbeReport);
    });
    socket.write(order);
  });
}
