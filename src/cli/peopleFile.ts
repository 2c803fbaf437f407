// A file of people: CSV in UTF-8 (with or without byte order mark), with a line of column names, separated by commas or
// semicolons. Each mistake is told by the number of its line.
import { CsvError, parse } from 'csv-parse/sync';
import { type Values } from '../attribute/change.js';
import { FieldRefusal } from '../directory/fieldRefusal.js';
import { LOCAL_NAMES, LOCAL_TEXTS, valuesOfNew } from '../directory/user/localUser.js';
import { type ImportedPerson, type LineMistake } from '../directory/user/importUsers.js';
import { Refusal } from '../refusal.js';

const FLAGS = ['active', 'protected'];
/** The columns a file may have, in any order and any case. */
export const COLUMNS = ['userName', 'email', ...Object.keys(LOCAL_NAMES), ...Object.keys(LOCAL_TEXTS), ...FLAGS];
const MOST_PEOPLE = 20_000;

export interface PeopleFile {
  readonly people: readonly ImportedPerson[];
  readonly mistakes: readonly LineMistake[];
}

interface Line {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** Reads a file. Refuses with `invalidSyntax` what is no such file at all; mistakes of single lines come with the rest. */
export function readPeopleFile(bytes: Uint8Array): PeopleFile {
  const lines = linesOf(bytes);
  const [head, ...rest] = lines;
  if (!head) throw new Refusal('invalidSyntax', 'The file is empty. Its first line names the columns.');
  const columns = head.record.map(columnOf);
  refuseColumns(columns);
  if (rest.length > MOST_PEOPLE) throw new Refusal('invalidSyntax', `A file may have ${MOST_PEOPLE} people.`);
  const people: ImportedPerson[] = [];
  const mistakes: LineMistake[] = [];
  for (const line of rest) {
    const number = numberOf(line);
    try {
      people.push({ line: number, values: valuesOf(columns, line.record) });
    } catch (error) {
      if (!(error instanceof FieldRefusal)) throw error;
      mistakes.push({ line: number, column: error.field[0] ?? null, message: error.message });
    }
  }
  return { people, mistakes };
}

function linesOf(bytes: Uint8Array): readonly Line[] {
  const text = textOf(bytes);
  try {
    return parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as Line[];
  } catch (error) {
    if (error instanceof CsvError) throw new Refusal('invalidSyntax', `The file is not CSV: ${error.message}`);
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('invalidSyntax', 'The file is not in UTF-8. In Excel, save it as "CSV UTF-8".');
  }
}

/** What the first line is separated by: names of columns have neither in them. */
const separatorOf = (text: string): string => (/^[^\n]*;/.test(text) ? ';' : ',');

const columnOf = (name: string): string => {
  const wanted = name.trim().toLowerCase();
  return COLUMNS.find((column) => column.toLowerCase() === wanted) ?? `?${name.trim()}`;
};

function refuseColumns(columns: readonly string[]): void {
  const unknown = columns.filter((column) => column.startsWith('?')).map((column) => `"${column.slice(1)}"`);
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  const known = `Columns are ${COLUMNS.join(', ')}.`;
  if (unknown.length > 0) throw new Refusal('invalidSyntax', `Unknown columns: ${unknown.join(', ')}. ${known}`);
  if (twice.length > 0) throw new Refusal('invalidSyntax', `Named twice: ${twice.join(', ')}. ${known}`);
  if (!columns.includes('userName')) throw new Refusal('invalidSyntax', `There is no column userName. ${known}`);
}

/** The line a record begins at: a quoted value may have line breaks in it, and blank lines may stand before it. */
const numberOf = ({ raw, info }: Line): number => info.lines - (raw.trim().match(/\r\n|\n|\r/g)?.length ?? 0);

function valuesOf(columns: readonly string[], record: readonly string[]): Values {
  if (record.length !== columns.length) {
    throw new FieldRefusal('INVALID', [], `It has ${record.length} values for ${columns.length} columns.`);
  }
  const texts = Object.fromEntries(columns.map((column, index) => [column, record[index] ?? '']));
  const flags = Object.fromEntries(
    FLAGS.flatMap((name) => (name in texts ? [[name, flagOf(name, texts[name] ?? '')] as const] : [])),
  );
  return valuesOfNew({ ...texts, ...flags });
}

/** Blank says nothing. Refuses with INVALID. */
function flagOf(name: string, text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === '') return undefined;
  if (['true', 'yes', '1'].includes(word)) return true;
  if (['false', 'no', '0'].includes(word)) return false;
  throw new FieldRefusal('INVALID', [name], `${name} is true or false, not "${text}".`);
}
