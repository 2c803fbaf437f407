// The log: one JSON object a line, or a readable line on a terminal. Ids, never names, addresses or values of people:
// what is not listed here is left out, so that nobody logs a value by accident.
import { type LoggerOptions, pino, type Logger } from 'pino';
import { type LogLevel } from '../config.js';
import { errorForLog, withoutValues } from './errorForLog.js';

export type Log = Logger;

/** The only fields a line may have beside time, level and sentence. None is ever made of what people are called. */
const FIELDS = new Set(
  `requestId tenant tenantId actor actorId method route status ms aborted
   incident err reason signal work deleted jwksUrl
   worker pid code clientId counted seconds integrationId kind secretId daysLeft left_out`.split(/\s+/),
);

/** What a pipe takes in one piece, whoever else writes to it (POSIX). */
const PIPE_BYTES = 4096;

/**
 * `stdout` for the service; the command line logs to `stderr`, because its standard output belongs to programs. Every line
 * of a worker has its number.
 */
export function createLog(
  level: LogLevel,
  stream: NodeJS.WriteStream & { readonly fd: 1 | 2 } = process.stdout,
  worker?: number,
): Log {
  const options = { ...logOptions(level), base: worker === undefined ? undefined : { worker } };
  if (stream.isTTY) return pino(options, { write: (line) => void stream.write(readable(line)) });
  // A line is some milliseconds late, and a request does not wait for a write of its own. Lines of several workers must
  // not end up in the middle of each other.
  const shared = worker === undefined ? { minLength: 8192 } : { minLength: PIPE_BYTES / 2, maxWrite: PIPE_BYTES };
  return pino(options, pino.destination({ dest: stream.fd, sync: false, ...shared, periodicFlush: 100 }));
}

/** How pino writes a line here. Names of fields that are not listed are told in `left_out`. */
export const logOptions = (level: LogLevel): LoggerOptions => ({
  level,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { log: listed },
  serializers: { err: errorForLog, reason: (text: unknown) => withoutValues(String(text)) },
  hooks: {
    logMethod([first, second], write) {
      const fields = first instanceof Error ? { err: first } : first;
      // Without a sentence pino would take the error's own; what follows a sentence would be put into it.
      if (typeof fields === 'string') write.call(this, fields);
      else write.call(this, fields, typeof second === 'string' ? second : 'unexpected');
    },
  },
});

/** A log for a library that makes its own sentences, of who knows what. */
export function libraryLog(log: Log, library: string) {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (told: unknown) =>
    log[level](told instanceof Error ? { err: told } : { reason: told }, library);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function listed(fields: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(fields);
  const strange = names.filter((name) => !FIELDS.has(name));
  if (strange.length === 0) return fields;
  const known = names.filter((name) => FIELDS.has(name)).map((name) => [name, fields[name]] as const);
  return { ...Object.fromEntries(known), left_out: strange.map((name) => (/^\w{1,40}$/.test(name) ? name : '?')) };
}

/** `12:00:00 warn  What happened key=value …` */
function readable(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: string; msg?: string };
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [time.slice(11, 19), pino.levels.labels[level]?.padEnd(5), msg ?? '', ...fields].join(' ') + '\n';
}
