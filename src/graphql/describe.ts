// What the registry of attributes says, for GraphQL's types: a text is described once, next to where it is stored.
import { Field } from 'type-graphql';
import { findAttribute, parseAttributePath, type Target } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';

/** The attribute a path such as `name.givenName` or `department` names. */
export function targetOf(type: ResourceType, text: string): Target {
  const path = parseAttributePath(text);
  const target = path && findAttribute(type, path, { shortNames: true });
  if (!target) throw new Error(`${type.name} has no attribute ${text}`);
  return target;
}

export const descriptionOf = (type: ResourceType, path: string): string => {
  const { attribute, sub } = targetOf(type, path);
  return (sub ?? attribute).description;
};

/** Declares optional fields of one type on a class, under the names and with the descriptions of attributes. */
export function declareFields(
  owner: { readonly prototype: object },
  fieldType: () => object,
  type: ResourceType,
  paths: Readonly<Record<string, string>>,
): void {
  for (const [name, path] of Object.entries(paths)) {
    Field(fieldType, { nullable: true, description: descriptionOf(type, path) })(owner.prototype, name);
  }
}
