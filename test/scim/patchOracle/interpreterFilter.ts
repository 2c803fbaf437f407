// The filters inside the brackets of a value path: RFC 7644, 3.4.2.2, figure 1 (valFilter), read and judged on one element.
import { ruleNamed, type Rule } from './interpreterSchema.js';
import { type Json, type JsonObject, isUnassigned, type Profile, refuse } from './interpreterState.js';

export type Comparator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
export type Filter =
  | { readonly kind: 'pr'; readonly part: Rule }
  | { readonly kind: 'compare'; readonly part: Rule; readonly comparator: Comparator; readonly literal: Json }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter };

const TOKEN = /\s*(\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+)/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; text.slice(at).trim() !== '';) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) return refuse('invalidFilter', `unreadable: ${text.slice(at)}`);
    tokens.push(found[1] ?? '');
    at = TOKEN.lastIndex;
  }
  return tokens;
}

/** Reads the text between the brackets. Table 9: what does not comply with figure 1 is `invalidFilter`. */
export function readFilter(text: string, parts: readonly Rule[], profile: Profile): Filter {
  const tokens = tokensOf(text);
  const is = (word: string) => tokens[0]?.toLowerCase() === word;
  const next = () => tokens.shift() ?? refuse('invalidFilter', 'the filter ends too early');
  const expect = (word: string) => (is(word) ? next() : refuse('invalidFilter', `"${word}" is missing`));

  // 3.4.2.2: "Logical operators ... Filters MUST be evaluated using: grouping, logical operators with not, and, or in order".
  const either = (): Filter => {
    const left = both();
    return is('or') ? (next(), { kind: 'or', left, right: either() }) : left;
  };
  const both = (): Filter => {
    const left = one();
    return is('and') ? (next(), { kind: 'and', left, right: both() }) : left;
  };
  const one = (): Filter => {
    if (is('not')) {
      next();
      return { kind: 'not', inner: group() };
    }
    return is('(') ? group() : term();
  };
  const group = (): Filter => {
    expect('(');
    const inner = either();
    expect(')');
    return inner;
  };
  const term = (): Filter => {
    const name = next();
    // Table 9 and SPEC 6 "filter": an unknown attribute is `invalidFilter`, in both profiles.
    const part = ruleNamed(parts, name) ?? refuse('invalidFilter', `${name} is unknown`);
    const word = next().toLowerCase();
    if (word === 'pr') return { kind: 'pr', part };
    return compare(part, word, literalOf(next(), profile), profile);
  };

  const filter = either();
  return tokens.length === 0 ? filter : refuse('invalidFilter', `${tokens.join(' ')} is left over`);
}

function literalOf(token: string, profile: Profile): Json {
  try {
    return JSON.parse(token) as Json;
  } catch {
    // SPEC 6 "filter": "Unquoted string literals (Microsoft's own documents): accepted in profile ENTRA".
    return profile === 'ENTRA' && /^[\w.@-]+$/.test(token) ? token : refuse('invalidFilter', `${token} is no literal`);
  }
}

const COMPARATORS: readonly Comparator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** SPEC 6 "filter": an operator or literal that does not suit the type is `invalidFilter`. */
function compare(part: Rule, word: string, given: Json, profile: Profile): Filter {
  const comparator = COMPARATORS.find((one) => one === word) ?? refuse('invalidFilter', `${word} is no operator`);
  const equality = comparator === 'eq' || comparator === 'ne';
  const literal = profile === 'ENTRA' && part.kind === 'boolean' ? booleanOf(given) : given;
  const suits =
    literal === null
      ? equality
      : part.kind === 'boolean'
        ? equality && typeof literal === 'boolean'
        : typeof literal === 'string' && (equality || part.kind === 'string');
  if (!suits) refuse('invalidFilter', `${comparator} ${JSON.stringify(given)} does not suit ${part.name}`);
  return { kind: 'compare', part, comparator, literal };
}

/** SPEC 6 "PATCH, profile ENTRA": "True"/"False" in any case. */
export function booleanOf(value: Json): Json {
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : value;
}

/** Whether the element matches. 3.4.2.2: an attribute that is not there matches nothing but `ne` (SPEC 6) and `eq null`. */
export function matches(filter: Filter, element: JsonObject): boolean {
  switch (filter.kind) {
    case 'pr':
      return !isUnassigned(element[filter.part.name]);
    case 'not':
      return !matches(filter.inner, element);
    case 'and':
      return matches(filter.left, element) && matches(filter.right, element);
    case 'or':
      return matches(filter.left, element) || matches(filter.right, element);
    case 'compare':
      return holds(filter.comparator, element[filter.part.name], filter.literal, filter.part.caseExact);
  }
}

function holds(comparator: Comparator, value: Json | undefined, literal: Json, caseExact: boolean): boolean {
  if (comparator === 'ne') return !holds('eq', value, literal, caseExact);
  if (literal === null || value === undefined || value === null) return literal === null && isUnassigned(value);
  if (typeof literal === 'boolean') return value === literal;
  const fold = (text: Json) => (caseExact ? String(text) : String(text).toLowerCase());
  const [held, sought] = [fold(value), fold(literal)];
  switch (comparator) {
    case 'eq':
      return held === sought;
    case 'co':
      return held.includes(sought);
    case 'sw':
      return held.startsWith(sought);
    case 'ew':
      return held.endsWith(sought);
    case 'gt':
      return held > sought;
    case 'ge':
      return held >= sought;
    case 'lt':
      return held < sought;
    case 'le':
      return held <= sought;
  }
}
