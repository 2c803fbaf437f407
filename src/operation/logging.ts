// The log: one JSON object a line, or a readable line on a terminal. Ids, never names, addresses or values of people.
import { pino, type Logger } from 'pino';
import { type LogLevel } from '../config.js';

export type Log = Logger;

/** `stdout` for the service; the command line logs to `stderr`, because its standard output belongs to programs. */
export function createLog(level: LogLevel, stream: NodeJS.WriteStream & { readonly fd: 1 | 2 } = process.stdout): Log {
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (stream.isTTY) return pino(options, { write: (line) => void stream.write(readable(line)) });
  // A line is some milliseconds late, and a request does not wait for a write of its own.
  return pino(options, pino.destination({ dest: stream.fd, sync: false, minLength: 8192, periodicFlush: 100 }));
}

/** `12:00:00 warn  What happened key=value …` */
function readable(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: string; msg?: string };
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [time.slice(11, 19), pino.levels.labels[level]?.padEnd(5), msg ?? '', ...fields].join(' ') + '\n';
}
