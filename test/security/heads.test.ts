import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';
import { aUser } from '../support/builders.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { type RawAnswer } from '../fuzz/rawAnswer.js';
import { answersTo } from './socket.js';

describe('what a request says about itself', () => {
  let tenant: TestTenant;
  let person: string;
  before(async () => {
    tenant = await aTenant();
    person = ((await tenant.scim('POST', '/Users', aUser())).body as { id: string }).id;
  });

  const ask = async (line: string, ...headers: string[]): Promise<RawAnswer> => {
    const [answer] = await answersTo(
      tenant.server.url,
      [`${line} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'),
    );
    if (!answer) throw new Error(`No answer to ${line}`);
    return answer;
  };
  const token = () => `Authorization: Bearer ${tenant.token}`;
  const text = (answer: RawAnswer) => [...answer.headers].join('\n') + answer.body.toString();

  it('I9: no Host, no X-Forwarded header and no address of another host gets into an answer', async () => {
    const forged = [
      'Host: evil.example',
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: evil',
      'X-Forwarded-For: evil.example',
    ];
    const more = [
      'Forwarded: host=evil.example;proto=evil',
      'X-Original-URL: /evil',
      'X-Rewrite-URL: /evil',
      'X-Forwarded-Prefix: /evil',
      'X-Host: evil.example',
    ];
    const targets = [
      `/scim/v2/Users/${person}`,
      '/scim/v2/Users',
      '/scim/v2/Schemas',
      '/scim/v2/ServiceProviderConfig',
      '/.well-known/oauth-authorization-server',
      '/nothing',
    ];
    for (const target of targets) {
      for (const line of [`GET ${target}`, `GET http://evil.example${target}`]) {
        const answer = await ask(line, ...forged, ...more, token());
        expect(answer.status, line).to.equal(target === '/nothing' ? 404 : 200);
        expect(text(answer), line).to.not.match(/evil/);
      }
    }
    const resource = JSON.parse((await ask(`GET /scim/v2/Users/${person}`, ...forged, token())).body.toString()) as {
      meta: { location: string };
    };
    expect(resource.meta.location).to.equal(`${tenant.server.url}/scim/v2/Users/${person}`);
  });

  it('I9: a Host that is none, and more than one, are refused', async () => {
    for (const host of [
      'evil:fake@tenant',
      'a/b',
      'a b',
      'a?b',
      'a#b',
      'x\\y',
      '[::1',
      'x:y',
      '[::g]',
      'a@b',
      '"x"',
      '<x>',
    ]) {
      const { status, headers } = await ask('GET /scim/v2/Users', `Host: ${host}`, token());
      expect([status, headers.get('content-type')], host).to.deep.equal([400, 'application/scim+json; charset=utf-8']);
    }
    expect((await ask('GET /livez', 'Host: x', 'Host: y')).status).to.equal(400);
    expect((await ask('GET /livez', 'Host: x', 'hOST: x')).status).to.equal(400);
    expect((await ask('GET /livez')).status).to.equal(400);
    for (const host of ['x', '', 'x:', '127.0.0.1:3000', '[::1]:80', 'scim.fabriek.example']) {
      expect((await ask('GET /livez', `Host: ${host}`)).status, host).to.equal(200);
    }
  });

  it('I9: nothing here reads what Koa makes of Host and forwarded headers', () => {
    const source = join(projectRoot(), 'src');
    const readers = readdirSync(source, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.ts'))
      .filter((file) =>
        /\b(ctx|context|request)\.(host|hostname|origin|href|URL|ip|ips|secure|protocol|subdomains)\b/.test(
          readFileSync(join(source, file), 'utf8'),
        ),
      );
    expect(readers).to.deep.equal([]);
  });

  it('2.6: the method is the one in the request line', async () => {
    const overrides = ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE'];
    const path = `/scim/v2/Users/${person}`;
    expect((await ask(`GET ${path}?_method=DELETE`, 'Host: x', ...overrides, token())).status).to.equal(200);
    expect((await ask(`POST ${path}`, 'Host: x', ...overrides, token(), 'Content-Length: 0')).status).to.equal(405);
    expect((await ask(`GET ${path}`, 'Host: x', token())).status).to.equal(200);
  });

  it('2.6: TRACE shows nothing of the request, CONNECT makes no connection, unknown methods are refused', async () => {
    for (const path of [
      '/',
      '/livez',
      '/readyz',
      '/graphql',
      '/oauth2/token',
      '/.well-known/jwks.json',
      '/scim/v2/Users',
      '*',
    ]) {
      const answer = await ask(`TRACE ${path}`, 'Host: x', token(), 'Cookie: canary');
      expect(answer.status, path).to.be.oneOf([404, 405, 401]);
      expect(text(answer)).to.not.include('canary').and.not.include(tenant.token);
    }
    for (const target of ['evil.example:443', '127.0.0.1:5432', '/scim/v2/Users?x']) {
      const answer = await ask(`CONNECT ${target}`, 'Host: x', token());
      const { headers } = answer;
      const told = [answer.status, headers.get('allow'), headers.get('connection')];
      expect(told).to.deep.equal([405, 'GET, HEAD, POST', 'close']);
      expect(headers.get('content-type')).to.match(target.startsWith('/scim') ? /scim\+json/ : /application\/json/);
    }
    for (const method of ['FOO', 'TRACK', 'DEBUG', 'get', 'GETT', '__proto__']) {
      expect((await ask(`${method} /scim/v2/Users`, 'Host: x', token())).status, method).to.equal(400);
    }
    for (const method of ['PROPFIND', 'MKCOL', 'PURGE', 'LINK', 'SEARCH', 'QUERY', 'SUBSCRIBE']) {
      expect((await ask(`${method} /scim/v2/Users`, 'Host: x', token())).status, method).to.equal(405);
      expect((await ask(`${method} /scim/v2/Users`, 'Host: x')).status, method).to.equal(401);
    }
  });

  it('2.6: health is read, nothing else', async () => {
    for (const path of ['/livez', '/readyz']) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
        const { status, headers } = await ask(`${method} ${path}`, 'Host: x');
        expect([status, headers.get('allow')], `${method} ${path}`).to.deep.equal([405, 'GET, HEAD']);
      }
      expect((await ask(`HEAD ${path}`, 'Host: x')).status).to.equal(200);
    }
  });

  it('2.6: a connection stays HTTP/1.1, whatever it is asked to become', async () => {
    const upgrades = [
      ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'],
      ['Upgrade: TLS/1.2'],
    ];
    for (const upgrade of upgrades) {
      const at = (path: string, ...more: string[]) =>
        answersTo(
          tenant.server.url,
          [`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', ...upgrade, ...more, '', ''].join('\r\n'),
        );
      for (const path of ['/graphql', '/scim/v2/Users']) {
        expect(
          (await at(path)).map(({ status }) => status),
          path,
        ).to.deep.equal([401]);
      }
      expect((await at('/scim/v2/Users', token())).map(({ status }) => status)).to.deep.equal([200]);
    }
  });

  it('2.6: no other origin is allowed to read, and a preflight allows nothing', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1', tenant.server.url]) {
      for (const path of [
        '/graphql',
        '/oauth2/token',
        '/scim/v2/Users',
        '/scim/v2/Schemas',
        '/.well-known/jwks.json',
        '/livez',
        '/x',
      ]) {
        const asked = [
          'Access-Control-Request-Method: POST',
          'Access-Control-Request-Headers: authorization, content-type',
          'Access-Control-Request-Private-Network: true',
        ];
        for (const answer of [
          await ask(`OPTIONS ${path}`, 'Host: x', `Origin: ${origin}`, ...asked),
          await ask(`OPTIONS ${path}`, 'Host: x', `Origin: ${origin}`, ...asked, token()),
          await ask(`GET ${path}`, 'Host: x', `Origin: ${origin}`, token()),
        ]) {
          expect(
            [...answer.headers.keys()].filter((name) => /^access-control-|^timing-allow-/.test(name)),
            path,
          ).to.deep.equal([]);
          expect(answer.headers.get('cross-origin-resource-policy')).to.equal('same-origin');
          expect(text(answer)).to.not.include('evil.example');
        }
      }
    }
  });

  it('2.6: every answer forbids sniffing, framing and running, and keeps its browsers on TLS', async () => {
    for (const path of [
      '/livez',
      '/x',
      '/scim/v2/Users',
      '/scim/v2/Schemas',
      '/graphql',
      '/oauth2/token',
      '/.well-known/jwks.json',
      '/graphql/ide/ide.js',
    ]) {
      const { headers } = await ask(`GET ${path}`, 'Host: x');
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('x-frame-options'), path).to.equal('SAMEORIGIN');
      expect(headers.get('referrer-policy'), path).to.equal('no-referrer');
      expect(headers.get('strict-transport-security'), path).to.equal('max-age=31536000; includeSubDomains');
      expect(headers.get('content-security-policy'), path).to.match(/default-src 'none'.*frame-ancestors 'none'/);
      expect([headers.get('x-powered-by'), headers.get('server')]).to.deep.equal([undefined, undefined]);
    }
  });
});
