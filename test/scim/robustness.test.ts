import { expect } from 'chai';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { aGroup, aUser, ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { type TestTenant, tokenOf } from '../support/tenant.js';
import { bareRequest } from './bareRequest.js';
import { logged } from './records.js';
import { aScene } from './scene.js';

describe('whatever a client sends', () => {
  it('S6: is never answered with a fault of the service', async () => {
    const scene = await aScene();
    const { id } = await scene.person();
    const group = await scene.group();
    const values = [
      null,
      0,
      -1,
      1e308,
      '',
      ' ',
      '%',
      "'",
      '"',
      '\\',
      '\u2028',
      '${7*7}',
      '{}',
      [],
      {},
      [[]],
      [null],
      [{}],
      { value: null },
      { $ne: null },
      { __proto__: 1 },
      'x'.repeat(70_000),
    ];
    const names = [
      'userName',
      'emails',
      'name',
      'active',
      'externalId',
      'schemas',
      '__proto__',
      'constructor',
      'manager',
      'members',
      'meta',
      'id',
      'groups',
    ];
    const requests: [string, string, unknown][] = [
      ...values.flatMap((value): [string, string, unknown][] => [
        ...names.map((name): [string, string, unknown] => [
          'POST',
          '/Users',
          JSON.stringify(aUser()).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(value)},`),
        ]),
        ...names.map((name): [string, string, unknown] => [
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'add', path: name, value }),
        ]),
        [
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'replace', value: Object.fromEntries(names.map((name) => [name, value])) }),
        ],
        ['PATCH', `/Users/${id}`, patchOf({ op: 'add', path: value, value })],
        ['PATCH', `/Users/${id}`, patchOf({ op: value, path: 'emails[type eq "x"].value', value })],
        ['PATCH', `/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value })],
        ['PATCH', `/Groups/${group.id}`, { ...patchOf(), Operations: value }],
        ['PUT', `/Groups/${group.id}`, aGroup({ members: value })],
      ]),
      ...['%', '%00', '%ff', "'", 'a[b', 'a.b.c', '$x', '*', '__proto__'].flatMap((text): [string, string, unknown][] =>
        ['filter', 'attributes', 'excludedAttributes', 'sortBy', 'count', 'startIndex'].map((name) => [
          'GET',
          `/Users?${name}=${text}`,
          undefined,
        ]),
      ),
    ];
    for (const [method, path, body] of requests) {
      const answer = await bareRequest(scene, method, path, { body });
      expect(answer.status, `${method} ${path} ${JSON.stringify(body)?.slice(0, 300)}`).to.be.below(500);
      if (answer.status !== 204)
        expect(answer.headers['content-type']).to.equal('application/scim+json; charset=utf-8');
    }
  }).timeout(60_000);

  /** What the server writes to a bare socket until it closes. The client closes its side when `text` is sent. */
  async function rawAnswer({ server }: Pick<TestTenant, 'server'>, text: string): Promise<string> {
    const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true });
    socket.write(text);
    setTimeout(() => socket.end(), 100);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }

  it('is answered in SCIM form: methods in lower case, no Host, unknown expectations, broken chunks', async () => {
    const scene = await aScene();
    const authorization = `Authorization: Bearer ${scene.token}\r\n`;
    const post = `POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\n`;
    const isScim = (status: number) =>
      new RegExp(`^HTTP/1\\.1 ${status} .*application/scim\\+json.*"status":"${status}"`, 's');
    expect(await rawAnswer(scene, 'get /scim/v2/Users HTTP/1.1\r\nHost: x\r\n\r\n')).to.match(isScim(400));
    expect(await rawAnswer(scene, 'GET /scim/v2/Users HTTP/1.1\r\n\r\n')).to.match(isScim(400));
    expect(await rawAnswer(scene, `${post}Expect: x\r\nContent-Length: 2\r\n\r\n{}`)).to.match(isScim(400));
    expect(await rawAnswer(scene, `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`)).to.match(isScim(400));
    expect(await rawAnswer(scene, `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n`)).to.match(isScim(400));
  });

  it('is no incident when it ends before its body does, on either face', async () => {
    const scene = await aScene();
    const incidents: unknown[] = [];
    const { log } = scene.server.deps;
    const before = log.error;
    log.error = (...told: unknown[]) => void incidents.push(told);
    try {
      const head = (path: string, token: string) =>
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
      const cut = 'Content-Length: 100\r\n\r\n{';
      await rawAnswer(scene, head('/scim/v2/Users', scene.token) + cut);
      await rawAnswer(scene, head('/graphql', await scene.personToken()) + cut);
      const gzip = 'Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello';
      expect(await rawAnswer(scene, head('/graphql', await scene.personToken()) + gzip)).to.match(/^HTTP\/1\.1 415 /);
      // Complete, but gone before it is read: a new token takes the time to look at its signature.
      for (let n = 0; n < 5; n += 1) {
        const bearer = await tokenOf(scene.server.url, scene);
        for (const path of ['/scim/v2/Users', '/graphql']) {
          const socket = connect(Number(new URL(scene.server.url).port), '127.0.0.1');
          socket.end(`${head(path, bearer)}Content-Length: 2\r\n\r\n{}`);
          await once(socket.resume(), 'close');
        }
      }
      await sleep(100);
    } finally {
      log.error = before;
    }
    expect(incidents).to.deep.equal([]);
  });

  it('S6: is written to the provisioning log, with NUL characters and halves of surrogate pairs made visible', async () => {
    const scene = await aScene();
    const body = '{"schemas":[\0]}';
    const { status, headers } = await bareRequest(scene, 'POST', '/Users', { body });
    expect(status).to.equal(400);
    const [entry] = await logged(scene, String(headers['x-request-id']));
    expect(entry?.sentence).to.match(/^Refused a user request: The body is not valid JSON/);
  });

  it('is refused where a value is too long for its index, and 600 characters of any kind always fit', async () => {
    const scene = await aScene();
    // Nothing that could be compressed.
    const text = (length: number) =>
      Array.from({ length }, () => String.fromCodePoint(0x20000 + randomInt(0xa000))).join('');
    const people = (length: number) => [
      { userName: text(length) },
      { externalId: text(length) },
      { displayName: text(length) },
      { emails: [{ type: 'work', value: `${text(length - 2)}@x` }] },
      { [ENTERPRISE_USER]: { employeeNumber: text(length) } },
      { [ENTERPRISE_USER]: { manager: { value: text(length) } } },
    ];
    const statuses = async (length: number) =>
      [
        ...(await Promise.all(people(length).map((person) => scene.scim('POST', '/Users', aUser(person))))),
        await scene.scim('POST', '/Groups', aGroup({ displayName: text(length) })),
        await scene.scim('POST', '/Groups', aGroup({ externalId: text(length) })),
      ].map(({ status, body }) => `${status} ${body.scimType ?? ''}`.trim());
    expect(await statuses(600)).to.deep.equal(Array(8).fill('201'));
    expect(await statuses(6000)).to.deep.equal(Array(8).fill('400 invalidValue'));
  });

  const many = <T>(count: number, one: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => one(index));

  it('is refused where an object has more names, or a body more values, than any schema has use for', async () => {
    const scene = await aScene();
    const wide = (count: number) => Object.fromEntries(many(count, (index) => [`key${index}`, 1]));
    const answers = async (count: number) => [
      await scene.scim('POST', '/Users', { ...aUser(), emails: wide(count) }),
      await scene.scim('POST', '/Users', { ...aUser(), ...wide(count) }),
      await scene.scim('POST', '/Bulk', wide(count)),
    ];
    for (const { status, body } of await answers(80_000)) {
      expect(status).to.equal(400);
      expect(body.detail).to.match(/more than 1000 names/);
    }
    for (const { body } of await answers(900)) expect(String(body.detail)).not.to.match(/names/);
    const full = await scene.scim('POST', '/Users', { ...aUser(), emails: many(250_000, () => ({})) });
    expect(full.status).to.equal(413);
    expect(full.body.detail).to.match(/more than 200000 values/);
  });

  it('is not quoted at length in what it is told', async () => {
    const scene = await aScene();
    const long = '"'.repeat(1_000_000);
    const answers = [
      await scene.scim('POST', '/Groups', aGroup({ members: [long, `${long}"`] })),
      await scene.scim('POST', '/Users', aUser({ userName: long, emails: null })),
      await scene.patch(`/Users/${(await scene.person()).id}`, { op: 'add', path: `x${long}`, value: 'y' }),
      await scene.patch(`/Users/${(await scene.person()).id}`, { op: 'add', path: 'name', value: long }),
    ];
    for (const { status, body } of answers) {
      expect(status).to.equal(400);
      expect(String(body.detail).length).to.be.within(20, 1600);
    }
    expect(answers[0]?.body.detail).to.match(/Provision these users first/);
  });

  it('is refused where a person would have more values of an attribute than are kept, however they come', async () => {
    const scene = await aScene();
    const phones = (count: number) => many(count, (index) => ({ value: `+31 ${index}` }));
    const tooMany = async (answer: Promise<{ status: number; body: Record<string, unknown> }>) => {
      const { status, body } = await answer;
      expect(`${status} ${String(body.scimType)} ${String(body.detail)}`).to.match(
        /^400 invalidValue phoneNumbers may have 500 values; these are \d+\.$/,
      );
    };
    await tooMany(scene.scim('POST', '/Users', aUser({ phoneNumbers: phones(501) })));
    const { id } = await scene.person({ phoneNumbers: phones(500) });
    const path = `/Users/${id}`;
    await tooMany(scene.patch(path, { op: 'add', path: 'phoneNumbers', value: [{ value: 'one more' }] }));
    await tooMany(scene.patch(path, { op: 'replace', path: 'phoneNumbers', value: phones(501) }));
    const each = (count: number) =>
      phones(count).map(({ value }) => ({ op: 'add', path: 'phoneNumbers', value: [{ value, type: 'other' }] }));
    const steps = await scene.patch(`/Users/${(await scene.person()).id}`, ...each(501));
    expect(`${steps.status} ${String(steps.body.detail)}`).to.match(
      /^413 One PATCH may change lists in 500 operations/,
    );
    const within = await scene.patch(`/Users/${(await scene.person()).id}`, ...each(500));
    expect(within.status).to.equal(200);
  });

  it('does not keep the next request on its connection waiting when its body is too large', async () => {
    const scene = await aScene();
    const authorization = `Authorization: Bearer ${await scene.personToken()}\r\n`;
    const length = 8 * 1024 * 1024;
    const large = `POST /graphql HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\n`;
    for (const framing of [
      `Content-Length: ${length}\r\n\r\n`,
      `Transfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n`,
    ]) {
      const answer = await rawAnswer(scene, `${large}${framing}{"query":"${'x'.repeat(2 * 1024 * 1024)}`);
      expect(answer)
        .to.match(/^HTTP\/1\.1 413 /)
        .and.match(/^connection: close\r$/im);
    }
  });
});
