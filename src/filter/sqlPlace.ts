// What a condition in SQL is about: the values of a row, or of one element of it, and how each is stored.
import { type Attribute } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { type ResolvedFilter, type ResolvedRelated } from './resolvedFilter.js';

/** Where the parameters of a statement go: returns the placeholder, such as `$3`. */
export interface SqlParameters {
  param(value: unknown): string;
}

/** A value in SQL, and how it is to be compared. */
export type Place =
  | {
      readonly as: 'text';
      readonly sql: string;
      readonly caseExact: boolean;
      /** The column with the folded text. */
      readonly key?: string;
    }
  /** An address ends with the id, and that is what is stored. */
  | { readonly as: 'id' | 'address' | 'boolean' | 'number' | 'timestamp'; readonly sql: string }
  /** A reference as it was sent; `key` is the column with that folded. */
  | { readonly as: 'link'; readonly sql: string; readonly key: string }
  /** A value of the row a reference means, which `from` selects; `sql` is the value alone. */
  | { readonly as: 'linked'; readonly sql: string; readonly from: string; readonly place: Place }
  /** A value inside JSON, as jsonb. */
  | { readonly as: 'json'; readonly sql: string };

/** What a condition can be about. */
export interface Places {
  readonly place: (target: Target) => Place;
  readonly present: (target: Target) => string;
  readonly within: (target: Target, filter: ResolvedFilter) => string;
  readonly related: (filter: ResolvedRelated) => string;
  readonly word: (prefix: string) => string;
}

/** What a statement calls a row. */
export interface RowName {
  readonly type: Pick<ResourceType, 'table'>;
  readonly alias: string;
  /** SQL of the tenant's id. */
  readonly tenant: string;
}

/** The row of a statement with conditions. */
export interface Row extends RowName {
  readonly sql: SqlParameters;
  readonly conditionOf: (filter: ResolvedFilter, places: Places, sql: SqlParameters) => string;
}

/** A value that is JSON inside `json`. */
export function jsonPlace(json: string, { name, type, caseExact }: Attribute): Place {
  switch (type) {
    case 'string':
    case 'reference':
    case 'binary':
      return { as: 'text', sql: `(${json}->>'${name}')`, caseExact };
    case 'boolean':
    case 'integer':
    case 'decimal':
      return { as: 'json', sql: `(${json}->'${name}')` };
    case 'dateTime':
      return { as: 'timestamp', sql: `(${json}->>'${name}')::timestamptz` };
    case 'complex':
      throw new Error('RFC 7643 section 2.3.8: a sub-attribute is not complex');
  }
}
