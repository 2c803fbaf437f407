import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { removeFederatedCredential } from '../../src/directory/integration/federatedCredentials.js';
import { setIntegrationEnabled } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { withOwnerIn } from '../support/owner.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { type Answer, aTenant, type Json, send, type TestTenant } from '../support/tenant.js';
import { ATTACKS } from './jwt/attacks.js';
import { attackWith, type Outcome } from './jwt/campaign.js';
import { trust } from './jwt/externalScene.js';
import { type Attack, type Fields, type Honest, jws, reissued } from './jwt/forge.js';
import { anIssuer, serverTrusting, type TestIssuer } from './jwt/issuer.js';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ENTRA_TENANT = '5f1c9d7e-6b1a-4a55-9c37-0b6f1c2d3e4f';
const OTHER_ENTRA_TENANT = '0a0b0c0d-6b1a-4a55-9c37-0b6f1c2d3e4f';
const AUDIENCE = 'api://speakup-directory';
const SERVICE_PRINCIPAL = 'c3f0a6de-2222-4a55-9c37-0b6f1c2d3e4f';

describe('a client assertion at the token endpoint', function () {
  this.timeout(60_000);
  let entra: TestIssuer;
  let server: TestServer;
  let acme: TestTenant;
  let other: TestTenant;

  const issuerOf = (entraTenant: string) => `${entra.url}/${entraTenant}/v2.0`;
  /** As Entra makes them: of type JWT, the token's id in `uti`. */
  const honest = (claims: Fields = {}): Honest =>
    entra.honest(
      {
        iss: issuerOf(ENTRA_TENANT),
        aud: AUDIENCE,
        sub: SERVICE_PRINCIPAL,
        tid: ENTRA_TENANT,
        nbf: Math.floor(Date.now() / 1000) - 300,
        uti: randomUUID(),
        ver: '2.0',
        ...claims,
      },
      { typ: 'JWT' },
    );
  const ask = (fields: Fields, headers: Record<string, string> = {}, at = server): Promise<Answer<Json>> =>
    send(`${at.url}/oauth2/token`, 'POST', new URLSearchParams(fields as Record<string, string>).toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  const formWith = (token: string, more: Fields = {}): Fields => {
    const form = {
      grant_type: 'client_credentials',
      client_id: acme.clientId,
      client_assertion_type: JWT_BEARER,
      client_assertion: token,
      ...more,
    };
    return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
  };
  const statusOf = async (token: string, more: Fields = {}, headers = {}) =>
    (await ask(formWith(token, more), headers)).status;

  before(async () => {
    entra = await anIssuer('RS256', 'entra-key');
    const { publicKey, kid } = entra;
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' };
    const foreign = { ...jwk, kid: 'key-of-another-cloud', issuer: 'https://login.microsoftonline.us/{tenantid}/v2.0' };
    const own = { ...jwk, issuer: `${entra.url}/{tenantid}/v2.0` };
    entra.answerWith((_, response) => void response.end(JSON.stringify({ keys: [own, foreign] })));
    server = await serverTrusting([
      {
        rule: 'assertion',
        issuer: `${entra.url}/{tenantid}/v2.0`,
        jwksUrl: entra.jwksUrl,
        algorithm: 'RS256',
        uses: 3,
      },
    ]);
    [acme, other] = await Promise.all([aTenant(), aTenant()]);
    const given = { issuer: issuerOf(ENTRA_TENANT), subject: SERVICE_PRINCIPAL, audience: AUDIENCE };
    await trust(acme, { ...given, use: 'CLIENT_ASSERTION' });
    // Were they ever registered: the file trusts the issuers of Entra tenants only.
    for (const entraTenant of ['', 'common', `x/../${ENTRA_TENANT}`, '{tenantid}']) {
      await trust(acme, { ...given, issuer: issuerOf(entraTenant), use: 'CLIENT_ASSERTION' });
    }
    await trust(other, { ...given, use: 'CLIENT_ASSERTION', subject: 'another-principal' });
  });
  after(() => Promise.all([server.stop(), entra.close()]));

  it('T10: gives the ordinary access token, with scopes as ever', async () => {
    const { status, body, headers } = await ask(formWith(reissued(honest()), { scope: 'scim.read' }));
    expect(status).to.equal(200);
    expect(body).to.include({ token_type: 'Bearer', expires_in: 3600, scope: 'scim.read' });
    expect(headers.get('cache-control')).to.equal('no-store');
    const answer = await acme.scim('GET', '/Users', undefined, { Authorization: `Bearer ${body.access_token}` });
    expect(answer.status).to.equal(200);
    expect((await ask(formWith(reissued(honest()), { scope: 'issues.access' }))).body.error).to.equal('invalid_scope');
    expect((await ask(formWith(reissued(honest()), { grant_type: 'password' }))).body.error).to.equal(
      'unsupported_grant_type',
    );
  });

  it('T10: is published in the metadata where an issuer is trusted for it, and nowhere else', async () => {
    const metadataOf = async (url: string) => (await send(`${url}/.well-known/oauth-authorization-server`)).body;
    const here = await metadataOf(server.url);
    expect(here.token_endpoint_auth_methods_supported).to.include('private_key_jwt');
    expect(here.token_endpoint_auth_signing_alg_values_supported).to.deep.equal(['RS256']);
    const elsewhere = await metadataOf(acme.server.url);
    expect(elsewhere.token_endpoint_auth_methods_supported).to.not.include('private_key_jwt');
    expect(elsewhere).to.not.have.property('token_endpoint_auth_signing_alg_values_supported');
    expect((await ask(formWith(reissued(honest())), {}, acme.server)).status).to.equal(401);
  });

  describe('attacked', () => {
    const changed = (name: string, claims: () => Fields, head: Fields = {}): Attack => ({
      name,
      token: (given) => reissued(given, claims(), head),
    });
    const present = async (token: string): Promise<Outcome> => {
      const { status, body, headers } = await ask(formWith(token));
      return { status, wwwAuthenticate: headers.get('www-authenticate'), gave: 'access_token' in body };
    };
    const more: readonly Attack[] = [
      changed('J6: no aud', () => ({ aud: undefined })),
      changed('J6: the token endpoint as aud, which was not registered', () => ({ aud: `${server.url}/oauth2/token` })),
      changed('J6: the client id as aud', () => ({ aud: acme.clientId })),
      changed('J6: the subject of another app integration', () => ({ sub: 'another-principal' })),
      changed('J6: the issuer of another Entra tenant', () => ({ iss: issuerOf(OTHER_ENTRA_TENANT) })),
      changed('J6: an issuer without an Entra tenant', () => ({ iss: issuerOf('') })),
      changed('J6: the pattern itself as issuer', () => ({ iss: issuerOf('{tenantid}') })),
      changed('J6: common as the Entra tenant', () => ({ iss: issuerOf('common') })),
      changed('J6: a longer path as the Entra tenant', () => ({ iss: issuerOf(`x/../${ENTRA_TENANT}`) })),
      changed('J6: the older form of the issuer', () => ({ iss: `${entra.url}/${ENTRA_TENANT}/` })),
      changed('J6: a key that belongs to another cloud', () => ({}), { kid: 'key-of-another-cloud' }),
      changed('J7: an access token by its type', () => ({}), { typ: 'at+jwt' }),
      changed('J7: an ID token by its nonce', () => ({ nonce: 'n' })),
      changed('J7: an ID token by its hash', () => ({ at_hash: 'h' })),
      changed('J7: an id that is no text', () => ({ jti: 7 })),
      changed('J7: an id that is empty', () => ({ uti: '' })),
      changed('J7: an id that is an object', () => ({ jti: { a: 1 } })),
      changed('J8: two hours', () => ({ exp: Math.floor(Date.now() / 1000) + 2 * 3600 })),
      {
        name: "J6: this service's own access token",
        token: () => acme.token,
      },
      {
        name: "J6: this service's own key in the issuer's name",
        token: ({ payload }) => {
          const { kid, privateKey } = server.deps.keys.current();
          return jws({ alg: 'ES256', kid, typ: 'JWT' }, payload, privateKey, 'ES256');
        },
      },
    ];
    attackWith([...ATTACKS, ...more], () => ({ honest, present }), {
      // What is longer than the form may be is refused before it is read.
      statuses: [401, 413],
      wwwAuthenticate: /^Basic realm=/,
    });
  });

  it('J6: fits the client of the credential and no other, and nobody without a client_id', async () => {
    for (const client_id of [other.clientId, SERVICE_PRINCIPAL, 'x', '', undefined]) {
      expect(await statusOf(reissued(honest()), { client_id })).to.equal(401);
    }
  });

  it('J7: counts with its own type only, and alone', async () => {
    const token = () => reissued(honest());
    const types = [
      'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      'jwt',
      '',
      JWT_BEARER.toUpperCase(),
      undefined,
    ];
    for (const client_assertion_type of types) expect(await statusOf(token(), { client_assertion_type })).to.equal(401);
    expect(await statusOf(token(), { client_secret: acme.clientSecret })).to.equal(401);
    const basic = Buffer.from(`${acme.clientId}:${acme.clientSecret}`).toString('base64');
    expect(await statusOf(token(), {}, { Authorization: `Basic ${basic}` })).to.equal(401);
    expect(await statusOf('', { client_assertion: undefined, client_secret: acme.clientSecret })).to.equal(401);
  });

  it('J7: is no access token', async () => {
    const headers = { Authorization: `Bearer ${reissued(honest())}` };
    expect((await send(`${server.url}/scim/v2/Users`, 'GET', undefined, headers)).status).to.equal(401);
  });

  it('T10: works as often as the configuration says, over all processes', async () => {
    const second = await serverTrusting([
      {
        rule: 'assertion',
        issuer: `${entra.url}/{tenantid}/v2.0`,
        jwksUrl: entra.jwksUrl,
        algorithm: 'RS256',
        uses: 3,
      },
    ]);
    const given = honest();
    const twin = reissued(given, { more: 'claims, the same id' });
    const tokens = [reissued(given), twin, reissued(given), twin, reissued(given), twin];
    const answers = await Promise.all(tokens.map((token, n) => ask(formWith(token), {}, n % 2 ? server : second)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 401, 401, 401]);
    const unnamed = honest({ uti: undefined });
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push(await statusOf(reissued(unnamed)));
    expect(statuses).to.deep.equal([200, 200, 200, 401, 401]);
    await second.stop();
  });

  it('T10: is forgotten once it has ended', async () => {
    const hours = { passed: 0 };
    const { environment } = await theDatabase();
    const file = { TRUSTED_ISSUERS_FILE: server.deps.config.trustedIssuersFile };
    const later = await startServer({ ...environment, ...file }, () => new Date(Date.now() + hours.passed * 3_600_000));
    const { clientId: client_id } = await acme.integration();
    const given = { issuer: issuerOf(ENTRA_TENANT), subject: SERVICE_PRINCIPAL, audience: AUDIENCE };
    await trust({ ...acme, clientId: client_id }, { ...given, use: 'CLIENT_ASSERTION' });
    const kept = () =>
      withOwnerIn(acme.tenant.id, async (owner) => {
        const count = 'select count(*)::int as n from used_assertion where tenant_id = $1 and integration_id = $2';
        const { rows } = await owner.query<{ n: number }>(count, [acme.tenant.id, client_id]);
        return rows[0]?.n;
      });
    const iat = Math.floor(Date.now() / 1000);
    for (const [passed, left] of [
      [0, 1],
      [0, 2],
      [3, 1],
    ] as const) {
      hours.passed = passed;
      const times = { iat: iat + passed * 3600, exp: iat + passed * 3600 + 3600 };
      expect((await ask(formWith(reissued(honest(times)), { client_id }), {}, later)).status).to.equal(200);
      expect(await kept()).to.equal(left);
    }
    await later.stop();
  });

  it('T6: ends with its credential, and with its app integration', async () => {
    const { db } = server.deps;
    const operator = systemActor(acme.tenant.id, acme.tenant.slug);
    const { clientId: client_id } = await acme.integration();
    const given = { issuer: issuerOf(ENTRA_TENANT), subject: SERVICE_PRINCIPAL, audience: AUDIENCE };
    const id = await trust({ ...acme, clientId: client_id }, { ...given, use: 'CLIENT_ASSERTION' });
    const status = () => statusOf(reissued(honest()), { client_id });
    await setIntegrationEnabled(db, operator, requestContext(), client_id, false);
    expect(await status()).to.equal(401);
    await setIntegrationEnabled(db, operator, requestContext(), client_id, true);
    expect(await status()).to.equal(200);
    await removeFederatedCredential(db, operator, requestContext(), client_id, id);
    expect(await status()).to.equal(401);
  });
});
