// Errors of the token endpoint: RFC 6749 section 5.2.

export type OAuthErrorCode =
  'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type' | 'temporarily_unavailable';

/** A refusal of the token endpoint. `message` becomes `error_description`. */
export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    message: string,
    readonly status: number = 400,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'OAuthError';
  }
}

const NO_FIT =
  'Client ID and Client Secret do not fit, or are not valid any more. Copy both again, without spaces before or after.';

/** One and the same for unknown, disabled and revoked clients, wrong and expired secrets: it helps nobody to guess. */
export const invalidClient = (): OAuthError =>
  new OAuthError('invalid_client', NO_FIT, 401, {
    'WWW-Authenticate': 'Basic realm="SpeakUp Directory", charset="UTF-8"',
  });

/** In place of `invalidClient`, whichever it would be about; `seconds` until a failure is answered with 401 again. */
export const tooManyFailures = (seconds: number): OAuthError =>
  new OAuthError(
    'invalid_client',
    `Client ID and Client Secret do not fit, or are not valid any more, and too many requests have failed like this. Copy both again, without spaces before or after: the right ones work at once. Do not repeat wrong ones before ${seconds} seconds have passed.`,
    429,
    { 'Retry-After': String(seconds) },
  );
