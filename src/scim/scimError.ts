// How SCIM pronounces a Refusal: RFC 7644 section 3.12 and its table 9.
import { type Context } from 'koa';
import { randomUUID } from 'node:crypto';
import { type Log } from '../operation/logging.js';
import { Refusal, type RefusalKind } from '../refusal.js';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';
const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';

interface Answer {
  readonly status: number;
  readonly scimType?: string;
}

const ANSWERS = {
  invalidFilter: { status: 400, scimType: 'invalidFilter' },
  invalidPath: { status: 400, scimType: 'invalidPath' },
  invalidSyntax: { status: 400, scimType: 'invalidSyntax' },
  invalidValue: { status: 400, scimType: 'invalidValue' },
  noTarget: { status: 400, scimType: 'noTarget' },
  mutability: { status: 400, scimType: 'mutability' },
  tooMany: { status: 400, scimType: 'tooMany' },
  invalidVers: { status: 400, scimType: 'invalidVers' },
  invalidCursor: { status: 400, scimType: 'invalidCursor' },
  expiredCursor: { status: 400, scimType: 'expiredCursor' },
  invalidCount: { status: 400, scimType: 'invalidCount' },
  uniqueness: { status: 409, scimType: 'uniqueness' },
  notFound: { status: 404 },
  versionMismatch: { status: 412 },
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  managedByScim: { status: 403 },
  methodNotAllowed: { status: 405 },
  tooLarge: { status: 413 },
  unsupportedMediaType: { status: 415 },
  notImplemented: { status: 501 },
  unavailable: { status: 503 },
} as const satisfies Record<RefusalKind, Answer>;

/** The status and, where table 9 has one, the scimType of a refusal. */
export const answerTo = (kind: RefusalKind): Answer => ANSWERS[kind];

/** Answers with an error in SCIM's form. What is not a Refusal is a bug: 500 with an incident id, nothing internal. */
export function answerWithError(ctx: Context, error: unknown, log: Log): void {
  if (!(error instanceof Refusal)) {
    const incident = randomUUID();
    log.error({ err: error, incident, requestId: (ctx.state as { requestId?: string }).requestId }, 'incident');
    return answer(ctx, { status: 500 }, `Something went wrong on our side. Please report incident ${incident}.`);
  }
  if (error.kind === 'unauthenticated' && !('WWW-Authenticate' in error.headers)) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.set(error.headers);
  answer(ctx, answerTo(error.kind), detailOf(error));
}

/** What the parsers say begins in the middle: `expected an operator at column 10`. Of what, an administrator must know. */
const OPENINGS: Partial<Record<RefusalKind, string>> = {
  invalidFilter: 'The filter cannot be used: ',
  invalidPath: 'The path cannot be used: ',
};

/** What the caller reads of a refusal. */
export const detailOf = ({ kind, message }: Refusal): string => `${OPENINGS[kind] ?? ''}${message}`;

function answer(ctx: Context, { status, scimType }: Answer, detail: string): void {
  ctx.status = status;
  ctx.set('Content-Type', SCIM_JSON);
  // `status` is text: RFC 7644 section 3.12.
  ctx.body = JSON.stringify({
    schemas: [ERROR_URN],
    status: String(status),
    ...(scimType ? { scimType } : {}),
    detail,
  });
}
