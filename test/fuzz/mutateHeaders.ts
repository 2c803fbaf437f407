// Mutations around the body: method, headers, and how the body is framed.
import { type FuzzRequest, type Header, headerOf, withHeader } from './fuzzRequest.js';
import { longText, mangledText, STRANGE_TEXTS, type Mutation } from './mutation.js';
import { type Random } from './random.js';

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'SEARCH',
  'PURGE',
  'LINK',
  'M-SEARCH',
];
const BROKEN_METHODS = [
  'get',
  'Post',
  'patch',
  'FOO',
  '',
  'GET ',
  'G\u0000T',
  '__proto__',
  'CONNECT',
  'X'.repeat(5000),
];
const MEDIA_TYPES = [
  'application/json',
  'application/scim+json',
  'APPLICATION/JSON',
  'application/scim+json; charset=utf-16',
  'application/json;charset="',
  'text/plain',
  'application/xml',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'application/',
  '/',
  '',
  'application/json, text/html',
  'application/scim+json;'.repeat(100),
  'application/graphql',
];
const VERSIONS = [
  '*',
  'W/"1"',
  'W/"2"',
  '"1"',
  'W/1',
  '""',
  'W/""',
  '"',
  ',,,',
  'W/"1", W/"2"',
  'W/"-1"',
  'W/"99999999999999999999"',
  `W/"${'9'.repeat(3000)}"`,
  'null',
];
const AUTHORIZATIONS = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer x',
  'Bearer a.b.c',
  'Basic',
  'Basic !!!',
  'Basic eDp5',
  `Bearer ${'a'.repeat(9000)}`,
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'Digest x',
  '\u00ff',
];

