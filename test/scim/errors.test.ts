import { expect } from 'chai';
import { aUser, CORE_USER, unique } from '../support/builders.js';
import { type Answer, type Json, send as sendTo } from '../support/tenant.js';
import { bareRequest } from './bareRequest.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const MIB = 1024 * 1024;

describe('refusals', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  /** Sends bytes as they are. */
  const send = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer<Json>> => {
    const answer = await bareRequest(scene, 'POST', '/Users', { body, headers });
    return { ...answer, headers: new Headers(answer.headers as Record<string, string>) };
  };

  describe('of a media type', () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonx',
      'application/xml',
      ' ',
    ]) {
      it(`such as "${type}"`, async () => {
        const answer = await send(JSON.stringify(aUser()), { 'Content-Type': type });
        expectRefusal(answer, { status: 415, detail: /application\/scim\+json/ });
      });
    }

    it('with a Content-Encoding', async () => {
      const answer = await send(JSON.stringify(aUser()), { 'Content-Encoding': 'gzip' });
      expectRefusal(answer, { status: 415, detail: /Content-Encoding/ });
    });
  });

  describe('of a size', () => {
    it('above 4 MiB, whether it is announced or not', async () => {
      const padding = ' '.repeat(4 * MIB);
      const announced = await send(`{${padding}}`);
      expectRefusal(announced, { status: 413, detail: /4 MiB/ });
      const chunked = await send(`{${padding}}`, { 'Content-Length': '', 'Transfer-Encoding': 'chunked' });
      expectRefusal(chunked, { status: 413, detail: /4 MiB/ });
    });

    it('but not of exactly 4 MiB', async () => {
      const text = JSON.stringify(aUser());
      expect((await send(text.padEnd(4 * MIB))).status).to.equal(201);
    });
  });

  describe('of a body that is no JSON for a resource', () => {
    const nested = (levels: number) =>
      `{"schemas":["${CORE_USER}"],"userName":"d.${unique()}@x.example","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const cases: [string, () => string | Buffer, string, RegExp][] = [
      ['empty', () => '', 'invalidSyntax', /not valid JSON/],
      ['white space', () => ' \n', 'invalidSyntax', /not valid JSON/],
      ['broken', () => '{"schemas":[', 'invalidSyntax', /not valid JSON/],
      ['a list', () => '[]', 'invalidSyntax', /must be a JSON object/],
      ['a text', () => '"x"', 'invalidSyntax', /must be a JSON object/],
      ['null', () => 'null', 'invalidSyntax', /must be a JSON object/],
      ['without schemas', () => '{"userName":"x@x.example"}', 'invalidSyntax', /schemas/],
      ['33 levels deep', () => nested(33), 'invalidSyntax', /deeper than 32 levels/],
      ['100 000 levels deep', () => nested(100_000), 'invalidSyntax', /deeper than 32 levels/],
      ['invalid UTF-8', () => Buffer.from('7b22ff223a317d', 'hex'), 'invalidSyntax', /UTF-8/],
      ['an overlong sequence', () => Buffer.from('7b22c0af223a317d', 'hex'), 'invalidSyntax', /UTF-8/],
      ['a NUL character', () => JSON.stringify(aUser({ title: 'a\0b' })), 'invalidValue', /NUL/],
      ['a NUL character in a name', () => JSON.stringify(aUser({ 'a\0b': 1 })), 'invalidValue', /NUL/],
      [
        'half a surrogate pair',
        () => JSON.stringify(aUser()).replace('person', '\\ud800'),
        'invalidValue',
        /surrogate/,
      ],
    ];
    for (const [what, body, scimType, detail] of cases) {
      it(`: ${what}`, async () => {
        const answer = await send(body());
        expectRefusal(answer, { status: 400, scimType, detail });
      });
    }

    it('do not quote the body', async () => {
      const answer = await send('{"userName": secret-name}');
      expect(answer.body.detail).to.not.contain('secret');
    });

    it('but not 32 levels deep', async () => {
      expect((await send(nested(32))).status).to.equal(201);
    });
  });

  describe('of an address', () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      it(`501 for ${method} /Me`, async () => {
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        expectRefusal(await scene.scim(method, '/Me', body), { status: 501, detail: /\/Me is not supported.*\/Users/ });
      });
    }

    for (const path of ['/Foo', '/users', '/Users/x/y', '/Schemas/x/y', '/constructor', '/Users/%ff', '/../v1/Users']) {
      it(`404 for "${path}"`, async () => {
        const answer = await bareRequest(scene, 'GET', path);
        const { status, headers, body } = answer;
        expectRefusal(
          { status, headers: new Headers(headers as Record<string, string>), body },
          { status: 404, detail: /\w/ },
        );
      });
    }

    it('400 invalidVers for another version of the protocol, 404 without one', async () => {
      const { server, token } = scene;
      for (const path of ['/scim/v1/Users', '/scim/v1.1/Groups', '/scim/v3/Schemas', '/scim/v20', '//scim//v1/Users']) {
        const answer = await sendTo(`${server.url}${path}`, 'GET', undefined, { Authorization: `Bearer ${token}` });
        expectRefusal(answer, { status: 400, scimType: 'invalidVers', detail: /version 2 .*\/scim\/v2/ });
        expect((await sendTo(`${server.url}${path}`)).status, path).to.equal(401);
      }
      const without = await sendTo(`${server.url}/scim/Users`, 'GET', undefined, { Authorization: `Bearer ${token}` });
      expectRefusal(without, { status: 404, detail: /\/scim\/v2/ });
    });

    it('404 for ids that cannot be any', async () => {
      for (const id of ['x', '%00', "'", '0199a000-0000-7000-8000-00000000000G', 'A'.repeat(5000)]) {
        expect((await scene.scim('GET', `/Users/${id}`)).status, id).to.equal(404);
        expect((await scene.scim('DELETE', `/Groups/${id}`)).status, id).to.equal(404);
      }
    });
  });

  describe('of a filter', () => {
    const term = 'title pr';
    const levels = (open: string, count: number, close: string) => `${open.repeat(count)}${term}${close.repeat(count)}`;
    const find = (filter: string) => scene.scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    const tooMuch: [string, string, RegExp][] = [
      ['longer than 8 KiB', `title eq "${'x'.repeat(8 * 1024)}"`, /longer than 8192 bytes/],
      ['of 33 parentheses', levels('(', 33, ')'), /32 levels/],
      ['of 33 times not', levels('not (', 33, ')'), /32 levels/],
      ['of 201 terms', Array.from({ length: 201 }, () => term).join(' or '), /200/],
      ['with a NUL character', 'title eq "a\0b"', /\w/],
      ['with half a surrogate pair', 'title eq "\\ud800"', /\w/],
    ];
    for (const [what, filter, detail] of tooMuch) {
      it(what, async () => {
        expectRefusal(await find(filter), { status: 400, scimType: 'invalidFilter', detail });
      });
    }

    it('but not at the limits', async () => {
      const most = [
        levels('(', 32, ')'),
        levels('not (', 32, ')'),
        Array.from({ length: 200 }, () => term).join(' or '),
      ];
      for (const filter of [...most, `title eq "${'x'.repeat(8 * 1024 - 11)}"`]) {
        expect((await find(filter)).status, filter.slice(0, 40)).to.equal(200);
      }
    });
  });
});
