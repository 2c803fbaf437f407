// The body of a POST or PUT: JSON to a Change. Names are brought to their declared spelling, AJV checks the types, then
// the values are taken out by the property that stores them.
import { type Attribute, type Schema } from '../attribute/attribute.js';
import { type Target, findAttribute, findExtension, parseAttributePath } from '../attribute/attributePath.js';
import { type Change, type MemberChange } from '../attribute/change.js';
import { type ResourceType, attributesOfType } from '../attribute/resourceType.js';
import { nestedGroup } from '../directory/group/members.js';
import { endOfAddress } from '../filter/computedAttributes.js';
import { Refusal } from '../refusal.js';
import { type Reading, canonicalValue } from './canonical.js';
import { type Json, compact, isObject } from './json.js';
import { validateResource } from './validateMessage.js';

/**
 * What a body sets. With `whole` (PUT) every writable attribute is set, the absent ones to null.
 * Refuses with `invalidSyntax` where the body is no resource, `invalidValue` where a value does not suit its attribute.
 */
export function changeFromBody(
  type: ResourceType,
  body: unknown,
  reading: Reading,
  { whole }: { whole: boolean },
): Change {
  const document = canonicalDocument(type, body, reading);
  validateResource(type, document);
  const set: Record<string, unknown> = {};
  let members: MemberChange | undefined;
  for (const { schema, attribute } of attributesOfType(type)) {
    const extension = schema && type.extensions.includes(schema) ? document[schema.id] : document;
    const value = isObject(extension) ? extension[attribute.name] : undefined;
    if (attribute.name === 'members') members = membersChange(value, whole);
    else if (isWritable(attribute) && (value !== undefined || whole)) {
      const property = propertyOf(attribute);
      if (property !== undefined) set[property] = storedValue(attribute, value);
    }
  }
  return { set, ...(members ? { members } : {}) };
}

/** The property of an attribute that is kept on its row. */
export function propertyOf({ store }: Attribute): string | undefined {
  switch (store.kind) {
    case 'column':
    case 'list':
    case 'link':
      return store.property;
    case 'edge':
    case 'part':
      return undefined;
  }
}

/** A checked JSON value as the directory keeps it. Refuses two primaries: RFC 7643 section 2.4 allows one. */
export function storedValue({ name, store }: Attribute, value: unknown): unknown {
  const compacted = compact(value);
  if (store.kind === 'link') return isObject(compacted) ? (compacted.value ?? idIn(name, compacted.$ref)) : null;
  if (
    Array.isArray(compacted) &&
    compacted.filter((element) => isObject(element) && element.primary === true).length > 1
  ) {
    throw new Refusal('invalidValue', `${name} has more than one value marked primary; one at most may be.`);
  }
  return compacted;
}

/**
 * RFC 7643 section 8.7.1 lets a client write `manager.$ref`: the same reference as `value`, said as an address. `value`
 * counts where both are there: Entra sends addresses of its own making beside it.
 */
function idIn(name: string, address: unknown): string | null {
  if (typeof address !== 'string') return null;
  const end = endOfAddress(address, 'User');
  if (end !== undefined) return end.slice('/Users/'.length);
  throw new Refusal(
    'invalidValue',
    `${name}.$ref must be the address of a user, such as /Users/ and the id; or send value.`,
  );
}

/** The ids in a `members` value. Refuses what is no user. */
export function memberIds(value: unknown): string[] {
  const elements = Array.isArray(value) ? value : [value];
  return elements.map((element: unknown) => {
    const id = isObject(element) ? element.value : element;
    if (isObject(element) && typeof element.type === 'string' && element.type.toLowerCase() === 'group') {
      throw nestedGroup();
    }
    if (typeof id !== 'string' || id === '')
      throw new Refusal('invalidValue', 'Each of members needs a value: the id of a user.');
    return id;
  });
}

const membersChange = (value: unknown, whole: boolean): MemberChange | undefined =>
  value === undefined && !whole
    ? undefined
    : { keepOthers: !whole, add: [...new Set(memberIds(value ?? []))], remove: [] };

const isWritable = ({ mutability }: Attribute): boolean => mutability !== 'readOnly';

/** The body with every name as declared. What does not exist here is noted and left out. */
function canonicalDocument(type: ResourceType, body: unknown, reading: Reading): Json {
  if (!isObject(body)) throw new Refusal('invalidSyntax', 'The body must be a JSON object.');
  const document: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (key.toLowerCase() === 'schemas') document.schemas = value;
    else if (!findExtension(type, key)) place(document, type, key, value, reading);
  }
  // After the short names of its attributes: what stands below the URN is what counts, wherever in the body it stands.
  for (const [key, value] of Object.entries(body)) {
    const extension = findExtension(type, key);
    if (!extension) continue;
    const { id } = extension;
    const named = canonicalExtension(extension, value, reading) ?? document[id] ?? null;
    document[id] = isObject(named) ? { ...(document[id] as Json | undefined), ...named } : named;
  }
  for (const urn of Array.isArray(document.schemas) ? document.schemas : []) {
    if (
      typeof urn === 'string' &&
      urn !== type.core.id &&
      !findExtension(type, urn) &&
      urn.toLowerCase() !== type.core.id.toLowerCase()
    ) {
      reading.notes.ignored.add(urn);
    }
  }
  return document;
}

function canonicalExtension({ id, attributes }: Schema, value: unknown, reading: Reading): unknown {
  if (!isObject(value)) return value;
  const values: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const attribute = attributes.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (!attribute) reading.notes.ignored.add(`${id}:${key}`);
    else if (isWritable(attribute)) values[attribute.name] = canonicalValue(attribute, inner, reading);
  }
  return values;
}

function place(
  document: Record<string, unknown>,
  type: ResourceType,
  key: string,
  value: unknown,
  reading: Reading,
): void {
  const target = topLevel(type, key, reading);
  if (!target) {
    reading.notes.ignored.add(key);
    return;
  }
  const { schema, attribute } = target;
  if (!isWritable(attribute)) return;
  const canonical = canonicalValue(attribute, value, reading);
  if (schema && type.extensions.includes(schema)) {
    reading.notes.leniencies.add('enterpriseNameWithoutUrn');
    document[schema.id] = { ...(document[schema.id] as Json | undefined), [attribute.name]: canonical };
  } else document[attribute.name] = canonical;
}

function topLevel(type: ResourceType, key: string, { lenient }: Reading): Target | undefined {
  const path = parseAttributePath(key);
  return path && path.sub === undefined ? findAttribute(type, path, { shortNames: lenient }) : undefined;
}
