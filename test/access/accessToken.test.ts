import { expect } from 'chai';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { decodeJwt, decodeProtectedHeader, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { send, aTenant, tokenOf, type TestTenant } from '../support/tenant.js';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('an access token', () => {
  let acme: TestTenant;
  const statusWith = async (authorization: string, path = '/Users?count=0') => {
    const { status } = await acme.scim('GET', path, undefined, { Authorization: authorization });
    return status;
  };
  const isLetIn = async (token: string) => (await statusWith(`Bearer ${token}`)) !== 401;

  /** Our own key signs a token that differs from an honest one in what is given. */
  const forged = (
    claims: JWTPayload,
    header: Partial<JWTHeaderParameters> = {},
    key?: Parameters<SignJWT['sign']>[0],
  ) => {
    const { kid, privateKey } = acme.server.deps.keys.current();
    const honest = { ...decodeJwt(acme.token), ...claims };
    const signer = new SignJWT(JSON.parse(JSON.stringify(honest)) as JWTPayload);
    return signer.setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header }).sign(key ?? privateKey);
  };

  before(async function () {
    this.timeout(60_000);
    acme = await aTenant({ issues: 'ACCESS' });
  });

  it('is an at+jwt of this service, for an hour, one tenant and one integration', () => {
    expect(decodeProtectedHeader(acme.token)).to.include({ alg: 'ES256', typ: 'at+jwt' });
    const { iat = 0, exp = 0, ...claims } = decodeJwt(acme.token);
    expect(exp - iat).to.equal(3600);
    expect(claims).to.include({
      iss: acme.server.url,
      aud: acme.server.url,
      sub: acme.clientId,
      client_id: acme.clientId,
      tid: acme.tenant.id,
      scope: 'scim.read scim.write issues.access',
      issues: 'ACCESS',
    });
    expect(claims.jti).to.be.a('string');
  });

  it('lets in, in a scheme of any case', async () => {
    expect(await isLetIn(acme.token)).to.equal(true);
    expect(await statusWith(`bEARER  ${acme.token}`)).to.not.equal(401);
    expect(await isLetIn(await forged({}))).to.equal(true);
  });

  it('is asked for with WWW-Authenticate: Bearer, whatever the spelling of the path', async () => {
    const { hostname, port } = new URL(acme.server.url);
    const spellings = [
      '/scim/v2/Users',
      '/SCIM/v2/Users',
      '//scim//v2/Users',
      '/%73cim/v2',
      '/%2573cim/v2',
      '/x/../scim/v2/Users',
      '/x/%2e%2e/scim/v2/Users',
      '/x\\..\\scim/v2/Users',
      '/./scim/%zz',
      '/scim/v9',
    ];
    for (const path of spellings) {
      // fetch would tidy the path up.
      const [response] = (await once(request({ hostname, port, path }).end(), 'response')) as [IncomingMessage];
      const { statusCode, headers } = response.resume();
      expect([path, statusCode, headers['www-authenticate']]).to.deep.equal([path, 401, 'Bearer']);
      expect(headers['content-type']).to.equal('application/scim+json; charset=utf-8');
    }
  });

  it('counts in the Authorization header only, and only once', async () => {
    expect((await send(`${acme.server.url}/scim/v2/Users?access_token=${acme.token}`)).status).to.equal(401);
    expect(await statusWith(`Bearer ${acme.token}, Bearer ${acme.token}`)).to.equal(401);
    expect(await statusWith(`Basic ${acme.token}`)).to.equal(401);
    expect(await statusWith(acme.token)).to.equal(401);
    expect(await statusWith('Bearer')).to.equal(401);
  });

  it('is refused when its signature is missing, weakened or tampered with', async () => {
    const [header = '', payload = '', signature = ''] = acme.token.split('.');
    const publicKey = JSON.stringify(acme.server.deps.keys.jwks().keys[0]);
    const { kid } = decodeProtectedHeader(acme.token);
    const hs256 = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}`;
    const more = encode({ ...decodeJwt(acme.token), scope: 'scim.read scim.write', tid: acme.clientId });
    const tokens = [
      `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`,
      `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.${signature}`,
      `${hs256}.${createHmac('sha256', publicKey).update(hs256).digest('base64url')}`,
      `${header}.${more}.${signature}`,
      `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
      `${header}.${payload}`,
      'x'.repeat(20_000),
    ];
    for (const token of tokens) expect(await isLetIn(token), token.slice(0, 60)).to.equal(false);
  });

  it('is refused when another key has signed it, named however', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const headers: object[] = [
      {},
      { kid: 'unknown' },
      { kid: undefined },
      { kid: '__proto__' },
      { kid: '../../etc/passwd' },
      { kid: "' or 1=1 --" },
      { kid: 'x'.repeat(2000) },
      { jwk },
      { jku: `${acme.server.url}/.well-known/jwks.json` },
      { kid: undefined, jwk },
    ];
    const tokens = await Promise.all(headers.map((header) => forged({}, header, privateKey)));
    tokens.push(await forged({}, { kid: 'unknown' }));
    const letIn = await Promise.all(tokens.map(isLetIn));
    expect(letIn).to.deep.equal(tokens.map(() => false));
  });

  it('is refused when a claim is wrong or missing, though our own key has signed it', async () => {
    const now = nowSeconds();
    const wrong: JWTPayload[] = [
      { iss: 'https://elsewhere.example', aud: 'https://elsewhere.example' },
      { aud: 'https://elsewhere.example' },
      { aud: [acme.server.url, 'https://elsewhere.example'] },
      { iss: undefined },
      { aud: undefined },
      { exp: undefined },
      { exp: now - 60 },
      { iat: now - 7200, exp: now + 3600 },
      { iat: now + 600 },
      { exp: now + 100 * 365 * 24 * 3600, iat: now - 4000 },
      { sub: undefined },
      { sub: acme.tenant.id },
      { jti: undefined },
      { tid: undefined },
      { tid: 'acme' },
      { client_id: undefined },
      { scope: undefined },
      { role: 'ADMIN' },
      { role: 'ROOT', sub: 'role:root', client_id: 'speakup-sign-in' },
    ];
    for (const claims of wrong) expect(await isLetIn(await forged(claims)), JSON.stringify(claims)).to.equal(false);
  });

  it('is refused with another type, so that no other JWT of ours passes for one', async () => {
    for (const typ of ['JWT', undefined, 'id+jwt']) expect(await isLetIn(await forged({}, { typ }))).to.equal(false);
  });

  it('is refused when it names another tenant than its integration has', async () => {
    const other = await aTenant();
    expect(await isLetIn(await forged({ tid: other.tenant.id }))).to.equal(false);
    expect(await isLetIn(await tokenOf(acme.server.url, other))).to.equal(true);
  });
});
