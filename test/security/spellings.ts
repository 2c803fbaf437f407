// Other ways to write a path: what proxies, routers and the code that guards them have understood differently before.

type Spell = (path: string) => readonly string[];

const hex = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '%$&');
const encodedAt = (path: string, at: number, encode: (letter: string) => string): string =>
  path.slice(0, at) + encode(path.charAt(at)) + path.slice(at + 1);
const everywhere = (path: string, change: (at: number) => string): string[] =>
  Array.from({ length: path.length }, (_, at) => at).map(change);
const slashes = (path: string): number[] => [...path.matchAll(/\//g)].map(({ index }) => index);
const insteadOfSlash = (path: string, piece: string): string[] =>
  slashes(path).map((at) => path.slice(0, at) + piece + path.slice(at + 1));

/** Families of spellings: each returns several of the same path. */
const FAMILIES: Readonly<Record<string, Spell>> = {
  case: (path) => [
    path.toUpperCase(),
    path.toLowerCase(),
    path.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
    path.replace(/[a-z]/gi, (letter, at: number) => (at % 2 ? letter.toUpperCase() : letter.toLowerCase())),
    path.replace('scim', 'SCIM'),
    path.replace('v2', 'V2'),
    path.replace('Users', 'users').replace('Groups', 'gROUPS').replace('graphql', 'GraphQL'),
  ],
  slashes: (path) => ['//', '///', '/////////'].flatMap((piece) => insteadOfSlash(path, piece)),
  dots: (path) =>
    [
      '/./',
      '/../',
      '/x/../',
      '/.//',
      '/..;/',
      '/%2e/',
      '/%2E%2e/',
      '/.%2e/',
      '/%252e%252e/',
      '/x/%2e%2e/',
      '/...../',
      '/%c0%ae/',
    ].flatMap((piece) => insteadOfSlash(path, piece)),
  encoded: (path) => [
    ...everywhere(path, (at) => encodedAt(path, at, hex)),
    hex(path),
    `/${hex(path.slice(1))}`,
    `/${hex(path.slice(1)).toUpperCase()}`,
  ],
  encodedTwice: (path) => [
    ...everywhere(path, (at) => encodedAt(path, at, (letter) => hex(letter).replaceAll('%', '%25'))),
    ...insteadOfSlash(path, '%25252f'),
  ],
  slashInDisguise: (path) =>
    [
      '%2f',
      '%2F',
      '/%2f',
      '%5c',
      '\\',
      '\\\\',
      '/\\',
      '%c0%af',
      '%e0%80%af',
      '%u2215',
      '\u2215',
      '\uff0f',
      '%ef%bc%8f',
      ':',
    ].flatMap((piece) => insteadOfSlash(path, piece)),
  parameters: (path) =>
    [';/', ';x=y/', ';jsessionid=1/', '/;/', '/;x/', '%3b/'].flatMap((piece) => insteadOfSlash(path, piece)),
  letters: (path) => [
    path.replace('s', '\u017f'),
    path.replace('s', '%c5%bf'),
    path.replace('i', '\u0131'),
    path.replace('i', '%C4%B0'),
    path.replace(/U|G|g/, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
    path.replace('v', '\u0432'),
    path.replace('e', 'e\u0301'),
    path.replace('r', '\u200br'),
    path.replace('r', '\ufeffr'),
    path.replace('r', '%00r'),
    path.replace('r', '%ffr'),
    path.replace('r', '%zzr'),
    path.replace('r', '%r'),
    path.replace('s', '%u0073'),
  ],
  endings: (path) =>
    [
      ...[
        '/',
        '//',
        '/.',
        '/..',
        '.',
        '..',
        '~',
        '%',
        '%00',
        '%20',
        '%09',
        '%0a',
        '%0d%0a',
        '%23',
        '%3f',
        '%3F/livez',
        '*',
        '+',
      ],
      ...[
        '.json',
        '.css',
        '.js',
        '.html',
        ';.css',
        '%00.css',
        '/x.css',
        '/index.html',
        '/graphiql.js',
        ':80',
        '@x',
        ',x',
        '|',
        '"',
        '&x=y',
      ],
      ...[
        '/livez',
        '/../livez',
        '/%2e%2e/livez',
        ';/livez',
        '#',
        '#/livez',
        '/.well-known/jwks.json',
        '/Schemas',
        '/ServiceProviderConfig',
      ],
    ].map((ending) => path + ending),
  beginnings: (path) => {
    const open = [
      '/livez',
      '/readyz',
      '/graphql/ide',
      '/graphql/ide/graphiql.js',
      '/oauth2/token',
      '/.well-known/jwks.json',
      '/scim/v2/Schemas',
      '/scim/v2/ServiceProviderConfig',
      '/scim/v2/ResourceTypes',
    ];
    const up = (prefix: string, piece: string) => prefix + prefix.replaceAll(/\/[^/]+/g, piece) + path;
    return [
      ...open.flatMap((prefix) => ['/..', '/%2e%2e', '\\..', '%2f..', '/..;', ''].map((piece) => up(prefix, piece))),
      ...[
        '/x',
        '/.',
        '/..',
        '/%2e%2e',
        '/%2f',
        '/\\',
        '/;',
        '/scim',
        '/scim/v2',
        '/SCIM/v2',
        '/scim/v1',
        '/scim/v2/x/..',
        '/api',
        '/public',
        '/static/..%2f',
      ].map((prefix) => prefix + path),
    ];
  },
  forms: (path) => [
    ...[
      'http://x',
      'https://x',
      'HTTP://X',
      'http://user:pass@x',
      'http://x:80',
      'http://[::1]',
      'http://',
      'http:',
      'ftp://x',
      'file://',
      'ws://x',
      'x:',
      '//x',
      '///',
      '/http://x',
      '*',
    ].map((form) => form + path),
    path.slice(1),
    `./${path.slice(1)}`,
    `?${path}`,
    `http://x/livez/..${path}`,
    `http://x?${path}`,
    `http://x#${path}`,
    `http://x\\${path}`,
  ],
  queries: (path) =>
    [
      '?',
      '??',
      '?/livez',
      '?/../livez',
      '?%00',
      '?path=/livez',
      '?x=%2e%2e/livez',
      '?_method=GET',
      '?format=.css',
      '?filter=userName%20pr',
      '?filter=userName pr',
      '?count=10&count=10',
      '?__proto__[x]=1',
      '?#',
      '#?',
      '?;',
      '&',
      '?public=true',
      '?debug=1',
      '?admin=true',
    ].map((query) => path + query),
};

/** All spellings of a path that are not the path, and pairs of two families: each family's on each other's first ones. */
export function spellingsOf(path: string, pairs: number): string[] {
  const families = Object.values(FAMILIES);
  const once = families.flatMap((spell) => spell(path));
  const twice = families.flatMap((outer, nth) =>
    families.flatMap((inner, other) =>
      nth === other ? [] : spread(inner(path), 3).flatMap((spelt) => spread(outer(spelt), pairs)),
    ),
  );
  const lines = [...once, ...twice].map((target) => target.replace(/[\r\n]/g, ''));
  return [...new Set(lines)].filter((target) => target !== path && target !== '');
}

/** That many of a list, from everywhere in it. */
const spread = <T>(list: readonly T[], count: number): T[] =>
  list.filter((_, at) => Math.floor((at * count) / list.length) !== Math.floor(((at - 1) * count) / list.length));
