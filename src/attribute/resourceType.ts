// A resource type of RFC 7643 section 6: its core schema, its extensions, and the attributes every resource has.
import { type Attribute, type Schema, attribute, part } from './attribute.js';

export interface ResourceType {
  readonly name: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly description: string;
  readonly core: Schema;
  readonly extensions: readonly Schema[];
  /** `id`, `externalId`, `meta`, `schemas`: RFC 7643 section 3.1. */
  readonly common: readonly Attribute[];
  /** The table that holds its rows. */
  readonly table: string;
}

const column = (property: string, name: string) => ({ kind: 'column', property, column: name }) as const;

/** RFC 7643 section 3.1. Every resource table has these columns under these names. */
export const commonAttributes: readonly Attribute[] = [
  attribute('id', 'string', column('id', 'id'), 'The identifier this directory gave the resource. It never changes.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'string', column('externalId', 'external_id'), "The identity provider's own identifier.", {
    caseExact: true,
  }),
  attribute('schemas', 'reference', { kind: 'part' }, 'The URNs of the schemas whose attributes the resource has.', {
    multiValued: true,
    returned: 'always',
  }),
  attribute('meta', 'complex', { kind: 'part' }, 'When and where: kept by this directory.', {
    mutability: 'readOnly',
    subAttributes: [
      part('resourceType', 'User or Group.', { mutability: 'readOnly', caseExact: true }),
      attribute('created', 'dateTime', column('createdAt', 'created_at'), 'When the resource was first made.', {
        mutability: 'readOnly',
      }),
      attribute('lastModified', 'dateTime', column('updatedAt', 'updated_at'), 'When it last changed.', {
        mutability: 'readOnly',
      }),
      part('location', 'The address of the resource.', { type: 'reference', mutability: 'readOnly' }),
      attribute('version', 'string', column('version', 'version'), 'Its weak ETag.', {
        mutability: 'readOnly',
        caseExact: true,
      }),
    ],
  }),
];

/** Every schema of a type with its attributes, the common ones first (they belong to no schema). */
export const attributesOfType = (type: ResourceType): { schema: Schema | undefined; attribute: Attribute }[] => [
  ...type.common.map((one) => ({ schema: undefined, attribute: one })),
  ...[type.core, ...type.extensions].flatMap((schema) => schema.attributes.map((one) => ({ schema, attribute: one }))),
];
