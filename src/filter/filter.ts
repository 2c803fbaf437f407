// A filter as it was written: RFC 7644 section 3.4.2.2 as data. Names and literals are not checked against any schema
// yet; that is `resolveFilter`. Columns count characters from 1 and are there for messages.
import { type AttributePath } from '../attribute/attributePath.js';

export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** What profile ENTRA forgives in a filter; noted when it was used. */
export type FilterLeniency =
  /** `externalId eq jyoung`, as Microsoft's own documents have it. */
  | 'unquotedFilterValue'
  /** `roles[primary eq "True"]`. */
  | 'stringBoolean'
  /** `manager eq "…"`. */
  | 'enterpriseNameWithoutUrn';

export type Literal = string | number | boolean | null;

export interface Comparison {
  readonly kind: 'compare';
  readonly column: number;
  readonly path: AttributePath;
  readonly operator: CompareOperator;
  readonly literal: Literal;
  /** A number as it was written: who leaves out quotes may mean the text `0012.50`. */
  readonly digits?: string;
}

export interface Presence {
  readonly kind: 'present';
  readonly column: number;
  readonly path: AttributePath;
}

/** A value path: one element satisfies all of the filter. */
export interface Within {
  readonly kind: 'within';
  readonly column: number;
  readonly path: AttributePath;
  readonly filter: Filter;
}

export type Filter =
  | Comparison
  | Presence
  | Within
  | { readonly kind: 'and' | 'or'; readonly column: number; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly column: number; readonly filter: Filter };

/** The path of a PATCH operation: RFC 7644 section 3.5.2. */
export interface PatchPath {
  /**
   * `path.text` is the whole path as it was written (a bare schema URN is compared with that); `path.sub` is the
   * sub-attribute, be it after the name or after the brackets.
   */
  readonly path: AttributePath;
  /** What the brackets hold. */
  readonly filter?: Filter;
}

/** The filter in its plainest spelling: RFC 7644 section 3.4.2.2. Parsing that gives the same filter. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'compare':
      return `${filter.path.text} ${filter.operator} ${filter.digits ?? JSON.stringify(filter.literal)}`;
    case 'present':
      return `${filter.path.text} pr`;
    case 'within':
      return `${filter.path.text}[${printFilter(filter.filter)}]`;
    case 'not':
      return `not (${printFilter(filter.filter)})`;
    case 'and':
    case 'or':
      return filter.filters.map(printOperand).join(` ${filter.kind} `);
  }
}

const printOperand = (filter: Filter): string =>
  filter.kind === 'and' || filter.kind === 'or' ? `(${printFilter(filter)})` : printFilter(filter);
