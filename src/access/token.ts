// Access tokens: JWT (RFC 9068), ES256. Issuer and audience are the public base URL: one audience for SCIM and GraphQL,
// because both are the same directory and the same rights.
import { randomUUID } from 'node:crypto';
import { SignJWT, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { type Role } from '../directory/actor.js';
import { isUuid } from '../directory/id.js';
import { Refusal } from '../refusal.js';
import { type JwtRule, verifiedJwt } from './jwt.js';
import { levelFromScopes, type Level } from './scopes.js';
import { type SigningKeys } from './signingKeys.js';

export const TOKEN_SECONDS = 3600;
const RULE: JwtRule = {
  algorithm: 'ES256',
  types: ['at+jwt'],
  requiredClaims: ['aud', 'sub', 'jti', 'tid', 'client_id'],
  longestSeconds: TOKEN_SECONDS,
  longestToken: 4096,
};
const ROLES = ['FRONTEND', 'ANALYST', 'ADMIN'] as const satisfies readonly Role[];
/** The client_id of people's tokens: SpeakUp's own sign-in. */
const SIGN_IN = 'speakup-sign-in';

/** Whom a token stands for. */
export type Bearer =
  | { readonly kind: 'INTEGRATION'; readonly tenantId: string; readonly clientId: string; readonly level: Level }
  | { readonly kind: 'PERSON'; readonly tenantId: string; readonly userId: string | null; readonly role: Role };

export type Claims = Bearer & {
  readonly expiresAt: Date;
  /** Whether its signature counts no more, before the token's own end: the key was retired. */
  readonly isEnded?: () => boolean;
};

export type TokenSubject =
  | {
      readonly kind: 'INTEGRATION';
      readonly tenantId: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'PERSON'; readonly tenantId: string; readonly userId: string | null; readonly role: Role };

/** A signed token for one hour. `issuer` is the public base URL. */
export function signAccessToken(subject: TokenSubject, keys: SigningKeys, issuer: string, now: Date): Promise<string> {
  const { kid, privateKey } = keys.current();
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({ ...claimsFromSubject(subject), tid: subject.tenantId })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setJti(randomUUID())
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + TOKEN_SECONDS)
    .sign(privateKey);
}

/** Who a token stands for. Refuses with `unauthenticated` whatever is not, in every part, a token of ours that is valid at `now`. */
export async function verifyAccessToken(token: string, keys: SigningKeys, now: Date): Promise<Claims> {
  const verified = await verifiedJwt(token, keyOf(keys), RULE, now);
  if (!verified) throw badToken();
  const { header, payload, expiresAt } = verified;
  if (payload.aud !== payload.iss || !(await keys.isIssuer(payload.iss ?? ''))) throw badToken();
  const bearer = bearerFromPayload(payload);
  if (!bearer) throw badToken();
  return { ...bearer, expiresAt, isEnded: () => !keys.has(header.kid ?? '') };
}

/** The answer to every bad token: it does not say what is wrong with it. */
export const badToken = (): Refusal =>
  new Refusal('unauthenticated', 'The access token is not valid. Get a new one from the token endpoint.', {
    'WWW-Authenticate': 'Bearer error="invalid_token"',
  });

function claimsFromSubject(subject: TokenSubject): Record<string, string> {
  switch (subject.kind) {
    case 'INTEGRATION':
      return {
        sub: subject.clientId,
        client_id: subject.clientId,
        scope: subject.scopes.join(' '),
        issues: levelFromScopes(subject.scopes).issues,
      };
    case 'PERSON':
      return {
        sub: subject.userId ?? `role:${subject.role.toLowerCase()}`,
        client_id: SIGN_IN,
        role: subject.role,
      };
  }
}

const keyOf =
  (keys: SigningKeys): JWTVerifyGetKey =>
  async ({ kid }) => {
    if (typeof kid !== 'string' || !/^[\w-]{1,64}$/.test(kid)) throw badToken();
    const key = await keys.find(kid);
    if (!key) throw badToken();
    return key.publicKey;
  };

function bearerFromPayload({ sub, tid, jti, client_id, scope, role }: JWTPayload): Bearer | undefined {
  if (typeof tid !== 'string' || !isUuid(tid) || typeof sub !== 'string' || typeof jti !== 'string') return undefined;
  if (role === undefined) {
    if (typeof client_id !== 'string' || !isUuid(client_id) || sub !== client_id || typeof scope !== 'string') {
      return undefined;
    }
    return { kind: 'INTEGRATION', tenantId: tid, clientId: client_id, level: levelFromScopes(scope.split(' ')) };
  }
  const known = ROLES.find((name) => name === role);
  if (!known || client_id !== SIGN_IN) return undefined;
  if (sub === `role:${known.toLowerCase()}`) return { kind: 'PERSON', tenantId: tid, userId: null, role: known };
  return isUuid(sub) ? { kind: 'PERSON', tenantId: tid, userId: sub, role: known } : undefined;
}
