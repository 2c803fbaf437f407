// Keyset order: a page goes on after the values of a row instead of skipping a number of rows, so that a walk neither
// repeats nor misses a row that did not change, and a deep page costs what the first one does.
import { type Attribute } from '../attribute/attribute.js';

/** An attribute kept in a column, and which way. */
export interface SortTerm {
  readonly attribute: Attribute;
  readonly descending: boolean;
}

/** What a row is sorted by, its id last: where a page goes on. */
export type Position = readonly (string | null)[];

/** One SQL expression of the order. Unassigned values are last ascending and first descending, as an index has them. */
interface Key {
  readonly sql: string;
  readonly cast: 'text' | 'timestamptz' | 'uuid';
  readonly nullable: boolean;
  readonly descending: boolean;
}

/** The whole order of rows called `row`: the terms, then the id. `backward` turns it around. */
export function keysOf(terms: readonly SortTerm[], row: string, backward: boolean): readonly Key[] {
  const keys = terms.map((term) => keyOf(term, row));
  const descending = keys.at(-1)?.descending ?? false;
  const id: Key = { sql: `${row}.id`, cast: 'uuid', nullable: false, descending };
  return [...keys, id].map((key) => (backward ? { ...key, descending: !key.descending } : key));
}

export const orderBy = (keys: readonly Key[]): string =>
  keys.map(({ sql, descending }) => `${sql} ${descending ? 'desc' : 'asc'}`).join(', ');

/** The position of a row, as a SQL expression. */
export const positionSql = (keys: readonly Key[]): string =>
  `jsonb_build_array(${keys.map(({ sql }) => sql).join(', ')})`;

/** The condition that a row comes after a position. */
export function afterPosition(keys: readonly Key[], position: Position, param: (value: unknown) => string): string {
  const at = keys.map((key, index) => ({ ...key, value: position[index] ?? null }));
  const alike = at.every(({ descending }) => descending === at[0]?.descending);
  // One comparison of rows, which an index can begin at, where nothing unassigned comes after the position.
  if (alike && at.every(({ value, nullable, descending }) => value !== null && (descending || !nullable))) {
    const values = at.map(({ value, cast }) => `${param(value)}::${cast}`);
    return `(${at.map(({ sql }) => sql).join(', ')}) ${at[0]?.descending ? '<' : '>'} (${values.join(', ')})`;
  }
  return at.reduceRight((later, key) => {
    const { sql, value, cast } = key;
    if (value === null) return `(${key.descending ? `${sql} is not null or ` : ''}(${sql} is null and ${later}))`;
    const placeholder = `${param(value)}::${cast}`;
    const beyond = `${sql} ${key.descending ? '<' : '>'} ${placeholder}`;
    const unassigned = key.nullable && !key.descending ? ` or ${sql} is null` : '';
    return `(${beyond}${unassigned} or (${sql} = ${placeholder} and ${later}))`;
  }, 'false');
}

function keyOf({ attribute, descending }: SortTerm, row: string): Key {
  const { store, type, required, name } = attribute;
  if (store.kind !== 'column') throw new Error(`${name} is not kept in a column`);
  if (type === 'dateTime') return { sql: `${row}.${store.column}`, cast: 'timestamptz', nullable: false, descending };
  const folded = store.key ? `${row}.${store.key}` : `fold(${row}.${store.column})`;
  return { sql: `${folded} collate "C"`, cast: 'text', nullable: !required, descending };
}
