// A filter that means something for one resource type: every name is an attribute, every value of its type. Only this
// reaches storage. What the RFC defines by something else is already replaced: `ne` is not `eq`, `eq null` is not `pr`,
// and a comparison of a multi-valued attribute is a `within`.
import { type Target } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';

export type ResolvedOperator = 'eq' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** Text is as it was written, not folded. */
export type ResolvedValue = string | number | boolean | Date;

export interface ResolvedComparison {
  readonly kind: 'compare';
  /** Of one value: `sub` for a part of a single complex attribute. Within brackets the attribute is the sub-attribute. */
  readonly target: Target;
  readonly operator: ResolvedOperator;
  readonly value: ResolvedValue;
}

export interface ResolvedPresence {
  readonly kind: 'present';
  readonly target: Target;
}

/** One element of a multi-valued attribute satisfies the filter. */
export interface ResolvedWithin {
  readonly kind: 'within';
  readonly target: Target;
  readonly filter: ResolvedFilter;
}

/** From a row to others: a person's manager, everybody above, the groups of a person, the members of a group. */
export type Relation = 'manager' | 'above' | 'groups' | 'members';

/** One of the rows a relation leads to satisfies the filter, which is of their type. SCIM's language has no words for it. */
export interface ResolvedRelated {
  readonly kind: 'related';
  readonly relation: Relation;
  readonly type: ResourceType;
  readonly filter: ResolvedFilter;
}

/** One of the words the row is searched by begins with the folded text. Not in SCIM's language either. */
export interface ResolvedWord {
  readonly kind: 'word';
  readonly prefix: string;
}

export type ResolvedFilter =
  | ResolvedComparison
  | ResolvedPresence
  | ResolvedWithin
  | ResolvedRelated
  | ResolvedWord
  | { readonly kind: 'and' | 'or'; readonly filters: readonly ResolvedFilter[] }
  | { readonly kind: 'not'; readonly filter: ResolvedFilter };

export const EVERYTHING: ResolvedFilter = { kind: 'and', filters: [] };
export const NOTHING: ResolvedFilter = { kind: 'or', filters: [] };

/** The filters that must all hold for this one to hold: none where everything is selected. */
export const conjuncts = (filter: ResolvedFilter): readonly ResolvedFilter[] =>
  filter.kind === 'and' ? filter.filters.flatMap(conjuncts) : [filter];

export const not = (filter: ResolvedFilter): ResolvedFilter => ({ kind: 'not', filter });
