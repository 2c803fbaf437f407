// Attributes as JSON Schema (draft 2020-12 vocabulary that AJV's default also knows): what AJV validates a resource with.
import { type Attribute, MAX_VALUES } from './attribute.js';
import { type ResourceType } from './resourceType.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a POST or PUT body whose attribute names are spelled as declared. `null` is unassigned everywhere. */
export function jsonSchema(type: ResourceType): JsonSchema {
  const writable = (attributes: readonly Attribute[]) =>
    attributes.filter(({ mutability }) => mutability !== 'readOnly');
  const common = writable(type.common).filter(({ name }) => name === 'externalId');
  const core = [...common, ...writable(type.core.attributes)];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: type.name,
    description: type.description,
    type: 'object',
    required: ['schemas', ...core.filter(({ required }) => required).map(({ name }) => name)],
    properties: {
      schemas: { type: 'array', minItems: 1, items: { type: 'string' } },
      ...propertiesOf(core),
      ...Object.fromEntries(
        type.extensions.map(({ id, description, attributes }) => [
          id,
          { description, type: ['object', 'null'], properties: propertiesOf(writable(attributes)) },
        ]),
      ),
    },
  };
}

const propertiesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map((attribute) => [attribute.name, valueSchema(attribute)]));

/** The schema of a value of one attribute. */
export function valueSchema(attribute: Attribute): JsonSchema {
  const { description, multiValued, required, store } = attribute;
  const element = elementSchema(attribute);
  const limit = store.kind === 'list' ? { maxItems: MAX_VALUES } : {};
  if (multiValued) return { description, type: ['array', 'null'], ...limit, items: element };
  if (required) return { description, ...element, pattern: '\\S' };
  return { description, ...element, type: [element.type, 'null'] };
}

/** The schema of one element of a multi-valued attribute, or of the value of a single one. */
export function elementSchema({ type, subAttributes = [] }: Attribute): JsonSchema {
  switch (type) {
    case 'string':
    case 'reference':
    case 'binary':
    case 'dateTime':
      return { type: 'string' };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: 'integer' };
    case 'decimal':
      return { type: 'number' };
    case 'complex':
      return { type: 'object', properties: propertiesOf(subAttributes) };
  }
}
