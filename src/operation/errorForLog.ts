// An error as the log may have it. Drivers, parsers and validators put the values they stumbled over into their errors:
// PostgreSQL into `detail`, GraphQL the whole query into `source`, JSON.parse the text into its message.

export interface LoggedError {
  readonly type: string;
  readonly message: string;
  /** Names of the database's and the system's own, and where in the code it happened. */
  readonly [name: string]: unknown;
}

/** What PostgreSQL and Node name things by, never values. */
const NAMES = ['code', 'severity', 'schema', 'table', 'column', 'dataType', 'constraint', 'routine', 'syscall'];
const DEEPEST_CAUSE = 3;
const LONGEST = 300;

/** Type, message without values, names, places in the code, and the same of its cause. */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '' };
  const properties = error as unknown as Readonly<Record<string, unknown>>;
  const names = NAMES.flatMap((name) => {
    const value = properties[name];
    return typeof value === 'string' && /^[\w$.-]{1,80}$/.test(value) ? [[name, value] as const] : [];
  });
  const within = [error.cause, properties.originalError, properties.previous].find((one) => one instanceof Error);
  const all = error instanceof AggregateError ? error.errors.slice(0, 5) : [];
  const deeper = depth < DEEPEST_CAUSE;
  return {
    type: error.constructor.name,
    message: withoutValues(error.message),
    ...Object.fromEntries(names),
    ...(error.stack ? { stack: placesIn(error.stack) } : {}),
    ...(within && deeper ? { cause: errorForLog(within, depth + 1) } : {}),
    ...(all.length > 0 && deeper ? { errors: all.map((one) => errorForLog(one, depth + 1)) } : {}),
  };
}

/** The first line, without what stands between its first and its last quotation mark, and without e-mail addresses. */
export const withoutValues = (text: string): string =>
  (/^[^\r\n]*/.exec(text.slice(0, 100_000))?.[0] ?? '')
    .replace(/["'`“‘](?:.*["'`”’]|.*$)/u, '…')
    .replace(/\S*@\S*/g, '…')
    .slice(0, LONGEST)
    .toWellFormed();

/** The lines of a stack that are places: its first ones repeat the message. */
const placesIn = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .slice(0, 20)
    .join('\n');
