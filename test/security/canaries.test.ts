import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Environment } from '../../src/config.js';
import { startEmbeddedPostgres } from '../../src/database/embedded.js';
import { freePort } from '../../scripts/freePort.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { cli, killPrograms, type RunningProgram, startProgram, untilReady } from '../support/program.js';
import { type Credentials, send, tokenOf } from '../support/tenant.js';
import { type CanaryProbe, createMarks, markedPerson, type Marks, placesIn, probesWith } from './canaryProbes.js';
import { answersTo } from './socket.js';

interface Told {
  readonly probe: CanaryProbe;
  readonly status: number;
  readonly text: string;
}

/** SPEC sections 4 and 6: accepted and dropped. */
const NEVER_SAID = ['user password', 'user an unknown attribute', 'user an unknown schema'];

/** What an error says again, of what its own caller sent: without it nobody would know which it is about. */
const QUOTED = [
  'user userName', // 409: whom to match
  'userName without an e-mail address',
  'an unknown member', // SPEC section 5: named, up to ten
  'an attribute in a filter',
  'sortBy',
  'an id',
  'an encoded id',
  'a schema',
  'a variable of a wrong type', // GraphQL's own sentence
  'operationName',
  'an unknown field',
];

describe('marked values', function () {
  this.timeout(240_000);
  let database: TestDatabase;
  // Always the embedded one: what it writes itself is looked at too.
  before(async () => void (database = await freshDatabase('')));
  after(async () => {
    await killPrograms();
    await database.remove();
  });

  async function serve(more: Environment): Promise<{ program: RunningProgram; metrics: () => Promise<string> }> {
    const port = await freePort();
    const program = await startProgram({
      ...database.environment,
      LOG_LEVEL: 'debug',
      METRICS_PORT: String(port),
      ...more,
    });
    await untilReady(program);
    return { program, metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text() };
  }

  const run = async (...args: string[]) => cli([...args, '--json'], { ...database.environment, LOG_LEVEL: 'debug' });
  const ask = async (url: string, probe: CanaryProbe): Promise<Told> => {
    const { method, path, headers, body } = probe;
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = [...response.headers].flat().join('\n') + (await response.text());
    return { probe, status: response.status, text };
  };

  /** Sends everything; what was answered, and all that is secret. */
  async function provoke(url: string, marks: Marks): Promise<{ told: Told[]; secrets: string[] }> {
    const create = ['integration', 'create', '--tenant', 'acme', '--name', 'Entra', '--users-and-groups', 'full'];
    const credentials = JSON.parse((await run(...create)).stdout) as Credentials;
    const person = (
      JSON.parse((await run('token', 'create', '--tenant', 'acme', '--role', 'admin')).stdout) as {
        accessToken: string;
      }
    ).accessToken;
    const scim = await tokenOf(url, credentials);
    const headers = { Authorization: `Bearer ${scim}`, 'Content-Type': 'application/scim+json' };
    const marked = {
      method: 'POST',
      path: '/scim/v2/Users',
      headers,
      body: JSON.stringify(markedPerson((place) => marks.mark(place))),
    };
    const made = await send(url + marked.path, 'POST', marked.body, headers);
    expect(made.status).to.equal(201);
    const twice = await ask(url, marked);
    const told = [twice];
    for (const probe of probesWith(
      (place) => marks.mark(place),
      { scim, person, clientId: credentials.clientId },
      String(made.body.id),
    )) {
      told.push(await ask(url, probe));
    }
    return { told, secrets: [credentials.clientSecret, scim, person] };
  }

  /** What no HTTP library would send. */
  async function provokeParser(url: string, marks: Marks): Promise<string[]> {
    const mark = (place: string) => marks.mark(`stranger: ${place}`);
    const texts = [
      `GET /scim/v2/${mark('a path of broken HTTP')} HTTP/1.1\r\nbroken ${mark('a broken header')}\r\n\r\n`,
      `${mark('a method')} / HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${mark('Host')}@x\r\n\r\n`,
      `GET /${mark('a long address')}${'x'.repeat(45_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `CONNECT ${mark('the target of CONNECT')}:443 HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${mark('a chunk')}\r\n`,
      `GET /livez?\x1b[2J\x07${mark('control characters')} HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\x1b[2J\r\n\r\n`,
    ];
    const answers = [];
    for (const text of texts) answers.push(...(await answersTo(url, Buffer.from(text, 'latin1'))));
    return answers.map(({ headers, body }) => [...headers].flat().join('\n') + body.toString());
  }

  async function importPeople(marks: Marks): Promise<string> {
    const { DATA_DIR = '' } = database.environment;
    const mark = (place: string) => marks.mark(`import: ${place}`);
    const file = join(DATA_DIR, 'people.csv');
    const line = (...more: string[]) =>
      [`${mark('userName')}@x.example`, `${mark('email')}@x.example`, mark('displayName'), ...more].join(',');
    const head = 'userName,email,displayName,active\n';
    const said: string[] = [];
    for (const rows of [
      `${line('true')}\n`,
      `${line('true')}\n${line('perhaps')}\n`,
      `${line('true')}\n${line('true')},"x\n`,
      `${line('true', 'one too many')}\n`,
    ]) {
      writeFileSync(file, head + rows);
      const { stdout, stderr } = await run('user', 'import', file, '--tenant', 'acme');
      said.push(stdout, stderr);
    }
    return said.join('\n');
  }

  /** What the embedded PostgreSQL writes itself. */
  const databaseLogs = (): string =>
    readdirSync(database.environment.DATA_DIR ?? '', { recursive: true })
      .map(String)
      .filter((name) => /\.log(\.1)?$/.test(name) && !name.includes('cluster'))
      .map((name) => readFileSync(join(database.environment.DATA_DIR ?? '', name), 'utf8'))
      .join('\n');

  it('2.7: are in no log and no metric, at log level debug, wherever they are sent', async () => {
    const marks = createMarks();
    const { program, metrics } = await serve({});
    const { told, secrets } = await provoke(program.url, marks);
    const broken = await provokeParser(program.url, marks);
    const imported = await importPeople(marks);
    await sleep(300);
    const counted = await metrics();
    program.child.kill('SIGTERM');
    await program.ended;
    console.log(`      ${marks.places.size} marks in ${told.length + broken.length} requests`);
    expect(marks.places.size).to.be.at.least(40);
    expect(told.filter(({ status }) => status >= 500)).to.deep.equal([]);
    expect(program.output().match(/"msg":"request"/g)?.length).to.be.greaterThan(told.length);
    expect(program.output()).to.not.include('left_out');
    expect(placesIn(program.output(), marks)).to.deep.equal([]);
    expect(placesIn(counted, marks)).to.deep.equal([]);
    expect(placesIn(databaseLogs(), marks)).to.deep.equal([]);
    expect(placesIn(imported, marks)).to.deep.equal([]);
    for (const secret of secrets) expect(program.output() + counted + imported).to.not.include(secret);
    expect([...program.output()].filter((character) => character < ' ' && character !== '\n')).to.deep.equal([]);
    expect(databaseLogs()).to.include('ready to accept connections');
    const answers = [...told.map(({ text }) => text), ...broken].flatMap((text) => placesIn(text, marks));
    expect(answers.filter((place) => place.startsWith('stranger') || NEVER_SAID.includes(place))).to.deep.equal([]);
    const refused = told.filter(({ status }) => status >= 400).flatMap(({ text }) => placesIn(text, marks));
    expect(refused).to.have.members(QUOTED);
  });

  it('2.7: are not in what the embedded PostgreSQL writes of its errors', async () => {
    const marks = createMarks();
    const embedded = await startEmbeddedPostgres(database.environment.DATA_DIR ?? '', () => undefined);
    const owner = new Client(embedded.url);
    await owner.connect();
    try {
      await owner.query('create temporary table marked (value text primary key)');
      const twice = `insert into marked values ('${marks.mark('a literal')}')`;
      await owner.query(twice);
      const error = await owner.query(twice).catch((reason: Error) => reason);
      expect(error).to.be.an('error').with.property('detail').that.includes('Kanarie');
    } finally {
      await owner.end();
      await embedded.stop();
    }
    expect(databaseLogs()).to.include('duplicate key');
    expect(placesIn(databaseLogs(), marks)).to.deep.equal([]);
  });

  it('have a control: one line that logs addresses is found', async () => {
    const marks = createMarks();
    const planted = `import http from 'node:http';
      const emit = http.Server.prototype.emit;
      http.Server.prototype.emit = function (name, request, ...rest) {
        if (name === 'request') console.log(request.url);
        return emit.call(this, name, request, ...rest);
      };`;
    const { program } = await serve({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(planted)}` });
    await ask(program.url, { method: 'GET', path: `/scim/v2/Users?filter=${marks.mark('a filter')}`, headers: {} });
    program.child.kill('SIGTERM');
    await program.ended;
    expect(placesIn(program.output(), marks)).to.deep.equal(['a filter']);
  });
});
