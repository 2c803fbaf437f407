// Mutations of a body's bytes: what is left of JSON when encoders, proxies and networks are at fault.
import { mangledText, type Mutation } from './mutation.js';
import { type Random } from './random.js';

const BAD_UTF8 = ['80', 'c3', 'c0af', 'eda080', 'f5808080', 'fffe', 'e28282', 'f0908d'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

export const BYTE_MUTATIONS: readonly Mutation[] = [
  onBytes('bad UTF-8', (body, random) => spliced(body, random.below(body.length + 1), random.pick(BAD_UTF8))),
  onText('an escaped surrogate or NUL', (text, random) =>
    text.replace(
      nthQuote(text, random),
      `$&${random.pick(['\\ud800', '\\udfff', '\\u0000', '\\uD83D\\u0041', '\\u00', '\\x41'])}`,
    ),
  ),
  onBytes('raw NUL', (body, random) => spliced(body, random.below(body.length + 1), Buffer.from([0]))),
  onBytes('a byte order mark', (body, random) =>
    Buffer.concat([Buffer.from(random.pick(['efbbbf', 'feff', 'fffe', 'efbbbfefbbbf']), 'hex'), body]),
  ),
  onText('UTF-16', (text, random) =>
    random.once(2) ? Buffer.from(text, 'utf16le') : Buffer.from(text, 'utf16le').swap16(),
  ),
  onBytes('truncated', (body, random) => body.subarray(0, random.below(body.length))),
  onText(
    'something after the end',
    (text, random) => text + random.pick(['x', ',', '}', ']', text, '\n{}', '\u0000', ' '.repeat(5000)]),
  ),
  onText('a comment', (text, random) =>
    text.replace(nthQuote(text, random), random.pick(['/* */$&', '// x\n$&', '#\n$&', '<!-- -->$&'])),
  ),
  onText('single quotes', (text) => text.replaceAll('"', "'")),
  onText('a trailing comma', (text) => text.replace(/[}\]]/, ',$&')),
  onText('a key twice', twice),
  onBytes('a flipped byte', (body, random) => {
    const copy = Buffer.from(body);
    const at = random.below(copy.length);
    copy[at] = random.below(256);
    return copy;
  }),
  onText('mangled', mangledText),
  onText('something else', (_, random) =>
    random.pick([
      '',
      ' ',
      'null',
      'true',
      '0',
      '""',
      '[]',
      '{}',
      '[{}]',
      '"{}"',
      '<xml/>',
      'a=b&c=d',
      '%7B%7D',
      '[',
      '{"',
    ]),
  ),
  { name: 'no body', apply: ({ body, ...request }) => (body ? request : undefined) },
  {
    name: 'a body where none belongs',
    apply: (request, random) =>
      request.body ? undefined : { ...request, body: Buffer.from(random.pick(['{}', 'x', '[', '{"schemas":[]}'])) },
  },
];

/** A key of the raw text again, with another value, before or after itself: parsers differ in whom they believe. */
function twice(text: string, random: Random): string {
  // A text of nothing but quotes would be searched from each of them to its end.
  const keys = text.length > 20_000 ? [] : [...text.matchAll(/"((?:[^"\\]|\\.)*)":/g)];
  if (keys.length === 0) return text;
  const { 0: key, index } = random.pick(keys);
  const value = random.pick(['null', '"twice"', 'true', '[]', '{}', '[{"value":"twice"}]']);
  return `${text.slice(0, index)}${key}${value},${text.slice(index)}`;
}

function nthQuote(text: string, random: Random): RegExp {
  const quotes = text.split('"').length - 1;
  return quotes === 0 ? /$/ : new RegExp(`(?<=^(?:[^"]*"){${random.below(Math.min(quotes, 200))}}[^"]*)"`);
}

const spliced = (body: Buffer, at: number, piece: Buffer): Buffer =>
  Buffer.concat([body.subarray(0, at), piece, body.subarray(at)]);

function onBytes(name: string, change: (body: Buffer, random: Random) => Buffer): Mutation {
  return {
    name,
    apply: (request, random) =>
      request.body && request.body.length > 0 ? { ...request, body: change(request.body, random) } : undefined,
  };
}

function onText(name: string, change: (text: string, random: Random) => string | Buffer): Mutation {
  return onBytes(name, (body, random) => {
    // Regular expressions over megabytes would hold the client, not the server.
    if (body.length > 200_000) return body;
    const changed = change(body.toString(), random);
    return typeof changed === 'string' ? Buffer.from(changed) : changed;
  });
}
