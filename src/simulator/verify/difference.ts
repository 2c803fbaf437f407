// What is not the same at the service as in the organisation.

export type Difference =
  /** Not at the service; `why` where the service said why. */
  | { readonly kind: 'missing'; readonly what: Kind; readonly name: string; readonly why?: string }
  /** At the service, and should not be. */
  | { readonly kind: 'extra'; readonly what: Kind; readonly name: string }
  | {
      readonly kind: 'different';
      readonly what: Kind;
      readonly name: string;
      /** An attribute of the mapping, or `manager`. */
      readonly attribute: string;
      readonly expected: string;
      readonly shown: string;
    };

type Kind = 'person' | 'group' | 'member';

/** Who was asked. */
export type Witness = 'SCIM' | 'GraphQL';

export interface Verdict {
  readonly witness: Witness;
  readonly people: number;
  readonly groups: number;
  readonly memberships: number;
  /** People and groups of the service's own, which are none of this source's business. */
  readonly others: number;
  readonly differences: readonly Difference[];
  readonly seconds: number;
}
