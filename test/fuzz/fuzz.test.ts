import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/database.js';
import { askProbe } from './service.js';
import { confirmSlow, memoryFaults } from './confirm.js';
import { printed } from './findings.js';
import { bytesOf, type FuzzRequest, isMisframed } from './fuzzRequest.js';
import { faultsOf, isSlow, kindOf } from './oracles.js';
import { type ProbeReport } from './probe.js';
import { rawClient } from './raw.js';
import { reduced } from './reduce.js';
import { isSuspicious } from './watch.js';

const SCIM = { 'Content-Type': 'application/scim+json; charset=utf-8' };
const ERROR = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: '400',
  scimType: 'invalidValue',
  detail: 'No.',
};

/** What a server does wrong, and what the oracle says of it. */
const MISBEHAVIOURS: Readonly<Record<string, readonly [status: number, body: unknown, fault: RegExp]>> = {
  'a 500': [500, { ...ERROR, status: '500', scimType: undefined }, /the status is 500/],
  'a 501 that is not /Me': [501, { ...ERROR, status: '501' }, /the status is 501/],
  'a 503 while it is open': [503, { ...ERROR, status: '503' }, /the status is 503/],
  'an error without schemas': [400, { ...ERROR, schemas: undefined }, /no right schemas/],
  'a status that is a number': [400, { ...ERROR, status: 400 }, /says status 400/],
  'another status in the body': [404, ERROR, /says status "400"/],
  'a scimType of its own': [400, { ...ERROR, scimType: 'badIdea' }, /scimType "badIdea"/],
  'no detail': [400, { ...ERROR, detail: ' ' }, /no detail/],
  'a stack trace': [400, { ...ERROR, detail: 'Oops at userFromBody (/srv/x.js:10:5)' }, /a stack trace/],
  'a file path': [400, { ...ERROR, detail: 'cannot open /usr/lib/secrets' }, /a file path/],
  SQL: [400, { ...ERROR, detail: 'syntax error at or near "x"' }, /shows SQL/],
  "a library's error": [400, { ...ERROR, detail: 'TypeError: x is not a function' }, /library's error/],
  'a value that is none': [400, { ...ERROR, detail: 'undefined is required' }, /a value that is none/],
  'text that is not JSON': [200, 'hello', /not JSON/],
  'a list without Resources': [
    200,
    { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 1 },
    /Resources/,
  ],
  'a resource without id': [200, { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] }, /no id/],
  'no schemas': [200, {}, /no schemas/],
  '405 without Allow': [405, { ...ERROR, status: '405' }, /Allow/],
  '401 without WWW-Authenticate': [401, { ...ERROR, status: '401' }, /WWW-Authenticate/],
};

const REQUEST: FuzzRequest = {
  method: 'POST',
  target: '/scim/v2/Users',
  headers: [
    ['Host', '127.0.0.1'],
    ['Authorization', 'Bearer a.b.c'],
    ['Content-Type', 'application/scim+json'],
  ],
  body: Buffer.from('{"schemas":["x"],"userName":"mara","emails":[{"value":"m@fabriek.example","primary":true}]}'),
  framing: { kind: 'length' },
  mutations: [],
};

