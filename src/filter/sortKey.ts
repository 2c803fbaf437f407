// What a list is sorted by, as a SQL expression of a row: RFC 7644 section 3.4.2.3. The same places a filter compares.
import { byName, type Target } from '../attribute/attributePath.js';
import { firstInEdge, primaryInList } from './sqlElements.js';
import { type Place, type RowName } from './sqlPlace.js';
import { placeInRow } from './sqlRow.js';

export interface SortKey {
  readonly sql: string;
  readonly cast: 'text' | 'timestamptz' | 'uuid' | 'boolean' | 'numeric';
  readonly nullable: boolean;
}

/** Of a text without a column for it, in characters: a cursor has in it what a row is sorted by. Then the id decides. */
const SORTED_BY = 256;

/**
 * The single value a target is sorted by: itself, or the `value` of a complex one. Undefined where there is none, as for
 * `name` and `addresses` without a sub-attribute.
 */
export function sortTarget(target: Target): Target | undefined {
  const { attribute, sub } = target;
  if (attribute.name === 'schemas') return undefined;
  if (sub || attribute.type !== 'complex') return target;
  const value = byName(attribute.subAttributes ?? [], 'value');
  return value && { ...target, sub: value };
}

/** Case counts where the attribute says so. Of several values the primary one is meant, else the first. */
export function sortKey(target: Target, row: RowName): SortKey {
  const { attribute } = target;
  return keyOf(placeOf(target, row), !attribute.required);
}

function placeOf(target: Target, row: RowName): Place {
  const { store } = target.attribute;
  if (target.sub && store.kind === 'list') return primaryInList(store, target.sub, row);
  if (target.sub && store.kind === 'edge') return firstInEdge(store.edge, target.sub, row);
  return placeInRow(target, row);
}

function keyOf(place: Place, nullable: boolean): SortKey {
  switch (place.as) {
    case 'text': {
      const text = `left(${place.sql}, ${SORTED_BY})`;
      const folded = place.key ?? (place.caseExact ? text : `fold(${text})`);
      return { sql: `${folded} collate "C"`, cast: 'text', nullable };
    }
    case 'id':
    case 'address':
      return { sql: place.sql, cast: 'uuid', nullable };
    case 'timestamp':
      return { sql: place.sql, cast: 'timestamptz', nullable: false };
    case 'boolean':
      return { sql: place.sql, cast: 'boolean', nullable };
    case 'number':
      return { sql: place.sql, cast: 'numeric', nullable };
    case 'link':
      return { sql: `left(${place.sql}, ${SORTED_BY}) collate "C"`, cast: 'text', nullable };
    case 'linked': {
      const { sql } = keyOf(place.place, nullable);
      return { sql: `(select ${sql} ${place.from})`, cast: 'text', nullable: true };
    }
    case 'json':
      return { sql: `(${place.sql} #>> '{}') collate "C"`, cast: 'text', nullable: true };
  }
}
