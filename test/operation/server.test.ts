import { expect } from 'chai';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { freePort } from '../../scripts/freePort.js';
import { databaseCheck } from '../../src/operation/health.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { cli, killPrograms, startProgram, startToEnd, statusOf, untilReady } from '../support/program.js';
import { theServer } from '../support/server.js';
import { aTenant, send, type Credentials } from '../support/tenant.js';

describe('every answer', () => {
  before(async function () {
    this.timeout(60_000);
    await theServer();
  });

  it('carries a request id: the one sent, where it is short and plain', async () => {
    const { url } = await theServer();
    const idFor = async (headers: Record<string, string>) =>
      (await send(`${url}/livez`, 'GET', undefined, headers)).headers.get('x-request-id');
    expect(await idFor({ 'X-Request-Id': 'abc-1' })).to.equal('abc-1');
    expect(await idFor({ 'X-Request-Id': 'a b"' })).to.match(/^[0-9a-f-]{36}$/);
    expect(await idFor({})).to.match(/^[0-9a-f-]{36}$/);
  });

  it('is in SCIM form below /scim, also when the request is no HTTP and when its headers are too long', async () => {
    const { url } = await theServer();
    const raw = async (text: string) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(text);
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    };
    const long = await raw(`GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(41 * 1024)}\r\n\r\n`);
    expect(long).to.match(/^HTTP\/1\.1 431 .*application\/scim\+json.*"status":"431"/s);
    expect(await raw('GET /scim/v2/Users HTTP/1.1\r\nbroken\r\n\r\n')).to.match(/^HTTP\/1\.1 400 .*scim\+json/s);
    const allowed = await send(`${url}/livez`, 'GET', undefined, { X: 'x'.repeat(39 * 1024) });
    expect(allowed.status).to.equal(200);
  });

  it('is 404 where there is nothing', async () => {
    const { url } = await theServer();
    const { status, body } = await send(`${url}/nothing/here`);
    expect(status).to.equal(404);
    expect(body.message).to.match(/\/scim\/v2/);
  });
});

describe('readiness', () => {
  it('is 200 on /livez and /readyz while the service works', async () => {
    const { url } = await theServer();
    expect([await statusOf(`${url}/livez`), await statusOf(`${url}/readyz`)]).to.deep.equal([200, 200]);
  });

  it('asks the database once a second, however many ask', async () => {
    const { url } = await theServer();
    let asked = 0;
    const pool = {
      query: async (statement: string) => {
        expect(statement).to.equal('select 1');
        asked += 1;
        await sleep(20);
      },
    };
    const check = databaseCheck(pool as unknown as Pool);
    await Promise.all(Array.from({ length: 50 }, check));
    expect(asked).to.equal(1);
    await sleep(1100);
    await Promise.all(Array.from({ length: 50 }, check));
    expect(asked).to.equal(2);
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(`${url}/readyz`)));
    expect(new Set(statuses)).to.deep.equal(new Set([200]));
  });
});

describe('npm start', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  beforeEach(async () => void (database = await freshDatabase()));
  afterEach(async () => {
    await killPrograms();
    await database.remove();
  });

  it('answers from the beginning: alive at once, ready when the database is', async () => {
    const program = await startProgram(database.environment);
    const first = await Promise.all([
      statusOf(`${program.url}/livez`),
      send(`${program.url}/readyz`),
      send(`${program.url}/scim/v2/Users`),
    ]);
    expect([first[0], first[1].body.status, first[2].status]).to.deep.equal([200, 'starting', 503]);
    expect(first[2].headers.get('retry-after')).to.equal('5');
    expect(first[2].headers.get('content-type')).to.match(/scim\+json/);
    await untilReady(program);
    program.child.kill('SIGINT');
    expect(await program.ended).to.equal(0);
    // Lines are written in pieces; the end of the process brings the last.
    expect(program.output()).to.include(`Tenant URL ${program.url}/scim/v2`).and.include(`${program.url}/oauth2/token`);
    expect(program.output()).to.include('"msg":"Stopped"');
  });

  it('finishes what is in flight when it is told to stop, refuses new requests, and ends with 0', async () => {
    const program = await startProgram(database.environment);
    await untilReady(program);
    const args = ['integration', 'create', '--tenant', 'acme', '--name', 'x', '--users-and-groups', 'full', '--json'];
    const { stdout } = await cli(args, database.environment);
    const { clientId, clientSecret } = JSON.parse(stdout) as Credentials;
    const slow = request(`${program.url}/oauth2/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Transfer-Encoding': 'chunked' },
    });
    slow.write(`grant_type=client_credentials&client_id=${clientId}&`);
    await sleep(200);
    program.child.kill('SIGTERM');
    await sleep(500);
    expect((await send(`${program.url}/readyz`)).body).to.deep.equal({ status: 'draining' });
    const refused = await send(`${program.url}/scim/v2/Users`);
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '5']);
    slow.end(`client_secret=${clientSecret}`);
    const [response] = (await once(slow, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).to.equal(200);
    expect(await program.ended).to.equal(0);
  });

  it('does not wait longer than SHUTDOWN_SECONDS, and not at all after a second signal', async () => {
    for (const [seconds, signals, least, most] of [
      ['1', 1, 900, 5000],
      ['60', 2, 0, 5000],
    ] as const) {
      const program = await startProgram({ ...database.environment, SHUTDOWN_SECONDS: seconds });
      await untilReady(program);
      const stuck = request(`${program.url}/oauth2/token`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '10' },
      });
      stuck.on('error', () => undefined).write('x');
      await sleep(200);
      const start = performance.now();
      program.child.kill('SIGTERM');
      await sleep(300);
      if (signals === 2) program.child.kill('SIGTERM');
      await program.ended;
      expect(performance.now() - start).to.be.within(least, most);
    }
  });

  it('says all wrong settings at once and exits with 2', async () => {
    const { code, stderr } = await startToEnd({ ...database.environment, PORT: 'http', PUBLIC_URL: 'directory' });
    expect(code).to.equal(2);
    expect(stderr).to.match(/PORT: .*PUBLIC_URL: /s);
  });

  it('exits with 3 and a plain sentence when the external database cannot be reached', async () => {
    const DATABASE_URL = `postgresql://nobody@127.0.0.1:${await freePort()}/x`;
    const { code, stderr } = await startToEnd({ ...database.environment, PORT: '0', DATABASE_URL });
    expect(code).to.equal(3);
    expect(stderr).to.match(/^The database is not reachable: .*ECONNREFUSED/m);
  });

  it('exits with 1 when the port is taken', async () => {
    const { server } = await aTenant();
    const { code, stderr } = await startToEnd({ ...database.environment, PORT: new URL(server.url).port });
    expect(code).to.equal(1);
    expect(stderr).to.match(/The port is taken/);
  });

  it('shows metrics on a port of their own', async () => {
    const port = await freePort();
    const program = await startProgram({ ...database.environment, METRICS_PORT: String(port) });
    await untilReady(program);
    await send(`${program.url}/scim/v2/Users/2819c223-7f76-453a-919d-413861904646`);
    const { body } = await send(`http://127.0.0.1:${port}/metrics`);
    expect(body).to.match(
      /http_request_duration_seconds_count\{method="GET",route="\/scim\/v2\/Users\/:id",status="401"\} 1/,
    );
    expect(body)
      .to.match(/database_connections\{pool="service",state="idle"\} \d/)
      .and.match(/nodejs_eventloop_lag/);
    expect(await statusOf(`${program.url}/metrics`)).to.equal(404);
    expect(program.output()).to.not.include('2819c223');
    program.child.kill();
    await program.ended;
  });
});