describe('the fuzzer', () => {
  const fake: { server?: Server; port: number; answer: Parameters<typeof createServer>[1] } = {
    port: 0,
    answer: undefined,
  };

  before((done) => {
    fake.server = createServer((request, response) => fake.answer?.(request, response)).listen(0, '127.0.0.1', () => {
      fake.port = (fake.server?.address() as AddressInfo).port;
      done();
    });
  });

  after((done) => {
    fake.server?.closeAllConnections();
    fake.server?.close(done);
  });

  /** What the oracle says of the fake server's answer. */
  async function judged(request: FuzzRequest = REQUEST, mostMs?: number) {
    const client = rawClient(fake.port, mostMs);
    const outcome = await client.send({ bytes: bytesOf(request), isHead: false, mayWait: isMisframed(request) });
    client.close();
    return { outcome, faults: faultsOf(request, outcome) };
  }

  const answerWith = (status: number, body: unknown) => {
    fake.answer = (_, response) =>
      response.writeHead(status, SCIM).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

  describe('finds', () => {
    for (const [name, [status, body, fault]] of Object.entries(MISBEHAVIOURS)) {
      it(name, async () => {
        answerWith(status, body);
        expect((await judged()).faults.join('; ')).to.match(fault);
      });
    }

    it('another media type', async () => {
      fake.answer = (_, response) =>
        response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify(ERROR));
      expect((await judged()).faults).to.deep.equal(['the media type is application/json']);
    });

    it('an answer that never comes', async () => {
      fake.answer = () => undefined;
      expect((await judged(REQUEST, 200)).faults).to.deep.equal(['neither answered nor closed']);
    });

    it('an answer that never ends', async () => {
      fake.answer = (_, response) => response.writeHead(200, { 'Content-Length': 100 }).write('{');
      expect((await judged(REQUEST, 200)).faults).to.deep.equal(['neither answered nor closed']);
    });

    it('a connection closed without an answer', async () => {
      fake.answer = (request) => request.socket.destroy();
      expect((await judged()).faults).to.deep.equal(['closed without an answer']);
    });

    it('a server that is gone', async () => {
      const client = rawClient(1);
      expect(
        faultsOf(REQUEST, await client.send({ bytes: bytesOf(REQUEST), isHead: false, mayWait: false })),
      ).to.deep.equal(['nobody listens any more']);
    });

    it('an answer that is slow every time, not one that was slow once', async () => {
      const once = { slow: true };
      const slowly = (isSlowNow: () => boolean) => {
        fake.answer = (_, response) =>
          setTimeout(() => response.writeHead(400, SCIM).end(JSON.stringify(ERROR)), isSlowNow() ? 1050 : 0);
      };
      slowly(() => true);
      const { outcome } = await judged();
      expect(isSlow(REQUEST, outcome)).to.equal(true);
      const suspects = [{ request: REQUEST, ms: outcome.ms, number: 0 }];
      expect(await confirmSlow(fake.port, suspects)).to.have.length(1);
      slowly(() => once.slow && !(once.slow = false));
      expect(await confirmSlow(fake.port, suspects)).to.have.length(0);
    });

    it('what a program does to its prototypes and its event loop, told by the probe in it', async () => {
      const folder = await temporaryFolder();
      const address = join(folder, 'probe');
      const program = join(folder, 'scripts/run.mjs');
      await mkdir(join(folder, 'scripts'));
      const misdeeds = `Object.prototype.polluted = 1; Array.prototype.at = () => 1;
        for (const end = performance.now() + 300; performance.now() < end;);`;
      await writeFile(program, `setTimeout(() => { ${misdeeds} }, 400); setTimeout(() => undefined, 20_000);`);
      const probe = new URL('probe.ts', import.meta.url).href;
      const child = spawn(process.execPath, [`--import=${probe}`, program], {
        env: { FUZZ_PROBE: address },
        stdio: 'ignore',
      });
      try {
        while (!existsSync(address)) await sleep(20);
        expect((await askProbe(address, 'look')).polluted).to.deep.equal([]);
        await sleep(1200);
        const report = await askProbe(address, 'look');
        expect(report.polluted).to.have.members(['Object.prototype.polluted', 'Array.prototype.at']);
        expect(report.heldMs).to.be.at.least(250);
        await sleep(60);
        const after = await askProbe(address, 'look');
        expect(after.polluted, 'cleaned').to.deep.equal([]);
        expect(after.busyMs).to.be.below(250);
      } finally {
        child.kill('SIGKILL');
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('a polluted prototype, a held event loop, and memory that stays', () => {
      const calm: ProbeReport = { heldMs: 10, busyMs: 10, polluted: [], heapMiB: 50, externalMiB: 5, rssMiB: 150 };
      expect(isSuspicious(calm)).to.equal(false);
      expect(isSuspicious({ ...calm, polluted: ['Object.prototype.polluted'] })).to.equal(true);
      expect(isSuspicious({ ...calm, heldMs: 260, busyMs: 255 })).to.equal(true);
      expect(memoryFaults(calm, { ...calm, heapMiB: 80 })).to.have.length(0);
      expect(memoryFaults(calm, { ...calm, heapMiB: 90 })).to.have.length(1);
    });
  });

  it('has nothing to say of answers that are in order', async () => {
    answerWith(400, ERROR);
    expect((await judged()).faults).to.deep.equal([]);
    fake.answer = (_, response) => response.writeHead(204).end();
    expect((await judged()).faults).to.deep.equal([]);
    answerWith(501, { ...ERROR, status: '501', scimType: undefined });
    expect((await judged({ ...REQUEST, target: '/scim/v2/Me' })).faults).to.deep.equal([]);
  });

  it('does not take what the request said for a leak', async () => {
    answerWith(400, { ...ERROR, detail: 'No attribute "undefined" here.' });
    expect((await judged()).faults).to.have.length(1);
    expect((await judged({ ...REQUEST, target: '/scim/v2/Users?filter=undefined+pr' })).faults).to.deep.equal([]);
  });

  it('reads chunked answers, 100 Continue, and closes its side of a request that is not complete', async () => {
    fake.answer = (_, response) => {
      response.writeContinue();
      response.writeHead(400, SCIM).write(JSON.stringify(ERROR).slice(0, 20));
      response.end(JSON.stringify(ERROR).slice(20));
    };
    expect((await judged()).faults).to.deep.equal([]);
    fake.answer = () => undefined;
    fake.server?.once('clientError', (_, socket) => socket.destroy());
    const incomplete: FuzzRequest = { ...REQUEST, framing: { kind: 'said', headers: [['Content-Length', '1000']] } };
    const { outcome, faults } = await judged(incomplete);
    expect(faults).to.deep.equal([]);
    expect(outcome.ended).to.equal('closed');
  });

  it('makes a finding small', async () => {
    fake.answer = (request, response) => {
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const isBad = Buffer.concat(chunks).includes('primary');
          response.writeHead(isBad ? 500 : 400, SCIM).end(JSON.stringify({ ...ERROR, status: isBad ? '500' : '400' }));
        });
    };
    const { outcome, faults } = await judged();
    const kind = kindOf(faults, outcome);
    const history = [REQUEST, REQUEST, REQUEST];
    const small = await reduced({ history, request: REQUEST }, async ({ request }) => {
      const again = await judged(request);
      return kindOf(again.faults, again.outcome) === kind;
    });
    expect(small.isReproduced).to.equal(true);
    expect(small.history).to.have.length(0);
    expect(small.request.headers.map(([name]) => name)).to.deep.equal(['Host']);
    expect(small.request.body?.toString()).to.have.length.below(20).and.include('primary');
    expect(printed(small.request)).to.match(/^POST \/ HTTP\/1.1\nHost: 127.0.0.1\nContent-Length: \d+\n\n.*primary/);
  });
});
