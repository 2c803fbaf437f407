// Two tenants, a Cognito pool and an OIDC issuer, and a server that trusts both: what the tests of external issuers share.
import { addFederatedCredential, type NewCredential } from '../../../src/directory/integration/federatedCredentials.js';
import { requestContext } from '../../../src/directory/scope.js';
import { systemActor } from '../../../src/directory/unitOfWork.js';
import { type TestServer } from '../../support/server.js';
import { aTenant, send, type TestTenant } from '../../support/tenant.js';
import { type Outcome } from './campaign.js';
import { type Fields, type Honest } from './forge.js';
import { anIssuer, serverTrusting, type TestIssuer } from './issuer.js';

export const PREFIX = 'https://directory.example/';
export const AUDIENCE = 'https://directory.example';
/** A client of the integration's, and one that people sign in with. */
export const APP = '4h57kqsp1n0v3u8example0000';
export const SIGN_IN_APP = '7people000000000000000000x';

export interface ExternalScene {
  readonly cognito: TestIssuer;
  readonly oidc: TestIssuer;
  readonly server: TestServer;
  readonly acme: TestTenant;
  readonly other: TestTenant;
  /** The id of Mara, a person of acme whose externalId is `mara`. */
  readonly maraId: string;
  readonly honest: Readonly<Record<'cognitoApp' | 'cognitoPerson' | 'oidcApp' | 'oidcPerson', () => Honest>>;
  /** Asks SCIM, and GraphQL, of the server that trusts them. */
  readonly scim: (token: string) => Promise<Outcome>;
  readonly graphql: (token: string) => Promise<Outcome & { readonly viewer: ViewerOf | undefined }>;
  readonly close: () => Promise<void>;
}

interface ViewerOf {
  readonly role: string;
  readonly tenant: string;
  readonly user: { readonly userName: string } | null;
}

/** Lets an external subject stand for the tenant's app integration. */
export const trust = (
  { server, tenant, clientId }: TestTenant,
  credential: Partial<NewCredential> & Pick<NewCredential, 'issuer' | 'subject'>,
): Promise<string> =>
  addFederatedCredential(server.deps.db, systemActor(tenant.id, tenant.slug), requestContext(), clientId, {
    use: 'ACCESS_TOKEN',
    audience: null,
    ...credential,
  });

/** Makes a person with this externalId, and returns the id. */
export async function aPerson(tenant: TestTenant, externalId: string, more: Fields = {}): Promise<string> {
  const { body } = await tenant.scim('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${externalId}@fabriek.example`,
    externalId,
    ...more,
  });
  return body.id as string;
}

/** `people` and `oidcMore` change what the file says of people, and of the OIDC issuer. */
export async function externalScene(people: Fields = {}, oidcMore: Fields = {}): Promise<ExternalScene> {
  const [cognito, oidc, acme, other] = await Promise.all([anIssuer('RS256'), anIssuer('ES256'), aTenant(), aTenant()]);
  const server = await serverTrusting(issuersOf(cognito, oidc, acme.tenant.slug, people, oidcMore));
  await trust(acme, { issuer: cognito.url, subject: APP });
  await trust(acme, { issuer: oidc.url, subject: 'service-account-1' });
  const maraId = await aPerson(acme, 'mara');
  return {
    cognito,
    oidc,
    server,
    acme,
    other,
    maraId,
    honest: honestTokens(cognito, oidc),
    scim: async (token) => {
      const headers = { Authorization: `Bearer ${token}` };
      const { status, body, headers: answered } = await send(`${server.url}/scim/v2/Users`, 'GET', undefined, headers);
      return { status, wwwAuthenticate: answered.get('www-authenticate'), gave: 'totalResults' in body };
    },
    graphql: async (token) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const query = '{ viewer { role tenant user { userName } } }';
      const { status, body, headers: answered } = await send(`${server.url}/graphql`, 'POST', { query }, headers);
      const viewer = body?.data?.viewer as ViewerOf | undefined;
      return { status, wwwAuthenticate: answered.get('www-authenticate'), gave: viewer !== undefined, viewer };
    },
    close: async () => {
      await Promise.all([server.stop(), cognito.close(), oidc.close()]);
    },
  };
}

function issuersOf(cognito: TestIssuer, oidc: TestIssuer, tenant: string, people: Fields, oidcMore: Fields): Fields[] {
  const values = { handlers: 'FRONTEND', readers: 'ANALYST', owners: 'ADMIN' };
  const person = { claim: 'sub', matches: 'externalId' };
  const rule = (claim: string) => ({ clients: [SIGN_IN_APP], tenant, person, roles: { claim, values }, ...people });
  return [
    {
      rule: 'cognito',
      issuer: cognito.url,
      jwksUrl: cognito.jwksUrl,
      algorithm: 'RS256',
      integrations: { scopePrefix: PREFIX },
      people: rule('cognito:groups'),
    },
    {
      rule: 'oidc',
      issuer: oidc.url,
      jwksUrl: oidc.jwksUrl,
      algorithm: 'ES256',
      audience: AUDIENCE,
      integrations: { scopePrefix: '' },
      people: rule('groups'),
      ...oidcMore,
    },
  ];
}

const honestTokens = (cognito: TestIssuer, oidc: TestIssuer): ExternalScene['honest'] => ({
  cognitoApp: () =>
    cognito.honest({ sub: APP, client_id: APP, token_use: 'access', version: 2, scope: `${PREFIX}scim.read` }),
  cognitoPerson: () =>
    cognito.honest({
      sub: 'mara',
      client_id: SIGN_IN_APP,
      token_use: 'access',
      scope: 'openid',
      username: 'mara',
      'cognito:groups': ['handlers', 'football'],
    }),
  oidcApp: () =>
    oidc.honest(
      { sub: 'service-account-1', client_id: 'connector', aud: AUDIENCE, scope: 'openid scim.read' },
      { typ: 'at+jwt' },
    ),
  oidcPerson: () =>
    oidc.honest(
      { sub: 'mara', client_id: SIGN_IN_APP, aud: AUDIENCE, scope: 'openid', groups: 'readers' },
      { typ: 'at+jwt' },
    ),
});
