// The elements of a multi-valued attribute in SQL: those of a JSON list on the row, and rows of the link table.
import { type Attribute, type Store } from '../attribute/attribute.js';
import { fold } from '../attribute/attributeType.js';
import { compareToSql } from './compareToSql.js';
import { type ResolvedFilter } from './resolvedFilter.js';
import { type Place, type Places, type Row, type RowName, jsonPlace } from './sqlPlace.js';

/** The condition that one element satisfies all of the filter: RFC 7644 section 3.4.2.2, complex attribute filters. */
export function existsInList(store: Extract<Store, { kind: 'list' }>, filter: ResolvedFilter, row: Row): string {
  const { alias, sql, conditionOf } = row;
  const places = placesOf((part) => jsonPlace('element.item', part));
  const found = keyCondition(store, filter, row);
  const exists = `exists (select 1 from jsonb_array_elements(${alias}.${store.column}) as element(item) where ${conditionOf(filter, places, sql)})`;
  return found === undefined ? exists : `(${found} and ${exists})`;
}

/** The same of members or groups; without a filter: that there is one. */
export function existsInEdge(edge: 'members' | 'groups', filter: ResolvedFilter, row: Row): string {
  const { alias, tenant, sql, conditionOf } = row;
  const { table, here, there, type } = EDGES[edge];
  const value = requiredValue(filter);
  if (value !== undefined && filter.kind === 'compare') {
    // From the one element to its rows: from each row to its elements would be all of them.
    const found = compareToSql(edgePlace(filter.target.attribute, there, type), 'eq', value, sql);
    return `${alias}.id in (select edge.${here} from membership edge where edge.tenant_id = ${tenant} and ${found})`;
  }
  const condition = conditionOf(
    filter,
    placesOf((part) => edgePlace(part, there, type)),
    sql,
  );
  // The other side is read only where its name is asked for.
  const other = condition.includes('other.')
    ? ` join ${table} other on other.tenant_id = edge.tenant_id and other.id = edge.${there}`
    : '';
  return `exists (select 1 from membership edge${other} where edge.tenant_id = ${tenant} and edge.${here} = ${alias}.id and ${condition})`;
}

/** A part of the one element a list is sorted by: the primary one, else the first. */
export function primaryInList(
  { column }: Extract<Store, { kind: 'list' }>,
  part: Attribute,
  { alias }: RowName,
): Place {
  const element = `(select item from jsonb_array_elements(${alias}.${column}) with ordinality as listed (item, n)
    order by (item->>'primary' = 'true') is true desc, n limit 1)`;
  return jsonPlace(element, part);
}

/** The same of members or groups: the one with the least id, which is shown first. */
export function firstInEdge(edge: 'members' | 'groups', part: Attribute, { alias, tenant }: RowName): Place {
  const { table, here, there, type } = EDGES[edge];
  const first = (sql: string, join = '') =>
    `(select ${sql} from membership edge${join} where edge.tenant_id = ${tenant} and edge.${here} = ${alias}.id order by edge.${there} limit 1)`;
  const place = edgePlace(part, there, type);
  if (place.as !== 'text') return { ...place, sql: first(place.sql) };
  const { key, ...text } = place;
  const join = ` join ${table} other on other.tenant_id = edge.tenant_id and other.id = edge.${there}`;
  return { ...text, sql: first(key ?? place.sql, join), caseExact: true };
}

const EDGES = {
  members: { table: 'directory_user', here: 'group_id', there: 'user_id', type: 'User' },
  groups: { table: 'directory_group', here: 'user_id', there: 'group_id', type: 'direct' },
} as const;

function edgePlace(part: Attribute, there: string, type: string): Place {
  switch (part.name) {
    case 'value':
      return { as: 'id', sql: `edge.${there}` };
    case '$ref':
      return { as: 'address', sql: `edge.${there}` };
    case 'display':
      return { as: 'text', sql: 'other.display_name', key: 'other.display_name_key', caseExact: part.caseExact };
    case 'type':
      return { as: 'text', sql: `'${type}'::text`, caseExact: part.caseExact };
    default:
      throw new Error(`no place for ${part.name}`);
  }
}

const placesOf = (place: (part: Attribute) => Place): Places => ({
  place: ({ attribute }) => place(attribute),
  present: ({ attribute }) => `${place(attribute).sql} is not null`,
  within: () => {
    throw new Error('resolveFilter refuses brackets within brackets');
  },
  related: () => {
    throw new Error('an element is related to nothing');
  },
  word: () => {
    throw new Error('an element has no words');
  },
});

// Row-level security keeps PostgreSQL from any index inside the JSON, so equal values are found by the key table first.
function keyCondition(
  { keys }: Extract<Store, { kind: 'list' }>,
  filter: ResolvedFilter,
  { alias, tenant, sql }: Row,
): string | undefined {
  const value = keys === undefined ? undefined : requiredValue(filter);
  // An empty address has no key.
  if (value === undefined || value === '') return undefined;
  return `${alias}.id in (select found.user_id from ${keys} found where found.tenant_id = ${tenant} and found.key = ${sql.param(fold(value))})`;
}

/** What `value` must be equal to for the filter to be true. */
function requiredValue(filter: ResolvedFilter): string | undefined {
  switch (filter.kind) {
    case 'compare':
      return filter.operator === 'eq' && filter.target.attribute.name === 'value' ? String(filter.value) : undefined;
    case 'and':
      return filter.filters.map(requiredValue).find((value) => value !== undefined);
    case 'or':
    case 'not':
    case 'present':
    case 'within':
    case 'related':
    case 'word':
      return undefined;
  }
}
