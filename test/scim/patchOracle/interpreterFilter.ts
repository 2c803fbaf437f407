// The filters inside the brackets of a value path: RFC 7644, 3.4.2.2, figure 1 (valFilter), read as text and then as
// something that the parts of an attribute can be asked.
import { ruleNamed, type Rule } from './interpreterSchema.js';
import { type Json, type Profile, refuse } from './interpreterState.js';

export type Comparator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
/** `Part` is the name as written, or the attribute it was found to be. */
export type Filter<Part = Rule> =
  | { readonly kind: 'pr'; readonly part: Part }
  | { readonly kind: 'compare'; readonly part: Part; readonly comparator: Comparator; readonly literal: Json }
  | { readonly kind: 'and' | 'or'; readonly left: Filter<Part>; readonly right: Filter<Part> }
  | { readonly kind: 'not'; readonly inner: Filter<Part> };

const COMPARATORS: readonly Comparator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const TOKEN = /\s*(\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+)/y;
const NAME = /^(?:[A-Za-z][A-Za-z0-9_-]*|\$ref)$/;

/**
 * What cannot be read by figure 1. Table 9 has two codes for it in a PATCH: `invalidFilter` and, figure 7 being made of
 * figure 1, `invalidPath`. The documents leave it open; here the path is what is malformed.
 */
const malformed = (why: string): never => refuse('invalidPath', why);

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; text.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) return malformed(`unreadable: ${text.slice(at)}`);
    tokens.push(found[1] ?? '');
  }
  return tokens;
}

/** Reads the text between the brackets. */
export function readFilter(text: string, profile: Profile): Filter<string> {
  const tokens = tokensOf(text);
  const is = (word: string) => tokens[0]?.toLowerCase() === word;
  const next = () => tokens.shift() ?? malformed('the filter ends too early');
  const expect = (word: string) => (is(word) ? next() : malformed(`"${word}" is missing`));

  // 3.4.2.2: "not" before "and" before "or".
  const either = (): Filter<string> => {
    const left = both();
    return is('or') ? (next(), { kind: 'or', left, right: either() }) : left;
  };
  const both = (): Filter<string> => {
    const left = one();
    return is('and') ? (next(), { kind: 'and', left, right: both() }) : left;
  };
  const one = (): Filter<string> => {
    if (is('not')) return (next(), { kind: 'not', inner: group() });
    return is('(') ? group() : term();
  };
  const group = (): Filter<string> => {
    expect('(');
    const inner = either();
    expect(')');
    return inner;
  };
  const term = (): Filter<string> => {
    const part = next();
    if (!NAME.test(part) || /^(and|or|not)$/i.test(part)) return malformed(`${part} is no name`);
    const word = next().toLowerCase();
    if (word === 'pr') return { kind: 'pr', part };
    const comparator = COMPARATORS.find((known) => known === word) ?? malformed(`${word} is no operator`);
    return { kind: 'compare', part, comparator, literal: literalOf(next(), profile) };
  };

  const filter = either();
  return tokens.length === 0 ? filter : malformed(`${tokens.join(' ')} is left over`);
}

function literalOf(token: string, profile: Profile): Json {
  try {
    return JSON.parse(token) as Json;
  } catch {
    // SPEC 6 "filter": "Unquoted string literals (Microsoft's own documents): accepted in profile ENTRA". The RFC's grammar
    // has and, or, not for its operators: without quotes they are these.
    return profile === 'ENTRA' && /^(?!(and|or|not)$)[\w.@-]+$/i.test(token)
      ? token
      : malformed(`${token} is no literal`);
  }
}

/** SPEC 6 "filter": unknown attributes, and what does not suit the type, are `invalidFilter`, in both profiles. */
export function resolveFilter(filter: Filter<string>, parts: readonly Rule[], profile: Profile): Filter {
  const partOf = (name: string) => ruleNamed(parts, name) ?? refuse('invalidFilter', `${name} is unknown`);
  switch (filter.kind) {
    case 'pr':
      return { kind: 'pr', part: partOf(filter.part) };
    case 'not':
      return { kind: 'not', inner: resolveFilter(filter.inner, parts, profile) };
    case 'and':
    case 'or':
      return {
        kind: filter.kind,
        left: resolveFilter(filter.left, parts, profile),
        right: resolveFilter(filter.right, parts, profile),
      };
    case 'compare':
      return comparison(filter, partOf(filter.part), profile);
  }
}

function comparison(
  { comparator, literal: given }: Filter<string> & { kind: 'compare' },
  part: Rule,
  profile: Profile,
): Filter {
  const literal = profile === 'ENTRA' ? lenientLiteral(part, given) : given;
  const equality = comparator === 'eq' || comparator === 'ne';
  const suits =
    literal === null
      ? equality
      : part.kind === 'boolean'
        ? equality && typeof literal === 'boolean'
        : typeof literal === 'string' && (equality || part.kind === 'string');
  if (!suits) refuse('invalidFilter', `${comparator} ${JSON.stringify(given)} does not suit ${part.name}`);
  return { kind: 'compare', part, comparator, literal };
}

/** SPEC 6: in profile ENTRA "True" is a boolean, and an unquoted string may consist of digits. */
const lenientLiteral = (part: Rule, literal: Json): Json =>
  part.kind === 'boolean' ? booleanOf(literal) : typeof literal === 'number' ? String(literal) : literal;

/** SPEC 6 "PATCH, profile ENTRA": "True"/"False" in any case. */
export function booleanOf(value: Json): Json {
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : value;
}
