// Which methods an address knows: RFC 7644 section 3.2 and RFC 9110 sections 9.3.2, 9.3.7 and 10.2.1.
import { expect } from 'chai';
import { type IncomingHttpHeaders } from 'node:http';
import { tokenOf } from '../support/tenant.js';
import { type BareAnswer, bareRequest } from './bareRequest.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const LIST = 'GET, HEAD, POST, OPTIONS';
const ONE = 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS';
const SEARCH = 'POST, OPTIONS';
const DISCOVERY = 'GET, HEAD, OPTIONS';

const ADDRESSES: readonly (readonly [path: string, allow: string])[] = [
  ['/Users', LIST],
  ['/Groups', LIST],
  ['/Users/<person>', ONE],
  ['/Groups/<group>', ONE],
  ['/Users/0199a000-0000-7000-8000-000000000000', ONE],
  ['//Users/', LIST],
  ['', 'GET, HEAD, OPTIONS'],
  ['/.search', SEARCH],
  ['/Users/.search', SEARCH],
  ['/Groups/.search', SEARCH],
  ['/ServiceProviderConfig', DISCOVERY],
  ['/ResourceTypes', DISCOVERY],
  ['/ResourceTypes/User', DISCOVERY],
  ['/Schemas', DISCOVERY],
  ['/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group', DISCOVERY],
];
const isPublic = (path: string) => /^\/(ServiceProviderConfig|ResourceTypes|Schemas)/.test(path);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

describe('methods', () => {
  let scene: Scene;
  let ids: Readonly<Record<string, string>>;
  before(async () => {
    scene = await aScene();
    const person = await scene.person({ displayName: 'Mara Vos' });
    const group = await scene.group([person.id]);
    ids = { person: person.id, group: group.id };
  });

  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    bareRequest(
      scene,
      method,
      path.replace(/<(\w+)>/, (_, name: string) => ids[name] ?? ''),
      { headers },
    );
  const refusal = ({ status, headers, body }: BareAnswer) => ({
    status,
    headers: new Headers(headers as Record<string, string>),
    body,
  });

  for (const [path, allow] of ADDRESSES) {
    it(`OPTIONS ${path} is answered with 204 and what is allowed`, async () => {
      const { status, headers, body } = await ask('OPTIONS', path);
      expect([status, headers.allow, body]).to.deep.equal([204, allow, undefined]);
      expect(headers).to.not.have.any.keys('content-type', 'content-length');
    });

    it(`every other method is refused on ${path} with what is allowed`, async () => {
      for (const method of METHODS.filter((one) => !allow.split(', ').includes(one))) {
        const answer = await ask(method, path);
        const detail = new RegExp(`^${method} is not possible here; use (GET|POST)`);
        if (method === 'HEAD') expect([answer.status, answer.body]).to.deep.equal([405, undefined]);
        else expectRefusal(refusal(answer), { status: 405, detail });
        expect(answer.headers.allow, method).to.equal(allow);
      }
    });
  }

  it('OPTIONS needs a token as every other method does, but for the public documents', async () => {
    for (const [path] of ADDRESSES) {
      const answer = await ask('OPTIONS', path, { Authorization: '' });
      if (isPublic(path)) expect([answer.status, answer.headers.allow], path).to.deep.equal([204, DISCOVERY]);
      else {
        expectRefusal(refusal(answer), { status: 401, detail: /access token is needed/ });
        expect(answer.headers, path).to.not.have.property('allow');
      }
    }
  });

  it('OPTIONS is refused where GET would be: nothing there, no access', async () => {
    for (const path of ['/Foo', '/Users/x/y', '/Schemas/x']) expect((await ask('OPTIONS', path)).status).to.equal(404);
    expect((await ask('OPTIONS', '/Me')).status).to.equal(501);
    const none = await scene.integration({ usersAndGroups: 'NONE', issues: 'ACCESS' });
    const Authorization = `Bearer ${await tokenOf(scene.server.url, none)}`;
    expect((await ask('OPTIONS', '/Users', { Authorization })).status).to.equal(403);
    const reader = await scene.integration({ usersAndGroups: 'READ_ONLY' });
    const reads = `Bearer ${await tokenOf(scene.server.url, reader)}`;
    expect((await ask('OPTIONS', '/Users', { Authorization: reads })).status).to.equal(204);
  });

  const spoken = ({ 'content-type': type, etag, allow }: IncomingHttpHeaders) => ({ type, etag, allow });

  it('HEAD is answered as GET is, without the body', async () => {
    const filtered = ['/Users?filter=userName+pr&count=1', '/Groups?excludedAttributes=members', '/Users?filter=(('];
    const unknown = ['/Users/x', '/Groups/x', '/Foo', '/Me', '/Schemas/x'];
    for (const path of [...ADDRESSES.map(([address]) => address), ...filtered, ...unknown]) {
      const [get, head] = [await ask('GET', path), await ask('HEAD', path)];
      expect([head.status, head.body], path).to.deep.equal([get.status, undefined]);
      expect(spoken(head.headers), path).to.deep.equal(spoken(get.headers));
      // Where GET streams, nobody knows the length: then HEAD has none either.
      expect(head.headers['content-length'], path).to.equal(get.headers['content-length']);
    }
  });

  it('HEAD is 304 for who has the version already, and 401 without a token', async () => {
    for (const path of ['/Users/<person>', '/Groups/<group>']) {
      const { etag = '' } = (await ask('HEAD', path)).headers;
      expect(etag).to.match(/^W\//);
      const known = await ask('HEAD', path, { 'If-None-Match': etag });
      expect([known.status, known.headers.etag]).to.deep.equal([304, etag]);
      expect((await ask('HEAD', path, { Authorization: '' })).status).to.equal(401);
    }
  });
});
