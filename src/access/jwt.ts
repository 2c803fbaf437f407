// What every JWT must be before its claims are believed, whoever has issued it. jose checks only what it is told to
// check, so everything is told here, once. Keys named in a header (`jwk`, `jku`, `x5u`, `x5c`) are never looked at.
import { decodeJwt, errors, jwtVerify, type JWTHeaderParameters, type JWTPayload, type JWTVerifyGetKey } from 'jose';

const CLOCK_TOLERANCE_SECONDS = 5;

export interface JwtRule {
  /** The one algorithm of the issuer's keys: never a list, or a token would choose. */
  readonly algorithm: string;
  /** What `typ` may be, in lower case; undefined: it may be absent. */
  readonly types: readonly (string | undefined)[];
  readonly requiredClaims: readonly string[];
  /** How long a token may live from `iat` to `exp`, and how old it may be. */
  readonly longestSeconds: number;
  /** In characters. */
  readonly longestToken: number;
}

export interface VerifiedJwt {
  readonly header: JWTHeaderParameters;
  readonly payload: JWTPayload;
  readonly expiresAt: Date;
}

/** A token whose signature, type and times are right at `now`; undefined for any other. Rethrows what `key` refuses with. */
export async function verifiedJwt(
  token: string,
  key: JWTVerifyGetKey,
  { algorithm, types, requiredClaims, longestSeconds, longestToken }: JwtRule,
  now: Date,
): Promise<VerifiedJwt | undefined> {
  if (token.length > longestToken || !isCanonical(token)) return undefined;
  try {
    const { payload, protectedHeader: header } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      requiredClaims: [...requiredClaims, 'iss', 'exp', 'iat'],
      maxTokenAge: longestSeconds,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    const { exp = Infinity, iat = 0 } = payload;
    if (!types.includes(typeOf(header)) || exp - iat > longestSeconds) return undefined;
    return { header, payload, expiresAt: new Date(exp * 1000) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** The issuer a token names, before anything of it is believed; undefined when it names none. */
export function issuerNamedBy(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** RFC 7515 section 4.1.9: in any case, `application/` may be left out. What is not a text is no type of anybody's. */
function typeOf({ typ }: { readonly typ?: unknown }): string | undefined {
  if (typ === undefined) return undefined;
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '?';
}

/** RFC 7515 section 2: base64url without padding, and one spelling only of the same signature. */
function isCanonical(token: string): boolean {
  const [, signature] = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(token) ?? [];
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
