// Every contract of schema/ that is made from the code, by its file name.
import { jsonSchema } from '../src/attribute/jsonSchema.js';
import { resourceTypeDocument, schemaDocument } from '../src/attribute/schemaDocument.js';
import { resourceTypes } from '../src/directory/resourceTypes.js';
import { printedSchema } from '../src/graphql/schema.js';
import { serviceProviderConfig } from '../src/scim/serviceProviderConfig.js';

const BASE = 'https://directory.example.com/scim/v2';

/** File name below schema/ and text. */
export function contracts(): Record<string, string> {
  const schemas = resourceTypes.flatMap(({ core, extensions }) => [core, ...extensions]);
  return {
    ...Object.fromEntries(schemas.map((schema) => [`scim/${schema.name}.json`, json(schemaDocument(schema, BASE))])),
    'scim/ResourceTypes.json': json(resourceTypes.map((type) => resourceTypeDocument(type, BASE))),
    'scim/ServiceProviderConfig.json': json(serviceProviderConfig(BASE)),
    'graphql/directory.graphql': printedSchema(),
    ...Object.fromEntries(resourceTypes.map((type) => [`json-schema/${type.name}.json`, json(jsonSchema(type))])),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
