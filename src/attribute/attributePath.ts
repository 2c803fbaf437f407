// The name of an attribute as RFC 7644 section 3.10 writes it: [URN ":"] attribute ["." sub-attribute].
import { type Attribute, type Schema } from './attribute.js';
import { type ResourceType } from './resourceType.js';

export interface AttributePath {
  /** As it was written. */
  readonly text: string;
  /** The URN before the last colon, if there is one. */
  readonly schema?: string;
  readonly name: string;
  readonly sub?: string;
}

/** What a path names in a resource type. */
export interface Target {
  readonly schema: Schema | undefined;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

const NAME = '[A-Za-z][A-Za-z0-9_-]*';
const PATH = new RegExp(`^(?:(urn:[A-Za-z0-9:._-]+):)?(${NAME})(?:\\.(\\$?${NAME}))?$`, 'i');

/** Returns undefined where the text is not a path at all. */
export function parseAttributePath(text: string): AttributePath | undefined {
  const match = PATH.exec(text);
  if (!match) return undefined;
  const [, schema, name = '', sub] = match;
  return { text, name, ...(schema ? { schema } : {}), ...(sub ? { sub } : {}) };
}

/**
 * What a path names, or undefined: the caller refuses in its own word (`invalidFilter` in a filter, `invalidPath` in a
 * PATCH). Names and URNs are compared without case. With `shortNames`, attributes of an extension are also found
 * without their URN where no core attribute has the name.
 */
export function findAttribute(
  type: ResourceType,
  path: AttributePath,
  options: { shortNames: boolean },
): Target | undefined {
  for (const [schema, attributes] of schemasFor(type, path, options.shortNames)) {
    const attribute = byName(attributes, path.name);
    if (!attribute) continue;
    if (path.sub === undefined) return { schema, attribute };
    const sub = byName(attribute.subAttributes ?? [], path.sub);
    return sub && { schema, attribute, sub };
  }
  return undefined;
}

/** The extension whose URN the path is, as in `{"op":"remove","path":"urn:…:enterprise:2.0:User"}`. */
export const findExtension = (type: ResourceType, text: string): Schema | undefined =>
  type.extensions.find((schema) => same(schema.id, text));

export const byName = <T extends { readonly name: string }>(list: readonly T[], name: string): T | undefined =>
  list.find((item) => same(item.name, name));

function schemasFor(
  type: ResourceType,
  path: AttributePath,
  shortNames: boolean,
): [Schema | undefined, readonly Attribute[]][] {
  const { core, extensions, common } = type;
  const { schema } = path;
  if (schema === undefined) {
    const short = shortNames ? extensions : [];
    return [[undefined, common], [core, core.attributes], ...short.map(withAttributes)];
  }
  if (same(core.id, schema))
    return [
      [core, core.attributes],
      [undefined, common],
    ];
  return extensions.filter((extension) => same(extension.id, schema)).map(withAttributes);
}

const withAttributes = (schema: Schema): [Schema, readonly Attribute[]] => [schema, schema.attributes];

const same = (a: string, b: string): boolean => a.length === b.length && a.toLowerCase() === b.toLowerCase();
