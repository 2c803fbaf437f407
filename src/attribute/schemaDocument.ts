// Attributes as the schema documents of RFC 7643 section 7, served at /Schemas.
import { type Attribute, type Schema } from './attribute.js';
import { type ResourceType } from './resourceType.js';

export const SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
export const RESOURCE_TYPE_URN = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';

/** The document of one schema. `base` is the address of the SCIM face. */
export const schemaDocument = ({ id, name, description, attributes }: Schema, base: string) => ({
  schemas: [SCHEMA_URN],
  id,
  name,
  description,
  attributes: attributes.map(attributeDocument),
  meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
});

/** The document of a resource type: RFC 7643 section 6. */
export const resourceTypeDocument = (
  { name, endpoint, description, core, extensions }: ResourceType,
  base: string,
) => ({
  schemas: [RESOURCE_TYPE_URN],
  id: name,
  name,
  endpoint,
  description,
  schema: core.id,
  schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
  meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
});

/** Absent characteristics are left out, never null: Entra's reader stumbles over null. */
function attributeDocument(attribute: Attribute): Readonly<Record<string, unknown>> {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute;
  const { canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    ...(type === 'complex' || type === 'boolean' ? {} : { caseExact }),
    mutability,
    returned,
    ...(type === 'complex' || type === 'boolean' ? {} : { uniqueness }),
    ...(canonicalValues ? { canonicalValues } : {}),
    ...(referenceTypes ? { referenceTypes } : {}),
    ...(subAttributes ? { subAttributes: subAttributes.map(attributeDocument) } : {}),
  };
}
