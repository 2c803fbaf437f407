// POST /oauth2/token: the client credentials grant, RFC 6749 section 4.4.
import { type Context, type Middleware } from 'koa';
import { retryAfter } from '../admission/refusals.js';
import { type ActivityNotes } from '../operation/activityNotes.js';
import { Refusal } from '../refusal.js';
import { clientAuthentication, type ClientSettings } from './authenticateClient.js';
import { OAuthError } from './oauthError.js';
import { grantScopes } from './scopes.js';
import { type SigningKeys } from './signingKeys.js';
import { signAccessToken, TOKEN_SECONDS } from './token.js';
import { readTokenForm } from './tokenForm.js';

interface Settings extends ClientSettings {
  readonly activity: ActivityNotes;
  readonly keys: SigningKeys;
  /** Issuer of the tokens. */
  readonly publicUrl: string;
}

/** Answers with a token or an error, both as JSON that nobody may keep. */
export function tokenEndpoint(settings: Settings): Middleware {
  const grant = clientCredentialsGrant(settings);
  return async (ctx) => {
    ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    if (ctx.method !== 'POST') {
      ctx.set('Allow', 'POST');
      return answer(ctx, new OAuthError('invalid_request', 'Tokens are asked for with POST.', 405));
    }
    try {
      ctx.body = await grant(ctx);
    } catch (error) {
      answer(ctx, oauthError(error));
    }
  };
}

function clientCredentialsGrant(settings: Settings) {
  const authenticateClient = clientAuthentication(settings);
  const { keys, publicUrl, clock, activity } = settings;
  const answered = async (ctx: Context, form: Awaited<ReturnType<typeof readTokenForm>>) => {
    const client = await authenticateClient(ctx, form);
    assertGrantType(form.get('grant_type'));
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
    if (client.secretHash) activity.note(client, `SECRET ${client.secretHash}`, clock());
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      scope: scopes.join(' '),
    };
  };
  return async (ctx: Context) => inTime(answered(ctx, await readTokenForm(ctx)));
}

/** Nobody waits longer for a token. What others ask for too (who the client is) is not stopped: it is short. */
const LONGEST_MS = 2000;

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new Refusal('unavailable', 'A token could not be made within 2 seconds. Try again in a few seconds.', {
        'Retry-After': retryAfter(),
      }),
    );
  }, LONGEST_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function assertGrantType(grantType: string | undefined): void {
  if (!grantType) throw new OAuthError('invalid_request', 'grant_type is missing. Send grant_type=client_credentials.');
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'The only grant type here is client_credentials.');
  }
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
