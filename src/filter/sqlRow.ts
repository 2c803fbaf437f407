// Where the values of a row are in SQL: one `switch` over the five stores.
import { type Attribute, type Store } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { startsWith } from './compareToSql.js';
import { EVERYTHING, type ResolvedFilter } from './resolvedFilter.js';
import { existsInEdge, existsInList } from './sqlElements.js';
import { relatedToSql } from './sqlRelated.js';
import { type Place, type Places, type Row, type RowName, jsonPlace } from './sqlPlace.js';

/** The values of a row. */
export const rowPlaces = (row: Row): Places => ({
  place: (target) => placeInRow(target, row),
  present: (target) => presentInRow(target, row),
  within: (target, filter) => withinRow(target, filter, row),
  related: (filter) => relatedToSql(filter, row, rowPlaces),
  word: (prefix) => wordToSql(prefix, row),
});

/** The value of a target that is one value. */
export function placeInRow({ attribute, sub }: Target, row: RowName): Place {
  const { store } = attribute;
  switch (store.kind) {
    case 'column':
      return sub ? jsonPlace(`${row.alias}.${store.column}`, sub) : columnPlace(attribute, store, row);
    case 'link':
      return linkPlace(store, sub, row);
    case 'part':
      if (sub?.store.kind === 'column') return columnPlace(sub, sub.store, row);
      // meta.location ends with the id.
      return { as: 'address', sql: `${row.alias}.id` };
    case 'list':
    case 'edge':
      throw new Error(`resolveFilter compares ${attribute.name} element by element`);
  }
}

function columnPlace({ type, caseExact }: Attribute, store: Extract<Store, { kind: 'column' }>, row: RowName): Place {
  const sql = `${row.alias}.${store.column}`;
  if (store.column === 'id') return { as: 'id', sql };
  // Stored as a number, shown as a weak ETag: RFC 7644 section 3.14.
  if (store.column === 'version') return { as: 'text', sql: `('W/"' || ${sql} || '"')`, caseExact };
  switch (type) {
    case 'string':
    case 'reference':
    case 'binary':
      return { as: 'text', sql, caseExact, ...(store.key ? { key: `${row.alias}.${store.key}` } : {}) };
    case 'boolean':
      return { as: 'boolean', sql };
    case 'integer':
    case 'decimal':
      return { as: 'number', sql };
    case 'dateTime':
      return { as: 'timestamp', sql };
    case 'complex':
      throw new Error('resolveFilter compares a complex attribute by its sub-attributes');
  }
}

function linkPlace(store: Extract<Store, { kind: 'link' }>, sub: Attribute | undefined, row: RowName): Place {
  const { alias, type, tenant } = row;
  const id = `${alias}.${store.column}`;
  if (sub?.name === '$ref') return { as: 'address', sql: id };
  if (sub?.name !== 'displayName')
    return { as: 'link', sql: `${alias}.${store.received}`, key: `${alias}.${store.key}` };
  const from = `from ${type.table} linked where linked.tenant_id = ${tenant} and linked.id = ${id}`;
  const place: Place = {
    as: 'text',
    sql: 'linked.display_name',
    key: 'linked.display_name_key',
    caseExact: sub.caseExact,
  };
  return { as: 'linked', sql: `(select ${place.sql} ${from})`, from, place };
}

/**
 * By the table of words, whose keys an index has in order. The prefix is a literal: from a parameter PostgreSQL could not
 * see whether it is of many or of one, and would read all people by name to find that one.
 */
function wordToSql(prefix: string, { type, alias, tenant }: Row): string {
  const of = type.table === 'directory_user' ? 'user' : 'group';
  const range = startsWith('word.key', prefix, { param: textLiteral });
  return `${alias}.id in (select word.${of}_id from ${of}_word word where word.tenant_id = ${tenant} and ${range})`;
}

/** A text by the numbers of its characters: whatever it is, there are only digits between the quotes. */
const textLiteral = (text: unknown): string =>
  `U&'${Array.from(String(text), (character) => `\\+${(character.codePointAt(0) ?? 0).toString(16).padStart(6, '0')}`).join('')}'`;

function presentInRow(target: Target, row: Row): string {
  const { attribute, sub } = target;
  const { store } = attribute;
  if (sub) return `${placeInRow(target, row).sql} is not null`;
  switch (store.kind) {
    case 'column': {
      const sql = `${row.alias}.${store.column}`;
      return attribute.type === 'complex' ? `(${sql} is not null and ${sql} <> '{}'::jsonb)` : `${sql} is not null`;
    }
    case 'list':
      return `jsonb_array_length(${row.alias}.${store.column}) > 0`;
    case 'link':
      return `${row.alias}.${store.received} is not null`;
    case 'edge':
      return existsInEdge(store.edge, EVERYTHING, row);
    case 'part':
      throw new Error(`resolveFilter knows that ${attribute.name} is always there`);
  }
}

function withinRow({ attribute }: Target, filter: ResolvedFilter, row: Row): string {
  const { store } = attribute;
  switch (store.kind) {
    case 'list':
      return existsInList(store, filter, row);
    case 'edge':
      return existsInEdge(store.edge, filter, row);
    case 'column':
    case 'link':
    case 'part':
      throw new Error(`${attribute.name} has no elements`);
  }
}
