// docs/entra-id.md taken apart: its fenced blocks, and the tables of its attribute mapping.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/projectRoot.js';

const FILE = join(projectRoot(), 'docs', 'entra-id.md');
const FENCE = /^```(\w+)(?: ([\w-]+))?\n([^]*?)^```$/gm;

export interface Block {
  /** `text` is what the service says; `sh` and `graphql` are for the administrator to run. */
  readonly language: string;
  /** What a block of text is of; empty for the others. */
  readonly name: string;
  readonly text: string;
}

const blocksOf = (document: string): readonly Block[] =>
  [...document.matchAll(FENCE)].map(([, language = '', name = '', text = '']) => ({ language, name, text }));

/** The blocks in order. */
export const blocks = blocksOf(readFileSync(FILE, 'utf8'));

/** Puts what was really said into the document: one text for each block that has an entry, by its place. */
export function rewrite(said: ReadonlyMap<number, string>): void {
  const place = { next: 0 };
  const written = readFileSync(FILE, 'utf8').replace(FENCE, (whole: string) => {
    const text = said.get(place.next);
    place.next += 1;
    return text === undefined ? whole : `${whole.slice(0, whole.indexOf('\n'))}\n${text}\n\`\`\``;
  });
  writeFileSync(FILE, written);
}

export interface MappingRow {
  readonly source: string;
  readonly target: string;
  readonly advice: string;
}

/** The mapping of people, then that of groups. */
export function mappingTables(): readonly (readonly MappingRow[])[] {
  const tables = readFileSync(FILE, 'utf8').matchAll(/^\| Entra ID +\| SpeakUp +\|.*\n\|[-| ]+\n((?:\|.*\n)+)/gm);
  return [...tables].map(([, rows = '']) => rows.trimEnd().split('\n').map(rowOf));
}

function rowOf(line: string): MappingRow {
  const [source = '', target = '', advice = ''] = line
    .split('|')
    .slice(1)
    .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
  return { source, target, advice };
}
