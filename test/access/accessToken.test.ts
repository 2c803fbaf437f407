import { expect } from 'chai';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { aTenant, type TestTenant } from '../support/tenant.js';

describe('an access token', () => {
  let acme: TestTenant;

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
});
