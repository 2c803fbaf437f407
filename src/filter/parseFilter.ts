// Text to filter, and text to PATCH path: one grammar (RFC 7644 sections 3.4.2.2 and 3.5.2), so one parser. It descends
// at most 32 levels, whatever it is sent.
import { type AttributePath, parseAttributePath } from '../attribute/attributePath.js';
import { Refusal } from '../refusal.js';
import { type CompareOperator, type Filter, type FilterLeniency, type Literal, type PatchPath } from './filter.js';
import { type ExpressionKind, type Token, tokenize } from './tokens.js';

export interface ParseOptions {
  /** `externalId eq jyoung`, as Microsoft's own documents have it; noted as `unquotedFilterValue`. */
  readonly unquotedStrings: boolean;
  readonly note?: (leniency: FilterLeniency) => void;
}

export const MAX_LEVELS = 32;
export const MAX_TERMS = 200;

/** RFC 7644 section 3.4.2.2. Refuses with `invalidFilter`, naming the column. */
export function parseFilter(text: string, options: ParseOptions): Filter {
  const parser = new Parser(text, 'invalidFilter', options);
  const filter = parser.readOr();
  parser.expect('end', '"and", "or" or the end');
  return filter;
}

/** RFC 7644 section 3.5.2: `attrPath / valuePath [subAttr]`, or a schema's URN. Refuses with `invalidPath`. */
export function parsePatchPath(text: string, options: ParseOptions): PatchPath {
  const parser = new Parser(text, 'invalidPath', options);
  const path = parser.readPath();
  const filter = parser.peek().kind === '[' ? parser.readBrackets(path) : undefined;
  const sub = filter ? parser.readSubAttribute() : undefined;
  parser.expect('end', 'the end of the path');
  return {
    path: { ...path, text: text.trim(), ...(sub ? { sub: sub.name } : {}) },
    ...(filter ? { filter } : {}),
  };
}

