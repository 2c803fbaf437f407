import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import {
  rotateSecret,
  setIntegrationEnabled,
  revokeIntegration,
} from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { tables } from '../../src/database/catalogue.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { withOwnerIn } from '../support/owner.js';
import { aTenant, send, tokenOf, type Credentials, type Json, type TestTenant } from '../support/tenant.js';
import { askFrom, basicOf, FORM, grantOf, lasting } from './asking.js';

const LOCAL = '127.0.0.1';
const UNKNOWN = '01a2009b-2833-7167-809c-b09844092b28';

describe('a token request', () => {
  let acme: TestTenant;
  before(async function () {
    this.timeout(60_000);
    acme = await aTenant();
  });

  const ask = (form: Record<string, string> | string, headers: Record<string, string> = {}) =>
    askFrom(LOCAL, acme.server.url, form, headers);
  const outcome = ({ status, body }: { status: number; body: Json }): [number, string] => [
    status,
    body.error as string,
  ];
  const bad = [400, 'invalid_request'];

  /** One integration for each way in which right-looking credentials are wrong. */
  async function wrongCredentials(): Promise<Record<string, Credentials>> {
    const { db } = acme.server.deps;
    const operator = systemActor(acme.tenant.id, acme.tenant.slug);
    const [disabled, revoked, expired, replaced] = [
      await acme.integration(),
      await acme.integration(),
      await acme.integration(),
      await acme.integration(),
    ];
    await setIntegrationEnabled(db, operator, requestContext(), disabled.clientId, false);
    await revokeIntegration(db, operator, requestContext(), revoked.clientId);
    await rotateSecret(db, operator, requestContext(), replaced.clientId, { revokeOthers: true });
    await withOwnerIn(acme.tenant.id, (owner) =>
      owner.query("update integration_secret set expires_at = now() - interval '1 day' where integration_id = $1", [
        expired.clientId,
      ]),
    );
    const { clientId, clientSecret } = acme;
    return {
      unknown: { clientId: UNKNOWN, clientSecret },
      wrong: { clientId, clientSecret: expired.clientSecret },
      'not a UUID': { clientId: 'acme', clientSecret },
      disabled,
      revoked,
      expired,
      replaced,
    };
  }

  it('T3: with wrong credentials is refused in one way, whether the client is unknown, disabled or revoked or the secret wrong, expired or replaced', async () => {
    const expected = lasting(await ask(grantOf({ ...acme, clientSecret: 'x' })));
    expect([expected.status, expected.headers['cache-control']]).to.deep.equal([401, 'no-store']);
    for (const [kind, credentials] of Object.entries(await wrongCredentials())) {
      expect(lasting(await ask(grantOf(credentials))), kind).to.deep.equal(expected);
      expect(lasting(await ask('grant_type=client_credentials', basicOf(credentials))), kind).to.deep.equal(expected);
    }
  });

  it('T1: leaves nothing in the database that a token could be asked with', async () => {
    const { rows } = await withOwnerIn(acme.tenant.id, (owner) =>
      owner.query<{ text: string; hash: Buffer }>('select s::text as text, hash from integration_secret s'),
    );
    for (const { text, hash } of rows) {
      expect(hash).to.have.lengthOf(32);
      expect(text).to.not.include('sus_');
      for (const form of [hash.toString('hex'), hash.toString('base64url'), `\\x${hash.toString('hex')}`]) {
        expect(outcome(await ask(grantOf({ ...acme, clientSecret: form })))).to.deep.equal([401, 'invalid_client']);
      }
    }
    expect(rows).to.not.deep.equal([]);
    // What history, the log and every other table tell of the client names no secret of it, in no form.
    const everything = await withOwnerIn(acme.tenant.id, async (owner) => {
      const texts: string[] = [];
      for (const { name } of await tables(owner)) {
        texts.push(
          ...(await owner.query<{ row: string }>(`select t::text as row from "${name}" t`)).rows.map(({ row }) => row),
        );
      }
      return texts.join('\n');
    });
    const { clientId, clientSecret } = acme;
    expect(everything).to.include(clientId);
    for (const form of [
      clientSecret,
      Buffer.from(clientSecret).toString('hex'),
      Buffer.from(clientSecret).toString('base64'),
    ])
      expect(everything).to.not.include(form);
  });

  it('T2: with a wrong secret keeps no processor busy: a hundred at once are answered within seconds', async () => {
    const before = process.cpuUsage();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(grantOf({ ...acme, clientSecret: 'x' }))));
    const { user, system } = process.cpuUsage(before);
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([401]));
    // A hash made for passwords takes 20 to 200 ms of it for each.
    expect((user + system) / 1000 / 100).to.be.below(10);
  });

  it('T7: gets the scopes it asks for if the integration has them, its own level if it asks for none, and never more', async () => {
    const reader = await acme.integration({ usersAndGroups: 'READ_ONLY' });
    const scoped = async (credentials: Credentials, scope: string) => {
      const answer = await ask({ ...grantOf(credentials), scope });
      return answer.status === 200 ? (answer.body.scope as string) : outcome(answer).join(' ');
    };
    expect(await scoped(reader, 'scim.read')).to.equal('scim.read');
    expect(await scoped(reader, '')).to.equal('scim.read');
    for (const more of [
      'scim.write',
      'issues.access',
      'scim.read scim.write',
      'SCIM.READ',
      'openid',
      '*',
      '__proto__',
    ]) {
      expect(await scoped(reader, more), more).to.equal('400 invalid_scope');
    }
    const token = await tokenOf(acme.server.url, reader);
    const { status } = await send(`${acme.server.url}/scim/v2/Users`, 'POST', '{}', {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/scim+json',
    });
    expect(status).to.equal(403);
  });

  it('T8: is refused with GET, HEAD, PUT, PATCH and DELETE, whatever it carries', async () => {
    const query = new URLSearchParams(grantOf(acme)).toString();
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of ['/oauth2/token', `/oauth2/token?${query}`]) {
        const { status, headers, body } = await send(`${acme.server.url}${path}`, method, undefined, basicOf(acme));
        expect([status, headers.get('allow'), headers.get('cache-control')]).to.deep.equal([405, 'POST', 'no-store']);
        if (method !== 'HEAD') expect(body.error).to.equal('invalid_request');
      }
    }
  });

  it('T8: is refused with any of its parameters in the URL, though the body had them too', async () => {
    for (const [name, value] of Object.entries({ ...grantOf(acme), scope: 'scim.read', client_assertion: 'x' })) {
      const url = `${acme.server.url}/oauth2/token?${new URLSearchParams({ [name]: value }).toString()}`;
      const answer = await send(url, 'POST', new URLSearchParams(grantOf(acme)).toString(), FORM);
      expect(outcome(answer), name).to.deep.equal(bad);
      expect(answer.body.error_description).to.include(name).and.not.include(acme.clientSecret);
    }
    const other = `${acme.server.url}/oauth2/token?api-version=1`;
    expect((await send(other, 'POST', new URLSearchParams(grantOf(acme)).toString(), FORM)).status).to.equal(200);
  });

  it('T8: is refused with a parameter given twice, the same value or not', async () => {
    for (const [name, value] of [...Object.entries(grantOf(acme)), ['x', '1'] as const]) {
      const once = new URLSearchParams({ ...grantOf(acme), x: '1' }).toString();
      for (const again of [value, 'other', '']) {
        const twice = `${once}&${new URLSearchParams({ [name]: again }).toString()}`;
        expect(outcome(await ask(twice)), `${name}=${again}`).to.deep.equal(bad);
      }
    }
  });

  it('T8: is answered with no-store, whatever comes of it', async () => {
    const answers = [
      await ask(grantOf(acme)),
      await ask(grantOf({ ...acme, clientSecret: 'x' })),
      await ask('grant_type=password', basicOf(acme)),
      await ask({ ...grantOf(acme), scope: 'x' }),
      await ask('x'.repeat(9000)),
      await ask('{}', { 'Content-Type': 'application/json' }),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 401, 400, 400, 413, 400]);
    for (const { headers } of answers) {
      expect([headers['cache-control'], headers.pragma]).to.deep.equal(['no-store', 'no-cache']);
      expect(headers['content-type']).to.match(/^application\/json/);
    }
  });

  it('T9: is read in one media type only, in any spelling of that', async () => {
    const form = new URLSearchParams(grantOf(acme)).toString();
    const type = 'application/x-www-form-urlencoded';
    for (const good of [type, `${type}; charset=UTF-8`, `${type};charset=utf-8`, type.toUpperCase()]) {
      expect((await ask(form, { 'Content-Type': good })).status, good).to.equal(200);
    }
    const others = [
      'application/json',
      'text/plain',
      'multipart/form-data; boundary=x',
      `${type}, application/json`,
      `text/${type}`,
      '',
      '*/*',
    ];
    for (const wrong of others) {
      expect(outcome(await ask(form, { 'Content-Type': wrong })), wrong).to.deep.equal(bad);
    }
    expect(outcome(await ask(JSON.stringify(grantOf(acme)), { 'Content-Type': 'application/json' }))).to.deep.equal(
      bad,
    );
    expect((await ask(JSON.stringify(grantOf(acme)))).status, 'JSON that says it is a form').to.equal(401);
    const packed = { ...FORM, 'Content-Encoding': 'gzip' };
    const compressed = await fetch(`${acme.server.url}/oauth2/token`, {
      method: 'POST',
      body: gzipSync(form),
      headers: packed,
    });
    expect(compressed.status).to.be.oneOf([400, 415]);
    await compressed.body?.cancel();
  });

  it('T9: has twenty parameters at most, and none of them is taken apart', async () => {
    const fields = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, at) => [`x${at}`, '1']));
    expect((await ask({ ...grantOf(acme), ...fields(17) })).status).to.equal(200);
    expect(outcome(await ask({ ...grantOf(acme), ...fields(18) }))).to.deep.equal(bad);
    const { grant_type, client_id, client_secret } = grantOf(acme) as Record<
      'grant_type' | 'client_id' | 'client_secret',
      string
    >;
    const nested = { grant_type, 'client_id[]': client_id, 'client_secret[0]': client_secret };
    expect((await ask(nested)).status).to.equal(401);
    expect(outcome(await ask({ 'grant_type[]': grant_type, client_id, client_secret }))).to.deep.equal(bad);
    const polluting = { ...grantOf(acme), '__proto__[scope]': 'x', 'constructor.prototype.scope': 'x', scope: '' };
    expect((await ask(polluting)).body.scope).to.equal('scim.read scim.write');
    expect(({} as { scope?: string }).scope).to.equal(undefined);
  });
});
