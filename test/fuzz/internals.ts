// Text that no caller may see: stacks, SQL, file paths, names of the insides.
import { type FuzzRequest } from './fuzzRequest.js';

const INTERNALS: Readonly<Record<string, RegExp>> = {
  'a stack trace': /\bat [\w.<>$ ]+ \(?[^ )]*:\d+:\d+\)?|\bnode:internal\b/,
  'a file path': /\bnode_modules\b|\/(home|root|usr|var|tmp|opt|work|app)\/\w|\bfile:\/\/|\b[\w-]+\.[cm]?[jt]s:\d+/,
  SQL: /\b(select|insert into|update|delete from)\b[^"]*\b(from|values|set|where|returning)\b|\bsyntax error at or near\b|\brelation "|\bviolates \w+|\bduplicate key\b|\binput syntax\b|\bpg_\w+|\$\d+::|\bout of range for type\b/i,
  "a library's error":
    /\b(TypeError|RangeError|SyntaxError|ReferenceError|AggregateError|ERR_[A-Z_]+|HPE_\w+|ECONN\w+)\b|\bis not a function\b|Cannot (read|convert|set) |Maximum call stack/,
  'a value that is none': /\bundefined\b|\[object \w+\]|\bNaN\b/,
};

/** What kinds of it are in a text. What the request itself said is not counted: an error may quote it. */
export function internalsIn(text: string, { target, body, headers }: FuzzRequest): string[] {
  const sent = () => [target, decoded(target), body?.toString() ?? '', ...headers.map(([, value]) => value)].join('\n');
  return Object.entries(INTERNALS).flatMap(([name, pattern]) => {
    const [found] = pattern.exec(text) ?? [];
    return found === undefined || sent().includes(found) ? [] : [`the answer shows ${name}: ${found.slice(0, 80)}`];
  });
}

const decoded = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(/(%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
