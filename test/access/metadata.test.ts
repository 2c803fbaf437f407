import { expect } from 'chai';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { PUBLISHED_BEFORE_USE } from '../../src/access/signingKeys.js';
import { freePort } from '../../scripts/freePort.js';
import { startServer, theDatabase } from '../support/server.js';
import { aTenant, send, tokenOf, type Json, type TestTenant } from '../support/tenant.js';
import { askFrom, basicOf, grantOf, type TokenAnswer } from './asking.js';

const PATH = '/.well-known/oauth-authorization-server';

describe('the metadata of the authorization server says what is so:', () => {
  let acme: TestTenant;
  let metadata: Json;

  before(async function () {
    this.timeout(60_000);
    acme = await aTenant({ issues: 'ACCESS' });
    metadata = (await send(`${acme.server.url}${PATH}`)).body;
  });

  const ask = (form: Record<string, string>, headers?: Record<string, string>): Promise<TokenAnswer> =>
    askFrom('127.0.0.1', acme.server.url, form, headers);

  it('nothing but what is looked at here, as JSON', async () => {
    expect(metadata).to.have.all.keys(
      'issuer',
      'token_endpoint',
      'jwks_uri',
      'scopes_supported',
      'response_types_supported',
      'grant_types_supported',
      'token_endpoint_auth_methods_supported',
    );
    const { headers } = await send(`${acme.server.url}${PATH}`);
    expect(headers.get('content-type')).to.match(/^application\/json/);
  });

  it('the issuer is that of tokens, and its metadata is where RFC 8414 looks for it', async () => {
    const claims = JSON.parse(Buffer.from(acme.token.split('.')[1] ?? '', 'base64url').toString());
    expect([claims.iss, claims.aud]).to.deep.equal([metadata.issuer, metadata.issuer]);
    const { origin, pathname } = new URL(String(metadata.issuer));
    const { body } = await send(`${origin}${PATH}${pathname.replace(/\/$/, '')}`);
    expect(body).to.deep.equal(metadata);
  });

  it('of an issuer with a path too', async function () {
    this.timeout(60_000);
    const { environment } = await theDatabase();
    const port = await freePort();
    const PUBLIC_URL = 'https://directory.example/speakup';
    const server = await startServer({ ...environment, PORT: String(port), PUBLIC_URL });
    try {
      for (const path of [PATH, `${PATH}/speakup`]) {
        const { status, body } = await send(`http://127.0.0.1:${port}${path}`);
        expect([status, body.issuer], path).to.deep.equal([200, PUBLIC_URL]);
        expect(body.token_endpoint).to.equal(`${PUBLIC_URL}/oauth2/token`);
        expect(body.jwks_uri).to.equal(`${PUBLIC_URL}/.well-known/jwks.json`);
      }
    } finally {
      await server.stop();
    }
  });

  it('the keys verify tokens, by the algorithm that each names, and are published long before caches forget', async () => {
    const { body, headers } = await send(String(metadata.jwks_uri));
    const set = body as JSONWebKeySet;
    const { protectedHeader } = await jwtVerify(acme.token, createLocalJWKSet(set), { algorithms: ['ES256'] });
    expect(set.keys.find(({ kid }) => kid === protectedHeader.kid)).to.include({ alg: 'ES256', use: 'sig' });
    for (const key of set.keys) expect(key).to.not.have.any.keys('d', 'k', 'p', 'q');
    const [, seconds] = /max-age=(\d+)/.exec(headers.get('cache-control') ?? '') ?? [];
    expect(Number(seconds) * 1000).to.be.within(1, PUBLISHED_BEFORE_USE / 10);
  });

  it('every way of authentication gets a token, and no other', async () => {
    const ways: Record<string, () => Promise<TokenAnswer>> = {
      client_secret_basic: () => ask({ grant_type: 'client_credentials' }, basicOf(acme)),
      client_secret_post: () => ask(grantOf(acme)),
      none: () => ask({ grant_type: 'client_credentials', client_id: acme.clientId }),
      'an access token': () => ask({ grant_type: 'client_credentials' }, { Authorization: `Bearer ${acme.token}` }),
    };
    const supported = metadata.token_endpoint_auth_methods_supported as string[];
    for (const [way, request] of Object.entries(ways)) {
      expect((await request()).status, way).to.equal(supported.includes(way) ? 200 : 401);
    }
    expect(Object.keys(ways)).to.include.members(supported);
  });

  it('every grant type gives a token, and no other', async () => {
    const all = ['client_credentials', 'password', 'authorization_code', 'refresh_token', 'CLIENT_CREDENTIALS'];
    for (const grant_type of all) {
      const { status, body } = await ask({ ...grantOf(acme), grant_type });
      const supported = (metadata.grant_types_supported as string[]).includes(grant_type);
      expect([status, body.error], grant_type).to.deep.equal(
        supported ? [200, undefined] : [400, 'unsupported_grant_type'],
      );
    }
  });

  it('every scope can be had, and no other', async () => {
    const scopes = metadata.scopes_supported as string[];
    for (const scope of scopes) expect((await ask({ ...grantOf(acme), scope })).body.scope).to.equal(scope);
    expect((await ask(grantOf(acme))).body.scope).to.equal(scopes.join(' '));
    expect((await ask({ ...grantOf(acme), scope: 'scim' })).body.error).to.equal('invalid_scope');
    expect(await tokenOf(acme.server.url, acme, scopes[0])).to.be.a('string');
  });

  it('there is no response type, because there is no other endpoint', async () => {
    expect(metadata.response_types_supported).to.deep.equal([]);
    for (const path of ['authorize', 'revoke', 'introspect', 'register']) {
      expect((await send(`${acme.server.url}/oauth2/${path}`)).status, path).to.equal(404);
    }
  });
});
