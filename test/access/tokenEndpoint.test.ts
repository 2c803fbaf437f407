import { expect } from 'chai';
import { aTenant, send, type TestTenant } from '../support/tenant.js';

const FORM = 'application/x-www-form-urlencoded';

describe('POST /oauth2/token', () => {
  let acme: TestTenant;

  before(async function () {
    this.timeout(60_000);
    acme = await aTenant({ issues: 'ACCESS' });
  });

  const post = (fields: Record<string, string> | string, headers: Record<string, string> = {}) =>
    send(`${acme.server.url}/oauth2/token`, 'POST', new URLSearchParams(fields).toString(), {
      'Content-Type': FORM,
      ...headers,
    });
  const basic = (id: string, secret: string) => ({
    Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });
  const credentials = () => ({ client_id: acme.clientId, client_secret: acme.clientSecret });
  const grant = { grant_type: 'client_credentials' };

  it('gives a token for client id and secret in the form', async () => {
    const { status, body, headers } = await post({ ...grant, ...credentials() });
    expect(status).to.equal(200);
    expect(body).to.include({ token_type: 'Bearer', expires_in: 3600, scope: 'scim.read scim.write issues.access' });
    expect(headers.get('cache-control')).to.equal('no-store');
  });
});
