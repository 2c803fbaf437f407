// Attributes that no column holds: `schemas` and `meta.resourceType` follow from the resource type, `meta.location` and
// `$ref` from an id. A comparison of one becomes a comparison of what it is made of.
import { type Target } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { compareValues } from './compareValues.js';
import { EVERYTHING, NOTHING, type ResolvedFilter, type ResolvedOperator } from './resolvedFilter.js';

export type Computed = 'schemas' | 'resourceType' | 'address';

/** Which of them a target is, if any. */
export function computedKind({ attribute, sub }: Target): Computed | undefined {
  if (attribute.name === 'schemas') return 'schemas';
  if (attribute.name === 'meta' && sub?.name === 'resourceType') return 'resourceType';
  if (attribute.name === 'meta' && sub?.name === 'location') return 'address';
  return (sub ?? attribute).name === '$ref' ? 'address' : undefined;
}

/**
 * `schemas`: every resource has the core schema, and an extension's where it has a value of it (RFC 7643 section 3).
 * URNs are compared without case (RFC 8141 section 3.1 for their names, and clients for the rest).
 */
export function compareSchemas(type: ResourceType, operator: ResolvedOperator, value: string): ResolvedFilter {
  const matches = (urn: string) => compareValues(urn, operator, value, false);
  if (matches(type.core.id)) return EVERYTHING;
  const filters = type.extensions
    .filter(({ id }) => matches(id))
    .flatMap((schema) =>
      schema.attributes.map((attribute) => ({ kind: 'present', target: { schema, attribute } }) as const),
    );
  return { kind: 'or', filters };
}

export const compareResourceType = (type: ResourceType, operator: ResolvedOperator, value: string): ResolvedFilter =>
  compareValues(type.name, operator, value, true) ? EVERYTHING : NOTHING;

/**
 * The end of an address that tells one resource from another, such as `/Users/2819c223`; undefined where the address
 * is of no such resource. What comes before depends on the name the service is called by.
 */
export const endOfAddress = (address: string, typeName: string): string | undefined =>
  new RegExp(`(?:^|/)(${typeName}s/[^/]+)$`).exec(address)?.[1]?.replace(/^/, '/');
