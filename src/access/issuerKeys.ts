// The public keys of an external issuer: jose's remote key set, within limits that hold while the issuer fails, too. No
// token can make this service ask more often than every half minute, nor anywhere but at the configured address.
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { type Log } from '../operation/logging.js';
import { Refusal } from '../refusal.js';

export interface IssuerKeys {
  /** Finds the key of a header. Refuses with `unavailable` while no key has ever been read, or none for too long. */
  readonly find: JWTVerifyGetKey;
  /** The issuer that a key says it is of: Microsoft's do, since one key set serves all tenants. */
  ownerOf(kid: string | undefined): string | undefined;
}

export interface KeyLimits {
  /** Between two requests to the issuer, failed ones too. */
  readonly attemptEveryMs: number;
  /** After this a key set is read again, beside the requests. */
  readonly reloadAfterMs: number;
  /** How long the last good key set serves while the issuer cannot be reached. */
  readonly keepMs: number;
  readonly timeoutMs: number;
  readonly largestBytes: number;
}

const LIMITS: KeyLimits = {
  attemptEveryMs: 30_000,
  reloadAfterMs: 10 * 60_000,
  keepMs: 24 * 60 * 60_000,
  timeoutMs: 5000,
  largestBytes: 256 * 1024,
};

/** Cognito's are base64 with all its signs. */
const KID = /^[\w.~+/=-]{1,128}$/;

/** Nothing is asked for until the first token. */
export function issuerKeys(url: URL, log: Log, limits: Partial<KeyLimits> = {}): IssuerKeys {
  const { attemptEveryMs, reloadAfterMs, keepMs, timeoutMs, largestBytes } = { ...LIMITS, ...limits };
  const last = { attemptAt: -Infinity, failed: false };
  const since = () => performance.now() - last.attemptAt;
  const set = createRemoteJWKSet(url, {
    timeoutDuration: timeoutMs,
    cooldownDuration: attemptEveryMs,
    cacheMaxAge: keepMs,
    // jose rests after a good answer only; an issuer that fails must be left in peace as well.
    [customFetch]: (href, options) => {
      if (since() < attemptEveryMs) throw new AskedLately();
      Object.assign(last, { attemptAt: performance.now(), failed: false });
      return keySetFrom(href, options, largestBytes);
    },
  });
  const noteFailure = (error: unknown) => {
    if (error instanceof AskedLately) return;
    last.failed = true;
    log.warn({ jwksUrl: url.href, reason: reasonOf(error) }, 'The keys of an issuer could not be read');
  };
  const reloadWhenDue = () => {
    if (!set.fresh || since() < (last.failed ? attemptEveryMs : reloadAfterMs)) return;
    // Nobody waits for it: the last good set goes on.
    set.reload().catch(noteFailure);
  };
  return {
    ownerOf: (kid) => ownerOf(set.jwks()?.keys.find((key) => key.kid === kid)),
    async find(header, token) {
      if (typeof header.kid !== 'string' || !KID.test(header.kid)) throw new errors.JWKSNoMatchingKey();
      reloadWhenDue();
      try {
        return await set(header, token);
      } catch (error) {
        if (isAboutTheToken(error)) throw error;
        noteFailure(error);
        if (set.fresh) throw new errors.JWKSNoMatchingKey();
        throw keysUnavailable();
      }
    },
  };
}

/** Not a member that RFC 7517 knows. */
function ownerOf(key: object = {}): string | undefined {
  const { issuer } = key as { readonly issuer?: unknown };
  return typeof issuer === 'string' ? issuer : undefined;
}

class AskedLately extends Error {}

const isAboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/** Reads a bounded body. Redirects are errors: jose asks with `redirect: manual`. */
async function keySetFrom(href: string, options: RequestInit, largestBytes: number): Promise<Response> {
  const response = await fetch(href, options);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The answer was ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > largestBytes) throw new Error(`The answer is longer than ${largestBytes} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? [error.message, error.cause].filter(Boolean).join(': ') : String(error);

const keysUnavailable = (): Refusal =>
  new Refusal('unavailable', "The keys of this token's issuer cannot be read just now. Try again in a minute.", {
    'Retry-After': '30',
  });