const OPERATORS: ReadonlyMap<string, CompareOperator> = new Map(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const).map((operator) => [operator, operator]),
);
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private levels = 0;
  private terms = 0;

  constructor(
    text: string,
    private readonly kind: ExpressionKind,
    private readonly options: ParseOptions,
  ) {
    this.tokens = tokenize(text, kind);
  }

  peek(): Token {
    // `end` is never passed: there is always a token here.
    return this.tokens[this.at] as Token;
  }

  expect(kind: Token['kind'], what: string): Token {
    const token = this.peek();
    if (token.kind !== kind) throw this.expected(what, token);
    if (kind !== 'end') this.at += 1;
    return token;
  }

  readOr(): Filter {
    return this.readChain('or', () => this.readChain('and', () => this.readOperand()));
  }

  readPath(): AttributePath {
    const token = this.expect('word', 'an attribute name');
    const path = pathFrom(token.text);
    if (!path || KEYWORDS.has(token.text.toLowerCase())) throw this.expected('an attribute name', token);
    return path;
  }

  /** What stands between the brackets after an attribute. */
  readBrackets(path: AttributePath): Filter {
    const opening = this.open('[');
    if (path.sub !== undefined) throw this.refusal('brackets do not go after a sub-attribute', opening.column);
    const filter = this.readOr();
    this.close(']');
    return filter;
  }

  /** The `.value` of `emails[…].value`, if there is one. */
  readSubAttribute(): (AttributePath & { readonly column: number }) | undefined {
    const token = this.peek();
    if (token.kind !== 'word' || !token.text.startsWith('.')) return undefined;
    this.at += 1;
    const path = pathFrom(token.text.slice(1));
    if (!path || path.sub !== undefined || path.schema !== undefined) throw this.expected('a sub-attribute', token);
    return { ...path, column: token.column };
  }

  private readChain(word: 'and' | 'or', readPart: () => Filter): Filter {
    const first = readPart();
    const filters = [first];
    while (isWord(this.peek(), word)) {
      this.spaced(`a space before "${word}"`);
      this.at += 1;
      this.spaced(`a space after "${word}"`);
      filters.push(readPart());
    }
    return filters.length === 1 ? first : { kind: word, column: first.column, filters };
  }

  private readOperand(): Filter {
    const token = this.peek();
    if (token.kind === '(') return this.readGroup();
    if (isWord(token, 'not')) {
      this.at += 1;
      return { kind: 'not', column: token.column, filter: this.readGroup() };
    }
    const path = this.readPath();
    return this.peek().kind === '[' ? this.readWithin(path, token.column) : this.readTerm(path, token.column);
  }

  private readGroup(): Filter {
    this.open('(');
    const filter = this.readOr();
    this.close(')');
    return filter;
  }

  // Entra looks people up with `emails[type eq "work"].value eq "x"`: a comparison of the elements the brackets choose.
  private readWithin(path: AttributePath, column: number): Filter {
    const inner = this.readBrackets(path);
    const sub = this.readSubAttribute();
    if (!sub) return { kind: 'within', column, path, filter: inner };
    const { column: subColumn, ...subPath } = sub;
    const term = this.readTerm(subPath, subColumn);
    return { kind: 'within', column, path, filter: { kind: 'and', column: inner.column, filters: [inner, term] } };
  }

  private readTerm(path: AttributePath, column: number): Filter {
    this.terms += 1;
    if (this.terms > MAX_TERMS) throw this.refusal(`more than ${MAX_TERMS} comparisons`, column);
    const token = this.peek();
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    const operator = OPERATORS.get(word);
    if (!operator && word !== 'pr') throw this.expected('an operator', token);
    this.spaced('a space before the operator');
    this.at += 1;
    if (!operator) return { kind: 'present', column, path };
    return { kind: 'compare', column, path, operator, ...this.readLiteral() };
  }

  private readLiteral(): { literal: Literal; digits?: string } {
    const token = this.peek();
    if (token.kind !== 'text' && token.kind !== 'word') throw this.expected('a value', token);
    this.spaced('a space before the value');
    this.at += 1;
    if (token.kind === 'text') return { literal: token.text };
    const constant = CONSTANTS.get(token.text.toLowerCase());
    if (constant !== undefined) return { literal: constant };
    if (NUMBER.test(token.text)) return this.readNumber(token);
    // Somebody's single quotes would otherwise become part of the value, and never match.
    const looksMistaken = KEYWORDS.has(token.text.toLowerCase()) || token.text.startsWith("'");
    if (!this.options.unquotedStrings || looksMistaken) throw this.expected('a value in double quotes', token);
    this.options.note?.('unquotedFilterValue');
    return { literal: token.text };
  }

  private readNumber({ text, column }: Token): { literal: number; digits: string } {
    const literal = Number(text);
    if (!Number.isFinite(literal)) throw this.refusal('the number is too large', column);
    return { literal, digits: text };
  }

  private open(bracket: '(' | '['): Token {
    const token = this.expect(bracket, `"${bracket}"`);
    this.levels += 1;
    if (this.levels > MAX_LEVELS) throw this.refusal(`more than ${MAX_LEVELS} levels of brackets`, token.column);
    return token;
  }

  private close(bracket: ')' | ']'): void {
    this.expect(bracket, `"and", "or" or "${bracket}"`);
    this.levels -= 1;
  }

  private spaced(what: string): void {
    if (!this.peek().spaced) throw this.expected(what, this.peek());
  }

  private expected(what: string, { column }: Token): Refusal {
    return this.refusal(`expected ${what}`, column);
  }

  private refusal(message: string, column: number): Refusal {
    return new Refusal(this.kind, `${message} at column ${column}`);
  }
}

const isWord = (token: Token, word: string): boolean => token.kind === 'word' && token.text.toLowerCase() === word;

// `$ref` is no attribute name to RFC 7643 section 2.1, and yet the name of a sub-attribute (section 2.4).
const pathFrom = (text: string): AttributePath | undefined =>
  text.toLowerCase() === '$ref' ? { text, name: text } : parseAttributePath(text);
