// How GraphQL pronounces a "no": `extensions.code` from a closed list, always with the request's id. Anything that is
// not a Refusal or a mistake in the query is a bug: INTERNAL with an incident id, nothing internal.
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { refusalFromDatabase } from '../directory/constraints.js';
import { type Log } from '../operation/logging.js';
import { Refusal, type RefusalKind } from '../refusal.js';

interface Answer {
  /** Used where the whole request is refused; a refused field leaves the status at 200. */
  readonly status: number;
  readonly code: string;
}

const ANSWERS = {
  invalidFilter: { status: 400, code: 'BAD_USER_INPUT' },
  invalidPath: { status: 400, code: 'BAD_USER_INPUT' },
  invalidSyntax: { status: 400, code: 'BAD_REQUEST' },
  invalidValue: { status: 400, code: 'BAD_USER_INPUT' },
  noTarget: { status: 400, code: 'BAD_USER_INPUT' },
  mutability: { status: 400, code: 'BAD_USER_INPUT' },
  invalidCount: { status: 400, code: 'BAD_USER_INPUT' },
  invalidCursor: { status: 400, code: 'CURSOR_INVALID' },
  expiredCursor: { status: 400, code: 'CURSOR_EXPIRED' },
  tooMany: { status: 400, code: 'TIMEOUT' },
  invalidVers: { status: 400, code: 'BAD_REQUEST' },
  uniqueness: { status: 409, code: 'CONFLICT' },
  conflict: { status: 409, code: 'CONFLICT' },
  notFound: { status: 404, code: 'NOT_FOUND' },
  versionMismatch: { status: 412, code: 'CONFLICT' },
  unauthenticated: { status: 401, code: 'UNAUTHENTICATED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  managedByScim: { status: 403, code: 'MANAGED_BY_SCIM' },
  methodNotAllowed: { status: 405, code: 'BAD_REQUEST' },
  tooLarge: { status: 413, code: 'TOO_LARGE' },
  unsupportedMediaType: { status: 415, code: 'BAD_REQUEST' },
  notImplemented: { status: 501, code: 'NOT_IMPLEMENTED' },
  rateLimited: { status: 429, code: 'RATE_LIMITED' },
  unavailable: { status: 503, code: 'UNAVAILABLE' },
  // Only provisioning is held back.
  heldBack: { status: 503, code: 'UNAVAILABLE' },
} as const satisfies Record<RefusalKind, Answer>;

/** What graphql-js, Apollo and limits.ts say about the query itself; their messages are the caller's. */
const ABOUT_THE_QUERY = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'DEPTH_EXCEEDED',
  'COST_EXCEEDED',
  'RATE_LIMITED',
]);

export interface Asked {
  readonly requestId: string;
  readonly log: Log;
}

/** Which request an error belongs to: Apollo formats errors without telling. */
export const asked = new AsyncLocalStorage<Asked>();

/** Apollo's `formatError`. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const store = asked.getStore();
  if (!store) throw new Error('An error was formatted outside a request');
  const { message, extensions } = pronounce(error, store);
  const { locations, path } = formatted;
  return { message, ...(locations ? { locations } : {}), ...(path ? { path } : {}), extensions };
}

/** The message and extensions of an error; `status` is that of a request refused as a whole. */
export function pronounce(error: unknown, { requestId, log }: Asked) {
  const cause = refusalFromDatabase(unwrapResolverError(error));
  if (cause instanceof Refusal) {
    const { status, code } = ANSWERS[cause.kind];
    return { status, headers: cause.headers, message: cause.message, extensions: { code, requestId } };
  }
  if (cause instanceof GraphQLError && ABOUT_THE_QUERY.has(codeOf(cause))) {
    return { status: 400, headers: {}, message: cause.message, extensions: { code: codeOf(cause), requestId } };
  }
  const incident = randomUUID();
  log.error({ err: cause, incident, requestId }, 'incident');
  const message = `Something went wrong on our side. Please report incident ${incident}.`;
  return { status: 500, headers: {}, message, extensions: { code: 'INTERNAL', requestId, incident } };
}

function codeOf({ message, extensions }: GraphQLError): string {
  // graphql-js has no code for its limit of tokens,
  if (/tokens\. Parsing aborted/.test(message)) return 'COST_EXCEEDED';
  // nor for an operation of a kind that the schema does not have.
  if (/^Schema is not configured to execute/.test(message)) return 'BAD_REQUEST';
  return typeof extensions.code === 'string' ? extensions.code : '';
}
