import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.js';
import { createMetrics } from '../../src/operation/metrics.js';
import { createServer, type Server } from '../../src/server.js';
import { theServer } from '../support/server.js';
import { aUser } from '../support/builders.js';
import { type TestTenant, aTenant } from '../support/tenant.js';
import { caller } from './socket.js';

const TIMES = { headers: 400, request: 800, idle: 300, silence: 1500, look: 50 };
/** The machine may be busy; it is never early. */
const LATE = 1500;

describe('callers who take their time', () => {
  let server: Server;
  let url: string;
  let tenant: TestTenant;
  before(async () => {
    const { deps } = await theServer();
    tenant = await aTenant();
    server = createServer({ config: readConfig({ PORT: '0' }), log: deps.log, metrics: createMetrics(), times: TIMES });
    url = `http://127.0.0.1:${await server.listen()}`;
    server.open(deps);
  });
  after(() => server.drain(0));

  const head = (path: string, ...headers: string[]) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers.join('\r\n')}\r\n\r\n`;
  const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 5000'];

  it('2.6: who sends the headers a character at a time is told 408 in time, and cut off', async () => {
    const { drip, closed } = caller(url);
    void drip(`GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(5000)}`, 20);
    const { answers, ms } = await closed;
    expect(ms).to.be.within(TIMES.headers, TIMES.headers + LATE);
    expect(answers.map(({ status }) => status)).to.deep.equal([408]);
    expect(answers[0]?.headers.get('connection')).to.equal('close');
    expect(JSON.parse(answers[0]?.body.toString() ?? '')).to.deep.equal({
      status: 408,
      message: 'The request did not arrive in time.',
    });
  });

  it('2.6: who connects and says nothing is cut off', async () => {
    const { ms } = await caller(url).closed;
    expect(ms).to.be.within(TIMES.headers, TIMES.headers + LATE);
  });

  it('2.6: who sends the body a character at a time is told 408 in the form of the path', async () => {
    const json = ['Content-Type: application/json', 'Content-Length: 5000'];
    const chunked = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const dripped: [path: string, headers: readonly string[], type: string][] = [
      ['/oauth2/token', form, 'application/json'],
      ['/scim/v2/Users?filter=x', [`Authorization: Bearer ${tenant.token}`, ...json], 'application/scim+json'],
      ['/graphql', [`Authorization: Bearer ${await tenant.personToken()}`, ...chunked], 'application/json'],
    ];
    for (const [path, headers, type] of dripped) {
      const { socket, drip, closed } = caller(url);
      socket.write(head(path, ...headers));
      void drip(headers === dripped[2]?.[1] ? '1\r\nx\r\n'.repeat(900) : 'x'.repeat(4000), 20);
      const { answers, ms } = await closed;
      expect(ms, path).to.be.within(TIMES.request, TIMES.request + LATE);
      const told = answers.map(({ status, headers: got }) => [status, got.get('content-type')]);
      expect(told).to.deep.equal([[408, `${type}; charset=utf-8`]]);
    }
  });

  it('2.6: who is answered before the body is there is cut off without a second answer', async () => {
    const { socket, drip, closed } = caller(url);
    socket.write(head('/scim/v2/Users', 'Content-Type: application/json', 'Content-Length: 5000'));
    void drip('x'.repeat(4000), 20);
    const { answers, ms } = await closed;
    expect(ms).to.be.within(TIMES.request, TIMES.request + LATE);
    expect(answers.map(({ status }) => status)).to.deep.equal([401]);
  });

  it('2.6: a connection without a next request is closed', async () => {
    const { socket, closed } = caller(url);
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    const { answers, ms } = await closed;
    expect(ms).to.be.within(TIMES.idle, TIMES.idle + LATE);
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
    expect(answers[0]?.headers.get('keep-alive')).to.match(/max=10000/);
  });

  it('2.6: who does not read the answer is cut off', async () => {
    // More than the buffers of both sides hold.
    const phoneNumbers = Array.from({ length: 500 }, (_, n) => ({ value: `${n}${'5'.repeat(1000)}` }));
    for (let n = 0; n < 40; n += 1) await tenant.scim('POST', '/Users', aUser({ phoneNumbers }));
    const { socket, closed } = caller(url);
    socket.pause();
    socket.write(`GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.token}\r\n\r\n`);
    // Looked at twice: the first time, something has been sent since.
    await sleep(3 * TIMES.silence);
    let size = 0;
    socket.on('data', (chunk: Buffer) => (size += chunk.length)).resume();
    await closed;
    expect(size).to.be.within(1000, 19_000_000);
  });

  it('2.6: the others are served meanwhile', async () => {
    const slow = Array.from({ length: 200 }, () => caller(url));
    for (const { drip } of slow) void drip(`GET /livez HTTP/1.1\r\nX: ${'x'.repeat(100)}`, 20);
    await sleep(100);
    const began = performance.now();
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    expect(performance.now() - began).to.be.below(1000);
    const ended = await Promise.all(slow.map(({ closed }) => closed));
    expect(new Set(ended.map(({ answers }) => answers[0]?.status))).to.deep.equal(new Set([408]));
  });
});
