// The words, texts and brackets of a filter or PATCH path, with the column where each begins.
import { Refusal } from '../refusal.js';

export interface Token {
  /** `text` is a quoted value, `end` comes after the last. */
  readonly kind: 'word' | 'text' | '(' | ')' | '[' | ']' | 'end';
  /** As written; a quoted value is decoded. */
  readonly text: string;
  readonly column: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

/** The two ways RFC 7644 table 9 names a bad expression. */
export type ExpressionKind = 'invalidFilter' | 'invalidPath';

export const MAX_BYTES = 8192;

// The alternatives exclude each other in their first character, and so do the loops within: nothing is tried twice.
const PIECE = /(?<space>[ \t\r\n]+)|(?<bracket>[()[\]])|(?<text>"[^"\\]*(?:\\.[^"\\]*)*")|(?<word>[^ \t\r\n()[\]"]+)/sy;

/** RFC 7644 section 3.4.2.2. Refuses more than 8 KiB, texts that are no JSON strings, NUL and half characters. */
export function tokenize(source: string, kind: ExpressionKind): readonly Token[] {
  if (Buffer.byteLength(source) > MAX_BYTES) {
    throw new Refusal(kind, `the expression is longer than ${MAX_BYTES} bytes at column ${columnOfByte(source)}`);
  }
  const tokens: Token[] = [];
  const piece = new RegExp(PIECE);
  let column = 1;
  let spaced = false;
  while (piece.lastIndex < source.length) {
    const groups = piece.exec(source)?.groups;
    if (!groups) throw new Refusal(kind, `the quotation mark is never closed at column ${column}`);
    const { space, bracket, text, word } = groups;
    if (bracket !== undefined) tokens.push({ kind: bracket as '(', text: bracket, column, spaced });
    if (text !== undefined) tokens.push({ kind: 'text', text: decode(text, column, kind), column, spaced });
    if (word !== undefined) tokens.push({ kind: 'word', text: wellFormed(word, column, kind), column, spaced });
    spaced = space !== undefined;
    column += [...(space ?? bracket ?? text ?? word ?? '')].length;
  }
  return [...tokens, { kind: 'end', text: '', column, spaced }];
}

function decode(text: string, column: number, kind: ExpressionKind): string {
  let decoded: unknown;
  try {
    decoded = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(kind, `the text is not a JSON string at column ${column}`);
  }
  return wellFormed(String(decoded), column, kind);
}

// PostgreSQL stores neither.
function wellFormed(text: string, column: number, kind: ExpressionKind): string {
  if (text.includes('\0')) throw new Refusal(kind, `a NUL character is not allowed at column ${column}`);
  if (/\p{Surrogate}/u.test(text))
    throw new Refusal(kind, `half of a surrogate pair is not allowed at column ${column}`);
  return text;
}

function columnOfByte(source: string): number {
  let bytes = 0;
  let column = 1;
  for (const character of source) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_BYTES) return column;
    column += 1;
  }
  return column;
}
