// How SCIM pronounces a Refusal: RFC 7644 section 3.12 and its table 9.
import { type Context } from 'koa';
import { randomUUID } from 'node:crypto';
import { type Log } from '../operation/logging.js';
import { Refusal, type RefusalKind } from '../refusal.js';
import { SCIM_JSON, scimErrorBody, type ScimErrorBody } from '../scimErrorBody.js';

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
  conflict: { status: 409 },
  notFound: { status: 404 },
  versionMismatch: { status: 412 },
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  managedByScim: { status: 403 },
  methodNotAllowed: { status: 405 },
  tooLarge: { status: 413 },
  unsupportedMediaType: { status: 415 },
  notImplemented: { status: 501 },
  rateLimited: { status: 429 },
  unavailable: { status: 503 },
  heldBack: { status: 503 },
} as const satisfies Record<RefusalKind, Answer>;

/** The status and, where table 9 has one, the scimType of a refusal. */
export const answerTo = (kind: RefusalKind): Answer => ANSWERS[kind];

/** What the parsers say begins in the middle: `expected an operator at column 10`. Of what, an administrator must know. */
const OPENINGS: Partial<Record<RefusalKind, string>> = {
  invalidFilter: 'The filter cannot be used: ',
  invalidPath: 'The path cannot be used: ',
};

/** What the caller reads of a refusal. */
export const detailOf = ({ kind, message }: Refusal): string => `${OPENINGS[kind] ?? ''}${message}`;

/** Answers with an error in SCIM's form. */
export function answerWithError(ctx: Context, error: unknown, log: Log): void {
  const body = errorBody(error, log, (ctx.state as { requestId?: string }).requestId);
  if (error instanceof Refusal) {
    const { kind, headers } = error;
    if (kind === 'unauthenticated' && !('WWW-Authenticate' in headers)) ctx.set('WWW-Authenticate', 'Bearer');
    ctx.set(headers);
  }
  ctx.status = Number(body.status);
  ctx.set('Content-Type', SCIM_JSON);
  ctx.body = JSON.stringify(body);
}

/** What an error says. What is not a Refusal is a bug: 500 with an incident id, nothing internal. */
export function errorBody(error: unknown, log: Log, requestId: string | undefined): ScimErrorBody {
  if (error instanceof Refusal) return bodyOf(answerTo(error.kind), detailOf(error));
  const incident = randomUUID();
  log.error({ err: error, incident, requestId }, 'incident');
  return bodyOf({ status: 500 }, `Something went wrong on our side. Please report incident ${incident}.`);
}

const bodyOf = ({ status, scimType }: Answer, detail: string): ScimErrorBody => scimErrorBody(status, detail, scimType);
