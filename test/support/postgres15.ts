// A PostgreSQL 15 server from Debian's own packages, for tests against an external database that comes and goes.
import { existsSync } from 'node:fs';
import { chown, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot, ownAccount, runAs, serverAccount } from '../../src/database/embeddedAccount.js';
import { freePort } from '../../scripts/freePort.js';
import { temporaryFolder } from './database.js';

const BINARIES = '/usr/lib/postgresql/15/bin';

export const hasPostgres15 = existsSync(join(BINARIES, 'pg_ctl'));

export interface Postgres15 {
  /** Its superuser's login. */
  readonly url: string;
  start(): Promise<void>;
  /** `immediate` is as good as a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a server, not started yet, on a port of its own. */
export async function postgres15(): Promise<Postgres15> {
  const folder = await temporaryFolder();
  const account = isRoot() ? await serverAccount([]) : ownAccount();
  if (isRoot()) await chown(folder, account.uid, account.gid);
  const port = await freePort();
  const cluster = join(folder, 'cluster');
  const run = async (command: string, ...args: string[]) => {
    const { code, output } = await runAs(account, join(BINARIES, command), ['-D', cluster, ...args]);
    if (code !== 0) throw new Error(`${command}: ${output}`);
  };
  await run('initdb', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale');
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  const server: Postgres15 = {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start: () => run('pg_ctl', '-w', '-l', join(folder, 'log'), '-o', options, 'start'),
    stop: (mode = 'fast') => run('pg_ctl', '-w', '-m', mode, 'stop'),
    async remove() {
      if (existsSync(join(cluster, 'postmaster.pid'))) await server.stop('immediate');
      await rm(folder, { recursive: true });
    },
  };
  return server;
}
