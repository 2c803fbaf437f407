// Client authentication by an assertion (RFC 7521 section 4.2, RFC 7523 section 2.2): a token of a trusted issuer stands
// in for the client secret. Microsoft calls it workload identity federation. Which issuer, subject and audience stand for
// an app integration is in our own rows.
import { createHash } from 'node:crypto';
import { type JWTPayload } from 'jose';
import { type Client, integrationByClientId } from '../directory/integration/client.js';
import { assertionAudiences, useAssertion } from '../directory/integration/federatedCredentials.js';
import { type Pools, requestContext } from '../directory/scope.js';
import { type AssertionIssuer } from './issuerFile.js';
import { type Issuers, looksLikeIdToken, matchesIssuer, soleAudience } from './issuers.js';
import { issuerNamedBy, verifiedJwt } from './jwt.js';

interface Settings {
  readonly db: Pools;
  readonly issuers: Issuers;
  readonly clock: () => Date;
}

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST_ASSERTION = 8192;
/** Longer than the tolerance for clocks: an assertion is not forgotten while it would be accepted. */
const FORGET_AFTER_MS = 60_000;

/** Whether a token request means to authenticate by an assertion. */
export const hasAssertion = (form: ReadonlyMap<string, string>): boolean =>
  form.has('client_assertion') || form.has('client_assertion_type');

/**
 * The client of an assertion; undefined whatever is wrong, also a secret or an Authorization header beside it (RFC 6749
 * section 2.3: one way only). Refuses with `unavailable` while the issuer's keys cannot be read.
 */
export async function clientByAssertion(
  clientId: string,
  form: ReadonlyMap<string, string>,
  authorization: string | undefined,
  settings: Settings,
): Promise<Client | undefined> {
  const oneWay = authorization === undefined && !form.has('client_secret');
  const rightType = form.get('client_assertion_type') === JWT_BEARER;
  return oneWay && rightType ? clientWith(clientId, form.get('client_assertion') ?? '', settings) : undefined;
}

/** Nothing is asked of the database before the signature is right: whoever cannot sign learns nothing by the time. */
async function clientWith(clientId: string, assertion: string, settings: Settings): Promise<Client | undefined> {
  const { db, issuers, clock } = settings;
  const now = clock();
  const verified = await verifiedAssertion(assertion, issuers, now);
  if (!verified) return undefined;
  const { issuer, payload, expiresAt } = verified;
  const [client, audiences] = await Promise.all([
    integrationByClientId(db, clientId),
    assertionAudiences(db, clientId, payload.iss ?? '', payload.sub ?? ''),
  ]);
  const key = keyOf(payload, assertion);
  if (!client?.enabled || !audiences.includes(soleAudience(payload) ?? '') || key === undefined) return undefined;
  const until = new Date(expiresAt.getTime() + FORGET_AFTER_MS);
  const uses = await useAssertion(db, client, { key, expiresAt: until }, { ...requestContext(), now });
  return uses <= issuer.uses ? client : undefined;
}

async function verifiedAssertion(assertion: string, issuers: Issuers, now: Date) {
  const named = assertion.length > LONGEST_ASSERTION ? undefined : issuerNamedBy(assertion);
  const issuer = issuers.assertions.find((each) => named !== undefined && matchesIssuer(each.issuer, named));
  if (!issuer) return undefined;
  const keys = issuers.keysOf(issuer);
  const jwt = await verifiedJwt(assertion, keys.find, ruleOf(issuer), now);
  if (!jwt || typeof jwt.payload.sub !== 'string' || jwt.payload.sub === '' || looksLikeIdToken(jwt.payload)) {
    return undefined;
  }
  // Microsoft's keys of all tenants say whose tokens each may sign.
  const owner = keys.ownerOf(jwt.header.kid);
  if (owner !== undefined && !matchesIssuer(owner, named ?? '')) return undefined;
  return { ...jwt, issuer };
}

const ruleOf = ({ algorithm, longestSeconds }: AssertionIssuer) => ({
  algorithm,
  longestSeconds,
  longestToken: LONGEST_ASSERTION,
  types: [undefined, 'jwt', 'client-authentication+jwt'],
  requiredClaims: ['sub', 'aud'],
});

/** One for every assertion: by its id (Entra's is `uti`), else by what was signed; not by the signature, which can be rewritten. */
function keyOf({ iss = '', jti, uti }: JWTPayload, assertion: string): string | undefined {
  const given: unknown = jti ?? uti;
  if (given !== undefined && (typeof given !== 'string' || given === '')) return undefined;
  const id = given ?? assertion.slice(0, assertion.lastIndexOf('.'));
  return createHash('sha256')
    .update(JSON.stringify([iss, id]))
    .digest('hex');
}
