// One comparison in SQL: what the value is stored as decides how.
import { fold } from '../attribute/attributeType.js';
import { type ResolvedOperator, type ResolvedValue } from './resolvedFilter.js';
import { type Place, type SqlParameters } from './sqlPlace.js';

const SIGNS = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

/** RFC 7644 table 3 as a boolean SQL expression. Null where the value is unassigned. */
export function compareToSql(
  place: Place,
  operator: ResolvedOperator,
  value: ResolvedValue,
  sql: SqlParameters,
): string {
  switch (place.as) {
    case 'text':
      return compareTextToSql(place, operator, String(value), sql);
    case 'id':
      if (operator === 'eq') return idEquals(place.sql, String(value), sql);
      return compareTextToSql({ sql: `${place.sql}::text`, caseExact: true }, operator, String(value), sql);
    case 'address':
      return idEquals(place.sql, String(value).replace(/^.*\//s, ''), sql);
    case 'link':
      return compareLinkToSql(place, operator, String(value), sql);
    case 'linked':
      // A join, where comparing a sub-query's value would be one look-up for each row.
      return `exists (select 1 ${place.from} and ${compareToSql(place.place, operator, value, sql)})`;
    case 'timestamp':
      return `${place.sql} ${signOf(operator)} ${sql.param(timestampFrom(value))}::timestamptz`;
    case 'boolean':
      // No parameter: a plan for any value could not begin at an index of few.
      return `${place.sql} = ${value === true ? 'true' : 'false'}`;
    case 'number':
      return `${place.sql} ${signOf(operator)} ${sql.param(value)}::numeric`;
    case 'json':
      return `${place.sql} ${signOf(operator)} ${sql.param(JSON.stringify(value))}::jsonb`;
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// Another text than a UUID would make the cast fail. Ids are compared in the spelling they were given in.
const idEquals = (column: string, value: string, sql: SqlParameters): string =>
  UUID.test(value) ? `${column} = ${sql.param(value)}::uuid` : 'false';

// As it was sent, case and all; the key is there for the index.
function compareLinkToSql(
  { sql: received, key }: Extract<Place, { as: 'link' }>,
  operator: ResolvedOperator,
  value: string,
  sql: SqlParameters,
): string {
  const exact = compareTextToSql({ sql: received, caseExact: true }, operator, value, sql);
  return operator === 'eq' ? `(${key} = ${sql.param(fold(value))} and ${exact})` : exact;
}

function compareTextToSql(
  place: { readonly sql: string; readonly caseExact: boolean; readonly key?: string },
  operator: ResolvedOperator,
  value: string,
  sql: SqlParameters,
): string {
  const asked = place.caseExact ? value : fold(value);
  const folded = place.key ?? (place.caseExact ? place.sql : `fold(${place.sql})`);
  switch (operator) {
    case 'eq':
      return `${folded} = ${sql.param(asked)}`;
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return `${folded} collate "C" ${SIGNS[operator]} ${sql.param(asked)}`;
    case 'sw':
      return startsWith(folded, asked, sql);
    case 'co':
      return `${folded} like ${sql.param(`%${escapeLike(asked)}%`)}`;
    case 'ew':
      return `${folded} like ${sql.param(`%${escapeLike(asked)}`)}`;
  }
}

/** A range, which an index can serve; under "C" text is in the order of its code points. */
export function startsWith(folded: string, prefix: string, sql: SqlParameters): string {
  const from = `${folded} collate "C" >= ${sql.param(prefix)}`;
  const next = afterAllWith(prefix);
  return next === undefined ? from : `(${from} and ${folded} collate "C" < ${sql.param(next)})`;
}

/** The least text, by code points, that is after every text with the prefix; undefined where there is none. */
function afterAllWith(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Between the two are surrogates, which are no characters.
  const next = last === 0xd7ff ? 0xe000 : last + 1;
  return String.fromCodePoint(...points, next);
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

// Offsets can put a moment into a year that has no four digits; nothing is stored there.
function timestampFrom(value: ResolvedValue): string {
  const date = new Date(value instanceof Date ? value : String(value));
  if (date.getUTCFullYear() < 1) return '-infinity';
  return date.getUTCFullYear() > 9999 ? 'infinity' : date.toISOString();
}

function signOf(operator: ResolvedOperator): string {
  switch (operator) {
    case 'eq':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return SIGNS[operator];
    case 'co':
    case 'sw':
    case 'ew':
      throw new Error(`resolveFilter lets no ${operator} through for a value that is not text`);
  }
}
