// What the database says, as a Refusal: a broken constraint by its name, a lost connection as "try again".
import { Refusal } from '../refusal.js';
import { brakeRefusalFrom, HELD } from './brake/brakeRefusal.js';

const CONSTRAINTS: Readonly<Record<string, Refusal | undefined>> = {
  directory_user_user_name_unique: new Refusal(
    'uniqueness',
    'userName is already in use by another user of this tenant. Match that user, or change one of the two.',
  ),
  directory_user_match_email_unique: new Refusal(
    'uniqueness',
    'The e-mail address is already in use by another user of this tenant. Match that user, or change one of the two.',
  ),
  directory_group_display_name_unique: new Refusal(
    'uniqueness',
    'displayName is already in use by another group of this tenant. Match that group, or rename one of the two.',
  ),
  federated_credential_subject_unique: new Refusal(
    'uniqueness',
    'Access tokens of this issuer and subject stand for an app integration already.',
  ),
};

/** A Refusal where the database's error has a meaning for the caller, else the error itself. */
export function refusalFromDatabase(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Refusal) return error;
  const { code, constraint, detail } = error as { code?: string; constraint?: string; detail?: string };
  const broken = code === '23505' && constraint !== undefined ? CONSTRAINTS[constraint] : undefined;
  if (broken) return broken;
  if (code === HELD && detail !== undefined) return brakeRefusalFrom(detail);
  // Everything that is written refers to its tenant.
  if (code === '23503' && constraint?.endsWith('_tenant_fkey')) {
    return new Refusal('notFound', 'This tenant has been deleted.');
  }
  if (code === '57014') {
    return new Refusal(
      'tooMany',
      'This takes too long to find. Narrow the filter: eq on userName, externalId, emails or employeeNumber is fast.',
    );
  }
  if (code === '55P03') {
    return new Refusal('unavailable', 'Somebody else is changing the same just now. Try again in a few seconds.', {
      'Retry-After': '5',
    });
  }
  // A row of an index has 2704 bytes at most, after compression.
  if (code === '54000') {
    return new Refusal(
      'invalidValue',
      'A value that people or groups are found by is too long: userName, displayName, externalId, employeeNumber, an e-mail address or the manager. 600 characters always fit.',
    );
  }
  if (isGone(error, code)) {
    return new Refusal('unavailable', 'The directory cannot reach its database just now. Try again in a few seconds.', {
      'Retry-After': '5',
    });
  }
  return error;
}

/** Deadlock and serialization failures: the same work, run again, succeeds. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof Error && ['40001', '40P01'].includes((error as { code?: string }).code ?? '');

/** Connection lost, server starting or stopping, too many connections, pool exhausted, disk full. */
function isGone(error: Error, code = ''): boolean {
  return (
    /^(08|57P|53)/.test(code) ||
    /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable|Connection ended/.test(
      error.message,
    )
  );
}