export const HEADER_MUTATIONS: readonly Mutation[] = [
  { name: 'another method', apply: (request, random) => ({ ...request, method: random.pick(METHODS) }) },
  { name: 'a broken method', apply: (request, random) => ({ ...request, method: random.pick(BROKEN_METHODS) }) },
  header('Content-Type', MEDIA_TYPES),
  header('Accept', ['', '*/*', 'text/html', 'application/json;q=0', 'x', ';;;', 'application/scim+json, '.repeat(200)]),
  header('If-Match', VERSIONS),
  header('If-None-Match', VERSIONS),
  header('X-Request-Id', [
    '',
    'x',
    'a b',
    '<script>',
    '\u00e9',
    'x'.repeat(128),
    'x'.repeat(129),
    '${x}',
    'a:b/c=d+e',
    '../..',
  ]),
  header('Content-Encoding', ['gzip', 'deflate', 'br', 'identity', 'IDENTITY', 'x', '', 'gzip, identity']),
  header('Authorization', AUTHORIZATIONS),
  header('Host', ['', 'x', '127.0.0.1:1', '[::1]', 'a'.repeat(300), '%00', 'x/y', '..']),
  header('Expect', ['100-continue', '200-ok', '', 'x']),
  header('Range', ['bytes=0-1', 'bytes=-1', 'items=0-9']),
  header('X-HTTP-Method-Override', ['DELETE', 'PATCH', 'x']),
  header('Cookie', ['__proto__=1', 'a=b; '.repeat(500)]),
  header('X-Forwarded-For', ['127.0.0.1', '', 'x, y']),
  header('Forwarded', ['for=127.0.0.1;host=evil.example']),
  { name: 'no Authorization', apply: (request) => without(request, 'authorization') },
  { name: 'no Content-Type', apply: (request) => without(request, 'content-type') },
  {
    name: 'Authorization twice',
    apply: (request) => ({
      ...request,
      headers: [...request.headers, ['Authorization', headerOf(request, 'Authorization') ?? 'x']],
    }),
  },
  {
    name: 'a mangled token',
    apply: (request, random) =>
      withHeader(
        request,
        'Authorization',
        oneLine(mangledText(headerOf(request, 'Authorization') ?? 'Bearer', random)),
      ),
  },
  {
    name: 'many headers',
    apply: (request, random) =>
      more(
        request,
        Array.from({ length: random.pick([50, 500, 1999, 3000]) }, (_, n): Header => [`X-${n}`, 'x']),
      ),
  },
  { name: 'a long header', apply: (request, random) => more(request, [['X-Long', longText(random).slice(0, 65_536)]]) },
  {
    name: 'an odd header',
    apply: (request, random) =>
      more(request, [
        random.pick<Header>([
          ['__proto__', 'x'],
          ['constructor', 'x'],
          ['X y', 'z'],
          ['', 'x'],
          ['X', 'a\u0000b'],
          ['X', 'a\rb'],
          [' folded', 'x'],
          ['X', oneLine(random.pick(STRANGE_TEXTS))],
        ]),
      ]),
  },
  { name: 'chunks', apply: chunked('0\r\n\r\n') },
  {
    name: 'broken chunks',
    apply: (request, random) =>
      chunked(
        random.pick([
          '',
          '0\r\n',
          '0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
          'zz\r\n\r\n',
          '0;x=y\r\nTrailer: x\r\n\r\n',
          'FFFFFFFFFFFFFFFFF\r\nx',
          '-1\r\n\r\n',
        ]),
      )(request, random),
  },
  {
    name: 'a length that is not true',
    apply: framed(({ body }, random) => [['Content-Length', String(lengthNear(body?.length ?? 0, random))]]),
  },
  {
    name: 'contradicting framing',
    apply: framed(({ body }, random) => {
      const length: Header = ['Content-Length', String(body?.length ?? 0)];
      return random.pick<readonly Header[]>([
        [length, length],
        [length, ['Content-Length', '1']],
        [length, ['Transfer-Encoding', 'chunked']],
        [['Transfer-Encoding', 'gzip']],
        [['Transfer-Encoding', 'identity'], length],
        [['Transfer-Encoding', 'chunked, chunked']],
        [['Content-Length ', '5']],
      ]);
    }),
  },
  {
    name: 'an upgrade',
    apply: (request, random) =>
      more(
        request,
        random.pick([
          [
            ['Connection', 'Upgrade'],
            ['Upgrade', 'websocket'],
          ],
          [
            ['Connection', 'Upgrade, HTTP2-Settings'],
            ['Upgrade', 'h2c'],
            ['HTTP2-Settings', 'x'],
          ],
          [['Connection', 'close']],
        ] as const),
      ),
  },
];

const lengthNear = (length: number, random: Random): string | number =>
  random.pick([
    0,
    length + 1,
    length - 1,
    length + 100_000,
    4 * 1024 * 1024 + 1,
    -1,
    '1e3',
    '0x10',
    '',
    '99999999999999999999',
    `+${length}`,
  ]);

function header(name: string, values: readonly string[]): Mutation {
  return { name: `${name} changed`, apply: (request, random) => withHeader(request, name, random.pick(values)) };
}

const without = (request: FuzzRequest, name: string): FuzzRequest | undefined =>
  headerOf(request, name) === undefined
    ? undefined
    : { ...request, headers: request.headers.filter(([given]) => given.toLowerCase() !== name) };

const more = (request: FuzzRequest, headers: readonly Header[]): FuzzRequest => ({
  ...request,
  headers: [...request.headers, ...headers],
});

function chunked(end: string) {
  return (request: FuzzRequest, random: Random): FuzzRequest | undefined => {
    if (!request.body) return undefined;
    const sizes = Array.from({ length: random.below(60) }, () => random.pick([1, 1, 2, 3, 7, 100]));
    return { ...request, framing: { kind: 'chunked', sizes, end } };
  };
}

function framed(headers: (request: FuzzRequest, random: Random) => readonly Header[]) {
  return (request: FuzzRequest, random: Random): FuzzRequest => ({
    ...request,
    framing: { kind: 'said', headers: headers(request, random) },
  });
}

const oneLine = (text: string): string => text.replace(/[\r\n]/g, '');
