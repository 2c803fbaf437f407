import { expect } from 'chai';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { aPerson } from './jwt/externalScene.js';

describe('I9: the tenant and every link', () => {
  let acme: TestTenant;
  let other: TestTenant;
  const get = (path: string, headers: Record<string, string>): Promise<{ status?: number; body: Json }> =>
    new Promise((resolve, reject) => {
      request(`${acme.server.url}${path}`, { headers }, (answer) => {
        const { statusCode: status } = answer;
        text(answer).then((body) => resolve({ status, body: JSON.parse(body) }), reject);
      })
        .on('error', reject)
        .end();
    });

  /** Everything by which a request could try to name a place or a tenant. */
  const lies = (): readonly Record<string, string>[] => [
    { Host: other.tenant.slug },
    { Host: `${other.tenant.slug}.directory.example` },
    { Host: `evil:fake@${other.tenant.slug}` },
    { Host: 'attacker.example:80' },
    { Host: '169.254.169.254' },
    { 'X-Forwarded-Host': 'attacker.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '127.0.0.1' },
    { Forwarded: 'host=attacker.example;proto=https' },
    { 'X-Original-URL': `/scim/v2/${other.tenant.slug}/Users`, 'X-Rewrite-URL': '/scim/v2/Groups' },
    { 'X-Tenant': other.tenant.slug, 'X-Tenant-Id': other.tenant.id, tid: other.tenant.id },
    { Origin: 'https://attacker.example', Referer: `https://${other.tenant.slug}.directory.example/` },
  ];

  before(async function () {
    this.timeout(60_000);
    [acme, other] = await Promise.all([aTenant(), aTenant()]);
    await Promise.all([aPerson(acme, 'ours'), aPerson(other, 'theirs')]);
  });

  it('I9: come from the token and from the settings, whatever the headers say', async () => {
    for (const lie of lies()) {
      const { status, body } = await get('/scim/v2/Users', { Authorization: `Bearer ${acme.token}`, ...lie });
      // A Host that is none at all may be refused; it never means anything.
      expect(status, JSON.stringify(lie)).to.be.oneOf([200, 400]);
      if (status !== 200) continue;
      expect(body.Resources.map((each: Json) => each.externalId)).to.deep.equal(['ours']);
      expect(body.Resources[0].meta.location).to.match(new RegExp(`^${acme.server.url}/scim/v2/Users/`));
    }
  });

  it('I9: so do the addresses that clients find out by themselves', async () => {
    for (const lie of lies()) {
      const { status, body } = await get('/.well-known/oauth-authorization-server', lie);
      expect(status, JSON.stringify(lie)).to.be.oneOf([200, 400]);
      if (status === 200)
        expect(body).to.include({ issuer: acme.server.url, token_endpoint: `${acme.server.url}/oauth2/token` });
    }
  });
});
