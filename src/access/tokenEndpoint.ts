// POST /oauth2/token: the client credentials grant, RFC 6749 section 4.4.
import { type Context, type Middleware } from 'koa';
import { integrationByClientId, type Client } from '../directory/integration/client.js';
import { type ActivityNotes } from '../operation/activityNotes.js';
import { matchesSecret } from '../directory/integration/secret.js';
import { type Pools } from '../directory/scope.js';
import { Refusal } from '../refusal.js';
import { clientByAssertion, hasAssertion } from './clientAssertion.js';
import { type ClientCredentials, readClientCredentials } from './clientCredentials.js';
import { invalidClient, OAuthError } from './oauthError.js';
import { grantScopes } from './scopes.js';
import { type Issuers } from './issuers.js';
import { type SigningKeys } from './signingKeys.js';
import { signAccessToken, TOKEN_SECONDS } from './token.js';
import { readTokenForm } from './tokenForm.js';

interface Settings {
  readonly db: Pools;
  readonly activity: ActivityNotes;
  readonly keys: SigningKeys;
  readonly issuers: Issuers;
  /** Issuer of the tokens. */
  readonly publicUrl: string;
  readonly clock: () => Date;
}

/** Answers with a token or an error, both as JSON that nobody may keep. */
export function tokenEndpoint(settings: Settings): Middleware {
  return async (ctx) => {
    ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    if (ctx.method !== 'POST') {
      ctx.set('Allow', 'POST');
      return answer(ctx, new OAuthError('invalid_request', 'Tokens are asked for with POST.', 405));
    }
    try {
      ctx.body = await grant(ctx, settings);
    } catch (error) {
      answer(ctx, oauthError(error));
    }
  };
}

async function grant(ctx: Context, settings: Settings) {
  const { db, keys, publicUrl, clock, activity } = settings;
  const form = await readTokenForm(ctx);
  const client = hasAssertion(form)
    ? await clientByAssertion(form, ctx.req.headers.authorization, settings)
    : await authenticateClient(ctx, form, db, clock());
  const grantType = form.get('grant_type');
  if (!grantType) throw new OAuthError('invalid_request', 'grant_type is missing. Send grant_type=client_credentials.');
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'The only grant type here is client_credentials.');
  }
  const scopes = grantScopes(form.get('scope'), client);
  if (!scopes) {
    throw new OAuthError(
      'invalid_scope',
      'A scope is unknown, or more than this app integration has. Leave scope out.',
    );
  }
  const subject = { kind: 'INTEGRATION', tenantId: client.tenantId, clientId: client.id, scopes } as const;
  const token = await signAccessToken(subject, keys, publicUrl, clock());
  activity.note(client, 'TOKEN', clock());
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: TOKEN_SECONDS,
    scope: scopes.join(' '),
  };
}

const NO_CLIENT = '00000000-0000-0000-0000-000000000000';
const NO_SECRET = Buffer.alloc(32);

/** Asks and compares in every case alike, so that the time tells nothing either. */
async function authenticateClient(
  ctx: Context,
  form: ReadonlyMap<string, string>,
  db: Pools,
  now: Date,
): Promise<Client> {
  const given: ClientCredentials | undefined =
    (ctx.req.headersDistinct.authorization ?? []).length > 1
      ? undefined
      : readClientCredentials(ctx.req.headers.authorization, form);
  const client = await integrationByClientId(db, given?.clientId ?? NO_CLIENT);
  const live = (client?.secrets ?? [])
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ hash }) => Buffer.from(hash, 'hex'));
  const fits = matchesSecret(
    given?.secrets ?? [''],
    [...live, NO_SECRET, NO_SECRET].slice(0, Math.max(2, live.length)),
  );
  if (!client?.enabled || !fits) throw invalidClient();
  return client;
}

function oauthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof Refusal && error.kind === 'unavailable') {
    return new OAuthError('temporarily_unavailable', error.message, 503, error.headers);
  }
  throw error;
}

function answer(ctx: Context, { code, message, status, headers }: OAuthError): void {
  ctx.status = status;
  ctx.set(headers);
  ctx.body = { error: code, error_description: message };
}
