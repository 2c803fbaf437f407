// A tenant of one's own for every test file: tests of different files cannot meet.
import { randomBytes } from 'node:crypto';
import { type Role } from '../../src/directory/actor.js';
import { createIntegration, type NewIntegration } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { openTenant, type TenantRow } from '../../src/directory/tenant/tenants.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { signAccessToken } from '../../src/access/token.js';
import { theServer, type TestServer } from './server.js';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined where the answer has no body. */
  readonly body: Body;
}

/** What a test expects of a body it asserts on; JSON is untyped, and a test says what it should be by asserting it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TestTenant extends Credentials {
  readonly server: TestServer;
  readonly tenant: TenantRow;
  /** The integration's access token. */
  readonly token: string;
  /** A request below /scim/v2. A string as body is sent as it is. */
  scim(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Json>>;
  /** A GraphQL operation as a person of a role (ADMIN). */
  graphql(query: string, variables?: Record<string, unknown>, caller?: Caller): Promise<Answer<Json>>;
  /** An access token of a person; without a user id, of an unnamed person. */
  personToken(caller?: Caller): Promise<string>;
  /** Another integration of the same tenant. */
  integration(attributes?: Partial<NewIntegration>): Promise<Credentials>;
}

interface Caller {
  readonly role?: Role;
  readonly userId?: string;
}

/** Opens a new tenant with an integration (FULL, ENTRA) and a token of it. */
export async function aTenant(attributes: Partial<NewIntegration> = {}, server?: TestServer): Promise<TestTenant> {
  const at = server ?? (await theServer());
  const { db, keys, publicUrl, clock } = at.deps;
  const slug = `test-${randomBytes(6).toString('hex')}`;
  const { tenant } = await openTenant(db, slug, requestContext());
  const integration = (given: Partial<NewIntegration> = {}) =>
    createIntegration(
      db,
      systemActor(tenant.id, slug),
      { ...requestContext(), now: clock() },
      { name: 'Entra ID', usersAndGroups: 'FULL', issues: 'NONE', compatibility: 'ENTRA', ...given },
    );
  const credentials = await integration(attributes);
  const token = await tokenOf(at.url, credentials);
  const personToken = ({ role = 'ADMIN', userId }: Caller = {}) =>
    signAccessToken({ kind: 'PERSON', tenantId: tenant.id, userId: userId ?? null, role }, keys, publicUrl, clock());
  return {
    ...credentials,
    server: at,
    tenant,
    token,
    personToken,
    integration,
    scim: (method, path, body, headers) =>
      send(`${at.url}/scim/v2${path}`, method, body, {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
        ...headers,
      }),
    graphql: async (query, variables, caller) =>
      send(
        `${at.url}/graphql`,
        'POST',
        { query, variables },
        {
          Authorization: `Bearer ${await personToken(caller)}`,
          'Content-Type': 'application/json',
        },
      ),
  };
}

/** An access token from the token endpoint. */
export async function tokenOf(url: string, { clientId, clientSecret }: Credentials, scope?: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope === undefined ? {} : { scope }),
  });
  const response = await fetch(`${url}/oauth2/token`, { method: 'POST', body: form });
  const { access_token } = (await response.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`The token endpoint answered ${response.status}`);
  return access_token;
}

/** Sends a request and reads the whole answer. */
export async function send(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Json>> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, ...(text === undefined ? {} : { body: text }) });
  const answer = await response.text();
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: answer === '' ? undefined : isJson ? (JSON.parse(answer) as unknown) : answer,
  };
}
