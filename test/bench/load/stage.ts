// What both runs stand on: a service as `npm start` runs it, with the queue and without, tenants with people, and the
// process that makes the load.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../support/database.js';
import { startServer } from '../../support/server.js';
import { aTenant } from '../../support/tenant.js';
import { aUser } from '../../support/builders.js';
import { aDatabase, type Closers } from '../ground.js';
import { startService } from '../programs.js';
import { leaveLastCore, toLastCore } from './cores.js';
import { type LoadOrder, type Stream, type StreamReport } from './generator.js';

export type Party = Pick<Stream, 'token' | 'people'>;

export interface LoadStage {
  /** Whether the load is made on a core of its own. */
  readonly ownCore: boolean;
  readonly parties: readonly Party[];
  /** Runs streams against the service with the queue, or without. */
  readonly run: (
    which: 'fair' | 'open',
    seconds: number,
    streams: readonly Stream[],
    before?: number,
  ) => Promise<readonly StreamReport[]>;
  /** Resident memory of the service with the queue, in MiB. */
  readonly memory: () => Promise<number>;
}

const TENANTS = 10;
const PEOPLE = 20;

/** `apart`: the load is made on a core of its own, where that can be. */
export async function setLoadStage(closers: Closers, apart: boolean): Promise<LoadStage> {
  const ownCore = apart && leaveLastCore();
  const { environment: where } = await aDatabase(closers);
  const environment = { ...where, MASTER_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'warn' };
  const folder = await temporaryFolder();
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const maker = await startServer(environment);
  closers.push(() => maker.stop());
  const parties: Party[] = [];
  for (let at = 0; at < TENANTS; at += 1) {
    const tenant = await aTenant({}, maker);
    const people: string[] = [];
    for (let person = 0; person < PEOPLE; person += 1)
      people.push(((await tenant.scim('POST', '/Users', aUser())).body as { id: string }).id);
    parties.push({ token: tenant.token, people });
  }
  const start = async (name: string, more: Record<string, string>) => {
    const service = await startService({ ...environment, ...more }, join(folder, `${name}.log`));
    closers.push(() => service.stop());
    return service;
  };
  const services = { fair: await start('fair', {}), open: await start('open', { ADMISSION: 'off' }) };
  return {
    ownCore,
    parties,
    run: (which, seconds, streams, before = 0) =>
      loaded({ port: services[which].port, seconds, before, streams }, ownCore),
    memory: async () => {
      const status = await readFile(`/proc/${services.fair.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    },
  };
}

/** A process for each load: what one left behind burdens no other. */
function loaded(order: LoadOrder, ownCore: boolean): Promise<readonly StreamReport[]> {
  const program = fileURLToPath(new URL('generator.ts', import.meta.url));
  const child = fork(program, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  if (ownCore && !toLastCore(child.pid ?? 0)) throw new Error('The load has no core of its own');
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The load ended with ${code}`)));
    child.once('message', (reports) => {
      resolve(reports as readonly StreamReport[]);
      child.kill();
    });
    child.send(order);
  });
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
