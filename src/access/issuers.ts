// Access tokens of trusted external issuers: what they must be, and whom they stand for here. The tenant comes from our
// own rows and configuration, never from the token alone.
import { type JWTPayload } from 'jose';
import { type Role } from '../directory/actor.js';
import { isUuid } from '../directory/id.js';
import { type CredentialUse } from '../directory/integration/FederatedCredential.js';
import { integrationBySubject } from '../directory/integration/federatedCredentials.js';
import { personByClaim } from '../directory/personByClaim.js';
import { type Pools } from '../directory/scope.js';
import { findTenant } from '../directory/tenant/tenants.js';
import { type Log } from '../operation/logging.js';
import {
  type AssertionIssuer,
  type BearerIssuer,
  type ClaimTable,
  type IntegrationRule,
  type PeopleRule,
  TENANT_ID,
  type TrustedIssuer,
} from './issuerFile.js';
import { type IssuerKeys, issuerKeys } from './issuerKeys.js';
import { issuerNamedBy, verifiedJwt } from './jwt.js';
import { levelFromScopes, SCOPES } from './scopes.js';
import { badToken, type Bearer, type Claims } from './token.js';

export interface Issuers {
  /** Whom an access token of a trusted issuer stands for; undefined for any other issuer's. Refuses with `unauthenticated` and `unavailable`. */
  claimsOf(token: string, now: Date): Promise<Claims | undefined>;
  readonly assertions: readonly AssertionIssuer[];
  /** Whether the file trusts an issuer for a use. */
  trusts(use: CredentialUse, issuer: string): boolean;
  keysOf(issuer: TrustedIssuer): IssuerKeys;
}

/**
 * For so long a token is believed without another look: a key that was withdrawn, a credential that was removed and a
 * role that was configured anew act then. SPEC section 3 bounds a revocation by 5 s.
 */
const BELIEVED_MS = 4000;
const LONGEST_TOKEN = 8192;
const LONGEST_VALUE = 600;

interface Settings {
  readonly trusted: readonly TrustedIssuer[];
  readonly pools: Pools;
  readonly log: Log;
}

/** Asks nobody anything before the first token. */
export function openIssuers({ trusted, pools, log }: Settings): Issuers {
  const keySets = new Map(trusted.map(({ jwksUrl }) => [jwksUrl.href, issuerKeys(jwksUrl, log)]));
  const keysOf = ({ jwksUrl }: TrustedIssuer) => keySets.get(jwksUrl.href) ?? issuerKeys(jwksUrl, log);
  const bearers = new Map(trusted.flatMap((each) => (each.rule === 'assertion' ? [] : [[each.issuer, each] as const])));
  const assertions = trusted.filter((each) => each.rule === 'assertion');
  return {
    keysOf,
    assertions,
    trusts: (use, issuer) =>
      use === 'ACCESS_TOKEN'
        ? bearers.get(issuer)?.integrations !== undefined
        : assertions.some((each) => matchesIssuer(each.issuer, issuer)),
    async claimsOf(token, now) {
      // Nobody is asked, and nothing is taken apart, for what cannot be one.
      if (bearers.size === 0 || token.length > LONGEST_TOKEN) return undefined;
      const issuer = bearers.get(issuerNamedBy(token) ?? '');
      if (!issuer) return undefined;
      const { payload, expiresAt } = await verified(token, issuer, keysOf(issuer), now);
      const bearer = await bearerFromPayload(payload, issuer, pools);
      if (!bearer) throw badToken();
      return { ...bearer, expiresAt: new Date(Math.min(expiresAt.getTime(), now.getTime() + BELIEVED_MS)) };
    },
  };
}

async function verified(token: string, issuer: BearerIssuer, keys: IssuerKeys, now: Date) {
  const { algorithm, types, longestSeconds } = issuer;
  const rule = { algorithm, types, longestSeconds, longestToken: LONGEST_TOKEN, requiredClaims: ['sub'] };
  const jwt = await verifiedJwt(token, keys.find, rule, now);
  if (!jwt || jwt.payload.iss !== issuer.issuer || !isForUs(jwt.payload, issuer)) throw badToken();
  return jwt;
}

