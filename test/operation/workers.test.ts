import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { get, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/freePort.js';
import { projectRoot } from '../../src/projectRoot.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { cli, killPrograms, startProgram, startToEnd, untilReady, type RunningProgram } from '../support/program.js';
import { send, tokenOf, type Credentials } from '../support/tenant.js';

interface Line {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
  readonly route?: string;
  readonly level: number;
}

/** The lines of the log so far; each must be whole, whoever wrote it. */
const linesOf = (program: RunningProgram): Line[] =>
  program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** Process ids of the workers begun so far. */
const begun = (program: RunningProgram): number[] =>
  linesOf(program).flatMap(({ msg, pid }) => (msg === 'A worker begins' && pid !== undefined ? [pid] : []));

/** A worker is known before everybody else listens to the log: it is written some milliseconds late. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error('It has not happened within 30 s');
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const ps = async (field: string, pid: number): Promise<string> =>
  (await promisify(execFile)('ps', ['-ww', '-o', `${field}=`, '-p', String(pid)])).stdout.trim();

/** A request over a connection of its own: those of one connection all go to the same worker. */
async function asked(url: string): Promise<number> {
  const [response] = (await once(get(url, { agent: false, signal: AbortSignal.timeout(10_000) }), 'response')) as [
    NodeJS.ReadableStream & { statusCode: number },
  ];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

describe('npm start with WORKERS=2', function () {
  this.timeout(180_000);
  let database: TestDatabase;
  let environment: Readonly<Record<string, string>>;
  const ready = async (more: Readonly<Record<string, string>> = {}): Promise<RunningProgram> => {
    const program = await startProgram({ ...environment, ...more });
    await untilReady(program);
    await until(() => linesOf(program).some(({ msg }) => msg.startsWith('Ready.')));
    return program;
  };

  before(async () => {
    database = await freshDatabase();
    environment = { ...database.environment, WORKERS: '2' };
  });
  after(async () => {
    await killPrograms();
    await database.remove();
  });

  describe('on a new DATA_DIR', () => {
    let program: RunningProgram;
    let metricsUrl: string;
    let credentials: Credentials;
    const metric = async (name: string): Promise<number> => {
      const { body } = await send(metricsUrl);
      const text = String(body);
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length),
      );
    };
    const COUNT = 'http_request_duration_seconds_count{method="GET",route="/scim/v2/Users",status="401"}';

    it('answers from the beginning, and serves when it says so', async () => {
      const port = await freePort();
      metricsUrl = `http://127.0.0.1:${port}/metrics`;
      program = await startProgram({ ...environment, METRICS_PORT: String(port) });
      const first = await send(`${program.url}/readyz`);
      expect([first.status, first.body]).to.deep.equal([503, { status: 'starting' }]);
      await untilReady(program);
      const args = ['integration', 'create', '--tenant', 'acme', '--name', 'x', '--users-and-groups', 'full', '--json'];
      credentials = JSON.parse((await cli(args, database.environment)).stdout) as Credentials;
      expect(credentials).to.include({ tenantUrl: `${program.url}/scim/v2` });
      expect(await tokenOf(program.url, credentials)).to.be.a('string');
    });

    it('serves with both workers, and counts what they did together', async () => {
      const statuses = await Promise.all(Array.from({ length: 40 }, () => asked(`${program.url}/scim/v2/Users`)));
      expect(new Set(statuses)).to.deep.equal(new Set([401]));
      const served = () => linesOf(program).filter(({ route }) => route === '/scim/v2/Users');
      await until(() => served().length === 40);
      expect(new Set(served().map(({ worker }) => worker))).to.deep.equal(new Set([1, 2]));
      expect(await metric(COUNT)).to.equal(40);
      expect(await metric('workers_serving')).to.equal(2);
    });

    it('runs them as npm start runs one: with its heap', async () => {
      const { scripts } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
        scripts: Record<string, string>;
      };
      const flags = scripts.start?.match(/--[\w-]+=\d+/g) ?? [];
      expect(flags.length).to.be.above(0);
      for (const pid of begun(program)) expect(await ps('args', pid)).to.include(flags.join(' '));
    });

    it('replaces a worker that is killed, while the other serves', async () => {
      const [, victim = NaN] = begun(program);
      process.kill(victim, 'SIGKILL');
      await until(() => !isAlive(victim));
      const statuses = await Promise.all(Array.from({ length: 10 }, () => asked(`${program.url}/scim/v2/Users`)));
      expect(new Set(statuses)).to.deep.equal(new Set([401]));
      await until(async () => (await metric('workers_serving')) === 2);
      expect(await metric('workers_replaced')).to.equal(1);
      expect(begun(program).length).to.equal(3);
      await Promise.all(Array.from({ length: 10 }, () => asked(`${program.url}/scim/v2/Schemas`)));
      await until(() => linesOf(program).some(({ worker, route }) => worker === 3 && route === '/scim/v2/Schemas'));
      expect(linesOf(program).filter(({ msg }) => msg === 'A worker ended')).to.have.lengthOf(1);
    });

    it('finishes what is in flight when it is told to stop, then stops the database and ends with 0', async () => {
      const slow = request(`${program.url}/oauth2/token`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Transfer-Encoding': 'chunked' },
      });
      slow.write(`grant_type=client_credentials&client_id=${credentials.clientId}&`);
      await sleep(300);
      program.child.kill('SIGTERM');
      await sleep(500);
      slow.end(`client_secret=${credentials.clientSecret}`);
      const [response] = (await once(slow, 'response')) as [{ statusCode: number }];
      expect(response.statusCode).to.equal(200);
      expect(await program.ended).to.equal(0);
      expect(begun(program).filter(isAlive)).to.deep.equal([]);
      expect(
        linesOf(program)
          .filter(({ msg }) => msg === 'Stopped')
          .map(({ worker }) => worker),
      ).to.include.members([1, 3, undefined]);
      expect(await databaseRuns()).to.equal(false);
    });

    it('goes on where it stopped; workers whose primary is killed end, and stop the database', async () => {
      const again = await ready();
      expect(await tokenOf(again.url, credentials)).to.be.a('string');
      const workers = begun(again);
      process.kill(Number(await ps('ppid', workers[0] ?? NaN)), 'SIGKILL');
      await until(() => !workers.some(isAlive));
      expect(await databaseRuns()).to.equal(false);
    });

    const databaseRuns = async (): Promise<boolean> => {
      const file = join(environment.DATA_DIR ?? '', 'postgres', 'cluster', 'postmaster.pid');
      return (await readFile(file, 'utf8').catch(() => '')) !== '';
    };
  });

  describe('in trouble', () => {
    afterEach(killPrograms);

    for (const ms of [0, 400, 1200]) {
      it(`ends with 0 when it is told to stop ${ms} ms after its first worker answers, while it still starts`, async () => {
        const program = await startProgram(environment);
        await sleep(ms);
        program.child.kill('SIGTERM');
        expect(await program.ended).to.equal(0);
        expect(linesOf(program).filter(({ msg, level }) => msg === 'A worker ended' || level >= 50)).to.deep.equal([]);
        expect(begun(program).length).to.be.at.most(2);
        await until(() => !begun(program).some(isAlive));
      });
    }

    it('ends with 1 when its workers end again and again', async () => {
      const file = join(environment.DATA_DIR ?? '', 'key');
      await copyFile(join(environment.DATA_DIR ?? '', 'master.key'), file);
      const program = await ready({ MASTER_KEY_FILE: file });
      await rm(file);
      for (const pid of begun(program)) process.kill(pid, 'SIGKILL');
      expect(await program.ended).to.equal(1);
      expect(begun(program).length).to.be.within(6, 8);
      expect(program.output()).to.include('MASTER_KEY_FILE').and.include('none serves');
    });

    it('ends with 1 and one sentence when the port is taken, and starts no database', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { code, stderr } = await startToEnd({ ...environment, PORT: String(port) });
      other.close();
      expect(code).to.equal(1);
      expect(stderr.match(/The port is taken/g)).to.have.lengthOf(1);
    });

    it('says wrong settings once, and exits with 2', async () => {
      const { code, stderr } = await startToEnd({ ...environment, LOG_LEVEL: 'loud' });
      expect(code).to.equal(2);
      expect(stderr.match(/LOG_LEVEL: /g)).to.have.lengthOf(1);
    });

    it('takes one free port for all with PORT=0, and keeps it; a second signal ends everything at once', async () => {
      const program = await startProgramAnywhere(environment);
      const [one = NaN, other = NaN] = begun(program);
      for (const pid of [one, other]) process.kill(pid, 'SIGKILL');
      // What was on its way to a worker that was killed is lost: the primary must have seen it.
      await until(() => ![one, other].some(isAlive));
      await until(async () => (await asked(`${program.url}/readyz`).catch(() => 0)) === 200);
      const stuck = request(`${program.url}/oauth2/token`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': '10',
          Expect: '100-continue',
        },
      });
      stuck.on('error', () => undefined).flushHeaders();
      await once(stuck, 'continue');
      stuck.write('x');
      const start = performance.now();
      program.child.kill('SIGTERM');
      await until(() => linesOf(program).some(({ msg }) => msg.startsWith('Stopping')));
      program.child.kill('SIGTERM');
      expect(await program.ended).to.equal(1);
      expect(performance.now() - start).to.be.below(5000);
      await until(() => !begun(program).some(isAlive));
    });

    /** With PORT=0 the log says where. */
    const startProgramAnywhere = async (settings: Readonly<Record<string, string>>): Promise<RunningProgram> => {
      const program = await startProgram(
        { ...settings, PORT: '0', SHUTDOWN_SECONDS: '60' },
        (said) => /Tenant URL (http:\/\/127\.0\.0\.1:\d+)\//.exec(said)?.[1],
      );
      return program;
    };
  });
});
