// From the Authorization header to an Actor. The signature is checked once per token; whether the integration or the
// person may still come in is looked at in every request.
import { type KnownBearer } from '../admission/front.js';
import { type Actor, type IntegrationActor, type PersonActor } from '../directory/actor.js';
import { type Client } from '../directory/integration/client.js';
import { type PersonState } from '../directory/personState.js';
import { Refusal } from '../refusal.js';
import { refuseCredential } from './credentialAsToken.js';
import { type Issuers } from './issuers.js';
import { type LiveState } from './liveState.js';
import { lesserLevel } from './scopes.js';
import { type SigningKeys } from './signingKeys.js';
import { badToken, type Claims, verifyAccessToken } from './token.js';
import { createTokenCache } from './tokenCache.js';

export interface Authenticator {
  /**
   * Who sent this Authorization header. Refuses with `unauthenticated`, with the `WWW-Authenticate` to send along, and
   * with `unavailable` when the database cannot say whether the token is still good.
   */
  authenticate(authorization: string | undefined): Promise<Actor>;
  /** Whom a token stands for whose signature was checked lately; undefined for every other. Lets nobody in. */
  readonly bearerOf: (authorization: string | undefined) => KnownBearer | undefined;
}

interface Settings {
  readonly state: LiveState;
  readonly keys: SigningKeys;
  readonly issuers: Issuers;
  readonly clock: () => Date;
}

const REMEMBERED = 10_000;

type ClaimsOf<Kind extends Claims['kind']> = Extract<Claims, { kind: Kind }>;

export function createAuthenticator({ state, keys, issuers, clock }: Settings): Authenticator {
  const tokens = createTokenCache<Claims>(REMEMBERED);
  const verified = async (token: string, now: Date): Promise<Claims> => {
    refuseCredential(token);
    const claims = (await issuers.claimsOf(token, now)) ?? (await verifyAccessToken(token, keys, now));
    if (claims.expiresAt > now) tokens.set(token, claims);
    return claims;
  };
  return {
    async authenticate(authorization) {
      const token = tokenFrom(authorization);
      const now = clock();
      const claims = tokens.get(token, now) ?? (await verified(token, now));
      return actorFromClaims(claims, state);
    },
    bearerOf: (authorization) => {
      const claims = authorization?.startsWith('Bearer ') ? tokens.get(authorization.slice(7), clock()) : undefined;
      return (
        claims && { tenantId: claims.tenantId, analyst: claims.kind === 'INTEGRATION' || claims.role === 'ANALYST' }
      );
    },
  };
}

/** What the token says, as far as it still holds. */
async function actorFromClaims(claims: Claims, state: LiveState): Promise<Actor> {
  switch (claims.kind) {
    case 'INTEGRATION':
      return integrationActor(claims, await state.client(claims.clientId));
    case 'PERSON':
      return personActor(claims, await state.person(claims.tenantId, claims.userId));
  }
}

function integrationActor({ tenantId, level }: ClaimsOf<'INTEGRATION'>, client: Client | undefined): IntegrationActor {
  // The tenant is the integration's; a token that says another one is not ours.
  if (!client?.enabled || client.tenantId !== tenantId) throw badToken();
  const { id, tenantSlug, name, compatibility, provisioningEnabled, groupAdoptionAllowed, budget } = client;
  const state = { tenantId, tenantSlug, provisioningEnabled, groupAdoptionAllowed };
  return { kind: 'INTEGRATION', id, name, compatibility, budget, ...state, ...lesserLevel(level, client) };
}

function personActor({ tenantId, userId, role }: ClaimsOf<'PERSON'>, state: PersonState | undefined): PersonActor {
  // An unnamed person is SpeakUp itself at work in a role: there is nobody to deactivate or to lock.
  if (!state || (userId !== null && (state.status !== 'ACTIVE' || state.locked))) throw badToken();
  return { kind: 'PERSON', id: userId, tenantId, tenantSlug: state.tenantSlug, role };
}

/** RFC 6750 section 2.1; the scheme in any case (RFC 9110 section 11.1). A token anywhere else is not a token. */
function tokenFrom(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new Refusal(
      'unauthenticated',
      'An access token is needed: send "Authorization: Bearer …" with a token from the token endpoint.',
      { 'WWW-Authenticate': 'Bearer' },
    );
  }
  const [, token] = /^bearer +([\w.~+/-]+=*) *$/i.exec(authorization) ?? [];
  if (token === undefined) throw badToken();
  return token;
}
