import { expect } from 'chai';
import { revokeSecret, rotateSecret, setIntegrationEnabled } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, type Credentials, send, type TestTenant } from '../support/tenant.js';

const GRANT = { grant_type: 'client_credentials' };

const basic = (id: string, secret: string) => ({
  Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const asForm = ({ clientId, clientSecret }: Credentials) => ({ client_id: clientId, client_secret: clientSecret });

describe('POST /oauth2/token', () => {
  let acme: TestTenant;
  const operator = () => systemActor(acme.tenant.id, acme.tenant.slug);
  const post = (
    fields: Readonly<Record<string, string | undefined>> | [string, string][],
    headers: Record<string, string> = {},
    url = acme.server.url,
  ) =>
    send(`${url}/oauth2/token`, 'POST', new URLSearchParams(fields as Record<string, string>).toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
    });

  before(async function () {
    this.timeout(60_000);
    acme = await aTenant({ issues: 'ACCESS' });
  });

  it('gives an hour for client id and secret in the form, and lets nobody keep the answer', async () => {
    const { status, body, headers } = await post({ ...GRANT, ...asForm(acme) });
    expect(status).to.equal(200);
    expect(body).to.include({ token_type: 'Bearer', expires_in: 3600, scope: 'scim.read scim.write issues.access' });
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('pragma')).to.equal('no-cache');
    expect(headers.get('content-type')).to.match(/^application\/json/);
  });

  it('takes them in the Basic header, in the header form-encoded, and in a scheme of any case', async () => {
    const { clientId, clientSecret } = acme;
    const encoded = [...clientSecret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    const lower = { Authorization: basic(clientId, clientSecret).Authorization.replace('Basic', 'bAsIc') };
    for (const headers of [basic(clientId, clientSecret), basic(clientId, encoded), lower]) {
      expect((await post(GRANT, headers)).status).to.equal(200);
    }
  });

  it('takes them in header and form when they are the same, as Entra\'s "Both" sends them', async () => {
    const { status } = await post({ ...GRANT, ...asForm(acme) }, basic(acme.clientId, acme.clientSecret));
    expect(status).to.equal(200);
  });

  it('refuses header and form that disagree, though each were right', async () => {
    const other = await acme.integration();
    const answers = [
      await post({ ...GRANT, ...asForm(other) }, basic(acme.clientId, acme.clientSecret)),
      await post({ ...GRANT, client_id: other.clientId }, basic(acme.clientId, acme.clientSecret)),
      await post({ ...GRANT, client_secret: other.clientSecret }, basic(acme.clientId, acme.clientSecret)),
      await post({ ...GRANT, ...asForm(acme) }, basic(acme.clientId, 'wrong')),
    ];
    for (const { status, body } of answers) expect([status, body.error]).to.deep.equal([401, 'invalid_client']);
  });

  it('answers every wrong credential with the same 401 and WWW-Authenticate', async () => {
    const disabled = await acme.integration();
    await setIntegrationEnabled(acme.server.deps.db, operator(), requestContext(), disabled.clientId, false);
    const wrong = [
      {},
      { client_id: acme.clientId },
      { client_id: acme.clientId, client_secret: '' },
      { client_id: acme.clientId, client_secret: `${acme.clientSecret}x` },
      { client_id: '01a2009b-2833-7167-809c-b09844092b28', client_secret: acme.clientSecret },
      { client_id: "' or 1=1 --", client_secret: acme.clientSecret },
      asForm(disabled),
    ];
    const answers = await Promise.all(wrong.map((fields) => post({ ...GRANT, ...fields })));
    const headers = [{ Authorization: 'Basic !!' }, { Authorization: `Bearer ${acme.token}` }, basic('', '')];
    answers.push(...(await Promise.all(headers.map((header) => post(GRANT, header)))));
    for (const answer of answers) {
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('www-authenticate')).to.match(/^Basic realm=/);
      expect(answer.body).to.deep.equal(answers[0]?.body);
    }
  });

  it('gives the scopes asked for, once each, and no more than the integration has', async () => {
    const reader = await acme.integration({ usersAndGroups: 'READ_ONLY' });
    const scoped = async (credentials: Credentials, scope: string) => {
      const { status, body } = await post({ ...GRANT, ...asForm(credentials), scope });
      return status === 200 ? (body.scope as string) : (body.error as string);
    };
    expect(await scoped(acme, 'scim.read')).to.equal('scim.read');
    expect(await scoped(acme, 'scim.write scim.read scim.write')).to.equal('scim.write scim.read');
    expect(await scoped(acme, '')).to.equal('scim.read scim.write issues.access');
    expect(await scoped(reader, '')).to.equal('scim.read');
    expect(await scoped(reader, 'scim.read scim.write')).to.equal('invalid_scope');
    expect(await scoped(reader, 'issues.access')).to.equal('invalid_scope');
    expect(await scoped(acme, 'constructor')).to.equal('invalid_scope');
    expect(await scoped(await acme.integration({ usersAndGroups: 'NONE' }), '')).to.equal('');
  });

  it('refuses what is not one form with every field once', async () => {
    const json = { 'Content-Type': 'application/json' };
    const twice: [string, string][] = [
      ...Object.entries({ ...GRANT, ...asForm(acme) }),
      ['scope', 'scim.read'],
      ['scope', 'scim.write'],
    ];
    const answers = [
      await send(`${acme.server.url}/oauth2/token`, 'POST', { ...GRANT, ...asForm(acme) }, json),
      await post({ ...GRANT, ...asForm(acme) }, { 'Content-Type': 'text/plain' }),
      await post(twice),
      await post(asForm(acme)),
      await send(
        `${acme.server.url}/oauth2/token?client_secret=${acme.clientSecret}`,
        'POST',
        'grant_type=client_credentials',
        { 'Content-Type': 'application/x-www-form-urlencoded' },
      ),
    ];
    for (const { status, body } of answers) expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
    const password = await post({ grant_type: 'password', ...asForm(acme) });
    expect([password.status, password.body.error]).to.deep.equal([400, 'unsupported_grant_type']);
  });

  it('reads 8 KiB and refuses more with 413', async () => {
    const length = 8192 - new URLSearchParams({ ...GRANT, ...asForm(acme), x: '' }).toString().length;
    expect((await post({ ...GRANT, ...asForm(acme), x: 'x'.repeat(length) })).status).to.equal(200);
    const { status, body } = await post({ ...GRANT, ...asForm(acme), x: 'x'.repeat(length + 1) });
    expect([status, body.error]).to.deep.equal([413, 'invalid_request']);
  });

  it('is asked with POST only', async () => {
    const { status, headers, body } = await send(`${acme.server.url}/oauth2/token?grant_type=client_credentials`);
    expect([status, headers.get('allow'), body.error]).to.deep.equal([405, 'POST', 'invalid_request']);
  });

  it('takes either of two live secrets, refuses a third, and none that was revoked', async () => {
    const { db } = acme.server.deps;
    const first = await acme.integration();
    const rotate = (revokeOthers = false) =>
      rotateSecret(db, operator(), requestContext(), first.clientId, { revokeOthers });
    const statusOf = async (credentials: Credentials) => (await post({ ...GRANT, ...asForm(credentials) })).status;
    const second = await rotate();
    expect([await statusOf(first), await statusOf(second)]).to.deep.equal([200, 200]);
    expect(await rotate().catch((error: Error) => error.message)).to.match(/two live secrets/);
    await revokeSecret(db, operator(), requestContext(), first.clientId, second.secretId);
    expect([await statusOf(first), await statusOf(second)]).to.deep.equal([200, 401]);
    const last = await rotate(true);
    expect([await statusOf(first), await statusOf(last)]).to.deep.equal([401, 200]);
  });

  describe('years later', () => {
    const clock = { years: 0 };
    let later: TestServer;

    before(async function () {
      this.timeout(60_000);
      later = await startServer((await theDatabase()).environment, () => {
        const now = new Date();
        now.setUTCFullYear(now.getUTCFullYear() + clock.years);
        return now;
      });
    });
    after(() => later.stop());

    it('refuses a secret after its two years, and goes on with the newer one', async () => {
      const old = await acme.integration();
      const young = await rotateSecret(acme.server.deps.db, operator(), requestContext(), old.clientId, {
        secretYears: 3,
      });
      const statusOf = async (credentials: Credentials) =>
        (await post({ ...GRANT, ...asForm(credentials) }, {}, later.url)).status;
      clock.years = 1;
      expect([await statusOf(old), await statusOf(young)]).to.deep.equal([200, 200]);
      clock.years = 2;
      expect([await statusOf(old), await statusOf(young)]).to.deep.equal([401, 200]);
    });
  });
});

describe('what clients find out by themselves', () => {
  it('names the endpoints in the metadata, and shows the public halves of the keys only', async () => {
    const { server } = await aTenant();
    const { body } = await send(`${server.url}/.well-known/oauth-authorization-server`);
    expect(body).to.include({ issuer: server.url, token_endpoint: `${server.url}/oauth2/token` });
    expect(body.scopes_supported).to.deep.equal(['scim.read', 'scim.write', 'issues.access']);
    const keys = await send(body.jwks_uri as string);
    expect(keys.body.keys[0]).to.have.all.keys('kty', 'crv', 'x', 'y', 'kid', 'alg', 'use');
  });

  it('answers 405 to writing, and HEAD as GET', async () => {
    const { server } = await aTenant();
    for (const path of ['jwks.json', 'oauth-authorization-server']) {
      const url = `${server.url}/.well-known/${path}`;
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, headers } = await send(url, method, {});
        expect([status, headers.get('allow')], `${method} ${path}`).to.deep.equal([405, 'GET, HEAD']);
      }
      expect((await send(url, 'HEAD')).status, path).to.equal(200);
    }
  });
});
