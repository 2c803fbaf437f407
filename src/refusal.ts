// Every "no" of the service. Rooms refuse with a kind; each face (SCIM, GraphQL, tokens) has one table that says
// how it pronounces the kinds. Anything thrown that is not a Refusal is a bug and becomes an incident.

/** The closed list of reasons to refuse. The first group carries RFC 7644 table 9's own names. */
export type RefusalKind =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'noTarget'
  | 'mutability'
  | 'uniqueness'
  | 'conflict'
  | 'tooMany'
  | 'invalidVers'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'
  | 'notFound'
  | 'versionMismatch'
  | 'unauthenticated'
  | 'forbidden'
  | 'managedByScim'
  | 'methodNotAllowed'
  | 'tooLarge'
  | 'unsupportedMediaType'
  | 'notImplemented'
  | 'rateLimited'
  | 'unavailable'
  | 'heldBack';

/** What a message quotes of a request may be megabytes; this is as much as somebody reads. In UTF-16 units. */
const LONGEST = 1500;

/** A refusal of what was asked. `message` is shown to the caller: it says what to do, and holds nothing internal. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Response headers that belong to this refusal, such as `Allow` or `Retry-After`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message.length > LONGEST ? `${message.slice(0, LONGEST).toWellFormed()}…` : message);
    this.name = 'Refusal';
  }
}
