// Keyset order: a page goes on after the values of a row instead of skipping a number of rows, so that a walk neither
// repeats nor misses a row that did not change, and a deep page costs what the first one does.
import { type Target } from '../attribute/attributePath.js';
import { type SortKey, sortKey } from '../filter/sortKey.js';
import { type RowName } from '../filter/sqlPlace.js';

/** A target that `sortTarget` accepts, and which way. */
export interface SortTerm {
  readonly target: Target;
  readonly descending: boolean;
}

/** What a row is sorted by, its id last: where a page goes on. */
export type Position = readonly (string | number | boolean | null)[];

/** One SQL expression of the order. Unassigned values are last ascending and first descending, as an index has them. */
interface Key extends SortKey {
  readonly descending: boolean;
}

/**
 * The whole order: the terms, then `id`, the SQL of the id, which makes it total. A term that is the id ends it: ids are
 * in order of creation. `row` names the rows; `backward` turns the order around.
 */
export function keysOf(terms: readonly SortTerm[], row: RowName, id: string, backward: boolean): readonly Key[] {
  const end = terms.findIndex(isId);
  const before = end < 0 ? terms : terms.slice(0, end);
  const { descending = false } = (end < 0 ? terms.at(-1) : terms[end]) ?? {};
  const last: Key = { sql: id, cast: 'uuid', nullable: false, descending };
  const keys = [...before.map(({ target, descending: way }) => ({ ...sortKey(target, row), descending: way })), last];
  return keys.map((key) => (backward ? { ...key, descending: !key.descending } : key));
}

const isId = ({ target: { attribute, sub } }: SortTerm): boolean =>
  !sub && attribute.store.kind === 'column' && attribute.store.column === 'id';

export const orderBy = (keys: readonly Key[]): string =>
  keys.map(({ sql, descending }) => `${sql} ${descending ? 'desc' : 'asc'}`).join(', ');

/** The position of a row, as a SQL expression. */
export const positionSql = (keys: readonly Key[]): string =>
  `jsonb_build_array(${keys.map(({ sql }) => sql).join(', ')})`;

/**
 * The condition that a row comes after a position, as ranges that follow each other: PostgreSQL can begin reading an
 * index at each of them, and at no `or` of them.
 */
export function rangesAfter(
  keys: readonly Key[],
  position: Position,
  param: (value: unknown) => string,
): readonly string[] {
  const at = keys.map((key, index) => ({ ...key, value: position[index] ?? null }));
  const [first, ...others] = at;
  const alike = at.every(({ value, descending }) => value !== null && descending === first?.descending);
  const unassignedFollow = ({ nullable, descending }: Key) => nullable && !descending;
  if (!first || !alike || others.some(unassignedFollow)) return [afterInTurn(at, param)];
  const values = at.map(({ value, cast }) => `${param(value)}::${cast}`).join(', ');
  const assigned = `(${at.map(({ sql }) => sql).join(', ')}) ${first.descending ? '<' : '>'} (${values})`;
  return unassignedFollow(first) ? [assigned, `${first.sql} is null`] : [assigned];
}

/** The same for orders of several directions and among the unassigned: after in the first key, or equal and so on. */
function afterInTurn(
  at: readonly (Key & { readonly value: Position[number] })[],
  param: (value: unknown) => string,
): string {
  return at.reduceRight((later, { sql, value, cast, nullable, descending }) => {
    if (value === null) return `(${descending ? `${sql} is not null or ` : ''}(${sql} is null and ${later}))`;
    const placeholder = `${param(value)}::${cast}`;
    const unassigned = nullable && !descending ? ` or ${sql} is null` : '';
    return `(${sql} ${descending ? '<' : '>'} ${placeholder}${unassigned} or (${sql} = ${placeholder} and ${later}))`;
  }, 'false');
}
