// AJV, compiled once: resources by the schemas made from the registry, messages by their own.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Attribute } from '../attribute/attribute.js';
import { elementSchema, jsonSchema, valueSchema } from '../attribute/jsonSchema.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { resourceTypes } from '../directory/resourceTypes.js';
import { Refusal } from '../refusal.js';
import { isObject } from './json.js';

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: false });
const validators = new Map<string, ValidateFunction>(
  resourceTypes.map((type) => [type.name, ajv.compile(jsonSchema(type))]),
);

/**
 * Checks a resource whose names are as declared. A body without `schemas` is `invalidSyntax` (RFC 7643 section 3), a
 * value that does not suit its attribute `invalidValue`; the detail names the attribute.
 */
export function validateResource(type: ResourceType, document: Readonly<Record<string, unknown>>): void {
  const { schemas } = document;
  if (!Array.isArray(schemas) || schemas.length === 0 || !schemas.every((urn) => typeof urn === 'string')) {
    throw new Refusal('invalidSyntax', `schemas must be a list that names ${type.core.id}.`);
  }
  const validate = validators.get(type.name);
  if (!validate) throw new Error(`No validator for ${type.name}`);
  if (!validate(document)) throw new Refusal('invalidValue', explained(validate.errors?.[0]));
}

/** Checks one value of an attribute, or one element of a multi-valued one. Refuses with `invalidValue`. */
export function validateValue(
  attribute: Attribute,
  value: unknown,
  name: string,
  what: 'value' | 'element' = 'value',
): void {
  const validate = validatorFor(attribute, what);
  if (!validate(value)) throw new Refusal('invalidValue', explained(validate.errors?.[0], name));
}

const valueValidators = {
  value: new Map<Attribute, ValidateFunction>(),
  element: new Map<Attribute, ValidateFunction>(),
};

function validatorFor(attribute: Attribute, what: 'value' | 'element'): ValidateFunction {
  const known = valueValidators[what].get(attribute);
  if (known) return known;
  const made = ajv.compile(what === 'value' ? valueSchema(attribute) : elementSchema(attribute));
  valueValidators[what].set(attribute, made);
  return made;
}

/** Checks the envelope of a message: an object whose `schemas` names the message. Refuses with `invalidSyntax`. */
export function assertMessage(body: unknown, urn: string): Readonly<Record<string, unknown>> {
  if (!isObject(body)) throw new Refusal('invalidSyntax', 'The body must be a JSON object.');
  const schemas = Object.entries(body).find(([key]) => key.toLowerCase() === 'schemas')?.[1];
  if (!Array.isArray(schemas) || !schemas.some((one) => same(one, urn))) {
    throw new Refusal('invalidSyntax', `schemas must name ${urn}.`);
  }
  return body;
}

function explained(error: ErrorObject | undefined, name = ''): string {
  if (!error) return 'The body is not valid.';
  const { instancePath, keyword, params } = error;
  const inner = spelled(instancePath);
  const path = name === '' || inner === '' || inner.startsWith('[') ? `${name}${inner}` : `${name}.${inner}`;
  switch (keyword) {
    case 'required':
      return `${path === '' ? '' : `${path}.`}${String(params.missingProperty)} is required.`;
    case 'type':
      return `${path} must be ${expected(params.type)}.`;
    case 'pattern':
      return `${path} must not be blank.`;
    default:
      return `${path} ${error.message ?? 'is not valid'}.`;
  }
}

/** `/emails/0/value` as `emails[0].value`; a URN keeps its colon. */
const spelled = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => {
      if (/^\d+$/.test(part)) return `${path}[${part}]`;
      if (path === '') return part;
      return `${path}${path.startsWith('urn:') && !path.includes(']') && path.endsWith(':User') ? ':' : '.'}${part}`;
    }, '');

function expected(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).filter((name) => name !== 'null').map(String);
  const articles: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'an object',
    string: 'text',
    boolean: 'true or false',
  };
  return names.map((name) => articles[name] ?? name).join(' or ');
}

const same = (a: unknown, b: string): boolean => typeof a === 'string' && a.toLowerCase() === b.toLowerCase();
