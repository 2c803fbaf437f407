// Which attributes an answer shows: `returned` (RFC 7643 section 7) and the request's attributes and excludedAttributes
// (RFC 7644 section 3.9).
import { type Attribute } from './attribute.js';
import { type Target, findAttribute, findExtension, parseAttributePath } from './attributePath.js';
import { Refusal } from '../refusal.js';
import { type ResourceType, attributesOfType } from './resourceType.js';

/** For an attribute: shown whole, shown with these sub-attributes only, or not shown. */
export interface Projection {
  readonly isDefault: boolean;
  shows(attribute: Attribute): boolean;
  /** The sub-attribute names to show, or undefined for all of them. */
  parts(attribute: Attribute): ReadonlySet<string> | undefined;
}

const EVERYTHING: Projection = {
  isDefault: true,
  shows: ({ returned }) => isShownByDefault(returned),
  parts: () => undefined,
};

/** Reads the two lists: comma-separated paths in any spelling; unknown names are ignored. */
export function projection(
  type: ResourceType,
  attributes: string | undefined,
  excluded: string | undefined,
): Projection {
  const wanted = attributes === undefined || attributes.trim() === '' ? undefined : targets(type, attributes);
  const unwanted = excluded === undefined ? [] : targets(type, excluded);
  if (wanted === undefined && unwanted.length === 0) return EVERYTHING;
  const hidden = new Set(unwanted.filter(({ sub }) => !sub).map(({ attribute }) => attribute));
  return {
    isDefault: false,
    shows: (attribute) => {
      if (attribute.returned === 'always') return true;
      if (attribute.returned === 'never' || hidden.has(attribute)) return false;
      return wanted === undefined
        ? isShownByDefault(attribute.returned)
        : wanted.some((target) => target.attribute === attribute);
    },
    parts: (attribute) => shownParts(attribute, wanted, unwanted),
  };
}

function shownParts(
  attribute: Attribute,
  wanted: readonly Target[] | undefined,
  unwanted: readonly Target[],
): ReadonlySet<string> | undefined {
  const asked = wanted?.filter((target) => target.attribute === attribute) ?? [];
  const without = unwanted.filter((target) => target.attribute === attribute).flatMap(({ sub }) => (sub ? [sub] : []));
  const whole = asked.length === 0 || asked.some(({ sub }) => !sub);
  if (whole && without.length === 0) return undefined;
  const subs = whole ? (attribute.subAttributes ?? []) : asked.flatMap(({ sub }) => (sub ? [sub] : []));
  return new Set(subs.filter((sub) => !without.includes(sub)).map(({ name }) => name));
}

/** Of `attributes` and of `excludedAttributes`, in characters; as long as a filter may be. */
const LONGEST_LIST = 8192;

/** A value filter in a path (`emails[type eq "work"]`) is not part of RFC 7644 section 3.9: the whole attribute is meant. */
function targets(type: ResourceType, list: string): Target[] {
  if (list.length > LONGEST_LIST) {
    throw new Refusal('invalidValue', `A list of attributes may have ${LONGEST_LIST} characters at most.`);
  }
  const names = list
    .toLowerCase()
    .replace(/\[[^[\]]*\]/g, '')
    .split(',')
    .map((name) => name.trim());
  return [...new Set(names)].flatMap((name) => {
    const schema = findExtension(type, name);
    if (schema) return schema.attributes.map((attribute) => ({ schema, attribute }));
    const path = parseAttributePath(name);
    const target = path && findAttribute(type, path, { shortNames: true });
    return target ? [target] : [];
  });
}

const isShownByDefault = (returned: Attribute['returned']): boolean => returned === 'always' || returned === 'default';

/** The attribute declared under a name, for code that needs one of them. */
export function attributeNamed(type: ResourceType, name: string): Attribute {
  const found = attributesOfType(type).find(({ attribute }) => attribute.name === name);
  if (!found) throw new Error(`${type.name} has no attribute ${name}`);
  return found.attribute;
}
