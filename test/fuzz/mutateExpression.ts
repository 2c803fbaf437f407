// Mutations of expressions: filters in the query, in messages, and the paths of PATCH.
import { type FuzzRequest } from './fuzzRequest.js';
import { longText, mangledText, STRANGE_TEXTS, type Mutation } from './mutation.js';
import { type Random } from './random.js';

const ATTRIBUTES =
  `userName USERNAME displayName name.familyName name emails emails.value emails.type active meta.created
  meta.lastModified meta.version id externalId schemas groups groups.value members members.value manager manager.value
  urn:ietf:params:scim:schemas:core:2.0:User:userName urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager
  urn:ietf:params:scim:schemas:extension:enterprise:2.0:User urn:x:y:z addresses[type emails[value phoneNumbers
  photos.value roles.primary x509Certificates.value password __proto__ constructor.name hasOwnProperty $ref a.b.c . .. [ ]`.split(
    /\s+/,
  );
const OPERATORS = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'ge',
  'lt',
  'le',
  'pr',
  'EQ',
  'Pr',
  'in',
  '=',
  '==',
  'like',
  '',
  'not',
];
const LITERALS =
  `"x" "" "\\"" "\\u0000" "\\ud800" "%" "_" "\\\\" "*" true false null True 1 -0 1e400 0.1 1e5 99999999999999999999
  "2026-02-30T00:00:00Z" "2026-01-01" "2026-01-01T00:00:00.123456789+23:59" "9999-12-31T23:59:59Z" "-271821-04-20T00:00:00Z"
  mvos 'x' "unclosed {} [] ( undefined NaN 0x1F`.split(/\s+/);
const PIECES = [
  '(',
  ')',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '.',
  ':',
  ' ',
  '\u0000',
  'not',
  'not (',
  ' and ',
  ' or ',
  ' pr',
  '%',
  '+',
  '\t',
  '\u00a0',
  ',',
];

const term = (random: Random): string =>
  `${random.pick(ATTRIBUTES)} ${random.pick(OPERATORS)} ${random.pick(LITERALS)}`;

/** A made-up filter: right in its parts more often than as a whole. */
export function madeFilter(random: Random): string {
  switch (random.below(9)) {
    case 0:
      return Array.from({ length: random.pick([2, 10, 199, 200, 201, 300]) }, () => term(random)).join(
        random.pick([' and ', ' or ']),
      );
    case 1:
      return Array.from({ length: random.pick([199, 200, 201, 300]) }, () => 'userName eq "x"').join(
        random.pick([' and ', ' or ']),
      );
    case 2: {
      const [open, close] = random.pick([
        ['(', ')'],
        ['not (', ')'],
        ['emails[', ']'],
        ['(not (', '))'],
      ] as const);
      const depth = random.pick([1, 15, 16, 17, 31, 32, 33, 500, 2000]);
      return open.repeat(depth) + 'userName pr' + close.repeat(depth - random.below(2));
    }
    case 3:
      return `${random.pick(['emails', 'members', 'groups', 'addresses', 'manager', 'userName', 'meta'])}[${term(random)}]${random.pick(['', '.value', ' eq "x"', '.x.y'])}`;
    case 4:
      return `userName eq "${longText(random)}"`;
    case 5:
      return `${random.pick(ATTRIBUTES)} ${random.pick(['co', 'sw', 'ew'])} "${'%_\\\\'.repeat(random.below(500))}"`;
    default:
      return term(random);
  }
}

function madePath(random: Random): string {
  return random.pick([
    () => random.pick(ATTRIBUTES),
    () =>
      `${random.pick(['emails', 'members', 'addresses', 'userName'])}[${madeFilter(random)}]${random.pick(['', '.value', '.type', '.', '.a.b'])}`,
    () => random.pick(STRANGE_TEXTS),
    () => `${random.pick(ATTRIBUTES)}.${random.pick(ATTRIBUTES)}`,
    () => madeFilter(random),
  ])();
}

const broken = (text: string, random: Random): string =>
  random.once(2)
    ? mangledText(text, random)
    : text.slice(0, random.below(text.length + 1)) + random.pick(PIECES) + text.slice(random.below(text.length + 1));

export const EXPRESSION_MUTATIONS: readonly Mutation[] = [
  inTarget('a made-up filter', (_, random) => madeFilter(random)),
  inTarget('a broken filter', broken),
  inMessage('a made-up filter in the message', 'filter', (_, random) => madeFilter(random)),
  inMessage('a made-up path', 'path', (_, random) => madePath(random)),
  inMessage('a broken path', 'path', broken),
  inMessage('another op', 'op', (_, random) =>
    random.pick(['add', 'remove', 'replace', 'Add', 'REPLACE', 'move', '', 'copy', '__proto__', 'add ']),
  ),
];

/** The filter of a list request: changed, or made where there is none. */
function inTarget(name: string, change: (filter: string, random: Random) => string): Mutation {
  return {
    name,
    apply(request, random) {
      if (request.method !== 'GET' || !/\/(Users|Groups)\/?(\?|$)/.test(request.target)) return undefined;
      const [path = '', query = ''] = request.target.split('?', 2);
      const parameters = new URLSearchParams(query);
      const changed = change(parameters.get('filter') ?? 'userName eq "mara"', random).toWellFormed();
      parameters.set('filter', changed);
      return { ...request, target: `${path}?${parameters.toString()}` };
    },
  };
}

/** Texts of a message by their key: the `path` and `op` of operations, the `filter` of a search. */
function inMessage(name: string, key: string, change: (text: string, random: Random) => string): Mutation {
  return {
    name,
    apply(request, random) {
      const text = request.body?.toString() ?? '';
      const found =
        text.length > 100_000 ? [] : [...text.matchAll(new RegExp(`"${key}":("(?:[^"\\\\]|\\\\.)*")`, 'g'))];
      if (found.length === 0) return undefined;
      const { 0: whole, 1: literal = '""', index } = random.pick(found);
      const changed = JSON.stringify(change(unquoted(literal), random));
      const body = `${text.slice(0, index)}"${key}":${changed}${text.slice(index + whole.length)}`;
      return { ...request, body: Buffer.from(body) } satisfies FuzzRequest;
    },
  };
}

function unquoted(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    // Broken by the mutation before this one.
    return literal;
  }
}