/** Each rule by itself: an audience that may be absent would be no audience. */
function isForUs(payload: JWTPayload, { rule, audience }: BearerIssuer): boolean {
  switch (rule) {
    case 'cognito':
      // With a resource binding Cognito names an audience: then it is another's, or a matter for `oidc`.
      return payload.token_use === 'access' && payload.aud === undefined;
    case 'oidc':
      return soleAudience(payload) === audience && !looksLikeIdToken(payload);
  }
}

/** Whether an issuer is the one of the file, where a pattern stands for any Entra tenant's id. */
export function matchesIssuer(pattern: string, issuer: string): boolean {
  const [before, after] = pattern.split(TENANT_ID);
  if (after === undefined) return issuer === pattern;
  const tenant = issuer.slice(before?.length, issuer.length - after.length);
  return isUuid(tenant) && issuer === pattern.replace(TENANT_ID, tenant);
}

/** Whoever else a token is for could show it here. */
export function soleAudience({ aud }: JWTPayload): string | undefined {
  const [first, ...more] = Array.isArray(aud) ? aud : [aud];
  return more.length === 0 ? first : undefined;
}

/** Claims of ID, refresh and logout tokens, for issuers whose `typ` does not tell. */
export const looksLikeIdToken = ({
  nonce,
  at_hash,
  c_hash,
  events,
  token_use = 'access',
  typ = 'Bearer',
}: JWTPayload): boolean =>
  [nonce, at_hash, c_hash, events].some((claim) => claim !== undefined) || token_use !== 'access' || typ !== 'Bearer';

async function bearerFromPayload(payload: JWTPayload, issuer: BearerIssuer, pools: Pools): Promise<Bearer | undefined> {
  const { people, integrations, clientClaim } = issuer;
  const client = textOf(payload, clientClaim);
  if (people && client !== undefined && people.clients.includes(client)) return personFrom(payload, people, pools);
  // A token that a person got through the integration's client has the person as its subject.
  if (!integrations || (issuer.rule === 'cognito' && payload.sub !== client)) return undefined;
  return integrationFrom(payload, issuer.issuer, integrations, pools);
}

async function integrationFrom(
  payload: JWTPayload,
  issuer: string,
  { scopeClaim, scopePrefix }: IntegrationRule,
  pools: Pools,
): Promise<Bearer | undefined> {
  const subject = textOf(payload, 'sub');
  const names = textsOf(payload, scopeClaim).flatMap((text) => text.split(' '));
  const scopes = names.flatMap((name) => SCOPES.filter((scope) => name === scopePrefix + scope));
  // A token without any of our scopes is for another resource of the same issuer.
  if (subject === undefined || scopes.length === 0) return undefined;
  const found = await integrationBySubject(pools, issuer, subject);
  return found && { kind: 'INTEGRATION', ...found, level: levelFromScopes(scopes) };
}

async function personFrom(payload: JWTPayload, rule: PeopleRule, pools: Pools): Promise<Bearer | undefined> {
  const { tenant: slugs, person, roles } = rule;
  const value = textOf(payload, person.claim);
  const slug = typeof slugs === 'string' ? slugs : valuesIn(payload, slugs)[0];
  const role = highest(valuesIn(payload, roles));
  if (value === undefined || slug === undefined || role === undefined) return undefined;
  // An address that the issuer has not verified is whatever its owner wrote.
  if (person.matches === 'email' && payload.email_verified !== true) return undefined;
  const tenant = await findTenant(pools, slug);
  const userId = tenant && (await personByClaim(pools, tenant, person.matches, value));
  return !tenant || userId === undefined ? undefined : { kind: 'PERSON', tenantId: tenant.id, userId, role };
}

const RANKED = ['ADMIN', 'ANALYST', 'FRONTEND'] as const satisfies readonly Role[];
const highest = (roles: readonly Role[]): Role | undefined => RANKED.find((role) => roles.includes(role));

/** What a table says for the values of a claim. */
const valuesIn = <Value>(payload: JWTPayload, { claim, values }: ClaimTable<Value>): readonly Value[] =>
  textsOf(payload, claim).flatMap((text) => values.get(text) ?? []);

/** A claim that is a text; own claims only, so that no inherited name is one. */
function textOf(payload: JWTPayload, claim: string): string | undefined {
  const value: unknown = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_VALUE ? value : undefined;
}

/** A claim that is a text or a list of texts. */
function textsOf(payload: JWTPayload, claim: string): readonly string[] {
  const value: unknown = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
