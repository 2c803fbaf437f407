// What clients may find out by themselves: the authorization server's metadata (RFC 8414) and its keys (RFC 7517).
import { type Middleware } from 'koa';
import { type Issuers } from './issuers.js';
import { SCOPES } from './scopes.js';
import { type SigningKeys } from './signingKeys.js';

interface Settings {
  readonly keys: SigningKeys;
  readonly issuers: Issuers;
  readonly publicUrl: string;
}

const METADATA = '/.well-known/oauth-authorization-server';

/** The documents by their paths. RFC 8414 section 3.1: the path of an issuer that has one comes after the well-known one. */
export function metadata({ keys, issuers, publicUrl }: Settings): Readonly<Record<string, Middleware | undefined>> {
  const server = document(() => serverMetadata(publicUrl, issuers));
  return {
    '/.well-known/jwks.json': document(() => keys.jwks()),
    [METADATA]: server,
    [`${METADATA}${new URL(publicUrl).pathname.replace(/\/$/, '')}`]: server,
  };
}

/** Section 2. There is no endpoint but that of tokens, so no response type; the member is required all the same. */
const serverMetadata = (publicUrl: string, issuers: Issuers) => ({
  issuer: publicUrl,
  token_endpoint: `${publicUrl}/oauth2/token`,
  jwks_uri: `${publicUrl}/.well-known/jwks.json`,
  scopes_supported: SCOPES,
  response_types_supported: [],
  grant_types_supported: ['client_credentials'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', ...assertionMethod(issuers)],
  ...assertionAlgorithms(issuers),
});

const assertionMethod = ({ assertions }: Issuers): readonly string[] =>
  assertions.length === 0 ? [] : ['private_key_jwt'];

/** RFC 8414 section 2: to be told along with `private_key_jwt`, and not otherwise. */
const assertionAlgorithms = ({ assertions }: Issuers): object =>
  assertions.length === 0
    ? {}
    : { token_endpoint_auth_signing_alg_values_supported: [...new Set(assertions.map(({ algorithm }) => algorithm))] };

const document =
  (read: () => object): Middleware =>
  (ctx) => {
    if (!['GET', 'HEAD'].includes(ctx.method)) {
      ctx.status = 405;
      ctx.set('Allow', 'GET, HEAD');
      ctx.body = { message: 'This document can only be read.' };
      return;
    }
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.body = read();
  };
