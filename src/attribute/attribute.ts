// What an attribute is: RFC 7643 sections 2 and 7, as data. An attribute is declared once, with the store that holds
// it; schema documents, JSON Schemas, filter targets, PATCH rules, projection and history are functions of that.
import { type AttributeType } from './attributeType.js';

export type Mutability = 'readWrite' | 'readOnly' | 'immutable' | 'writeOnly';
export type Returned = 'always' | 'default' | 'request' | 'never';

/** Where a value lives. Each consumer has one `switch` over these five. */
export type Store =
  /** A column of the row; `key` is the column an index finds it by: folded text. */
  | { readonly kind: 'column'; readonly property: string; readonly column: string; readonly key?: string }
  /** A small JSON list owned by the row; `keys` is the table that holds its folded values, for finding by an index. */
  | { readonly kind: 'list'; readonly property: string; readonly column: string; readonly keys?: string }
  /** A reference to one row: `column` the resolved foreign key, `received` the value as it was sent, `key` that folded. */
  | {
      readonly kind: 'link';
      readonly property: string;
      readonly column: string;
      readonly received: string;
      readonly key: string;
    }
  /** Rows of the link table between users and groups. */
  | { readonly kind: 'edge'; readonly edge: 'members' | 'groups' }
  /** Inside its parent's value. */
  | { readonly kind: 'part' };

/** The most values a multi-valued attribute of one row has; members are rows of their own. Lists are compared value by value. */
export const MAX_VALUES = 500;

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  readonly store: Store;
}

/** What may be said of an attribute beyond its name, store and description; the rest are RFC 7643 section 2.2's defaults. */
export type Characteristics = Partial<
  Pick<
    Attribute,
    'required' | 'caseExact' | 'mutability' | 'returned' | 'uniqueness' | 'canonicalValues' | 'referenceTypes'
  >
>;

/** A schema of RFC 7643 section 7: a URN and its attributes. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** An attribute with RFC 7643 section 2.2's defaults filled in. */
export function attribute(
  name: string,
  type: AttributeType,
  store: Store,
  description: string,
  more: Characteristics & { multiValued?: boolean; subAttributes?: readonly Attribute[] } = {},
): Attribute {
  return {
    name,
    type,
    description,
    store,
    multiValued: false,
    required: false,
    // RFC 7643 section 7: references are case exact; section 2.3.6: so is binary.
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  };
}

/** A sub-attribute: lives inside its parent's value. */
export const part = (name: string, description: string, more: Characteristics & { type?: AttributeType } = {}) => {
  const { type = 'string', ...rest } = more;
  return attribute(name, type, { kind: 'part' }, description, rest);
};

type Subs = readonly Attribute[];

/** Builders bound to an entity: the second argument is one of its properties, so a binding to a missing one does not compile. */
export function attributesOf<Entity>() {
  type Property = keyof Entity & string;
  type ColumnMore = Characteristics & { key?: Property };
  const plain =
    (type: AttributeType) =>
    (name: string, property: Property, description: string, { key, ...more }: ColumnMore = {}) =>
      attribute(name, type, columnStore(property, key), description, more);
  return {
    text: plain('string'),
    flag: plain('boolean'),
    date: plain('dateTime'),
    reference: plain('reference'),
    /** A single complex value, kept as one JSON object. */
    complex: (name: string, property: Property, description: string, subAttributes: Subs) =>
      attribute(name, 'complex', columnStore(property), description, { subAttributes }),
    /** A small multi-valued complex attribute, kept as a JSON list on the row. */
    list: (
      name: string,
      property: Property,
      description: string,
      subAttributes: Subs,
      more: { keys?: string } = {},
    ) => {
      const store: Store = { kind: 'list', property, column: columnName(property), ...more };
      return attribute(name, 'complex', store, description, { subAttributes, multiValued: true });
    },
    /** A reference to one row of this directory; `received` holds the value as it was sent, `key` that folded. */
    link: (name: string, { property, ...of }: LinkOf<Property>, description: string, subAttributes: Subs) => {
      const columns = { column: columnName(of.id), received: columnName(of.received), key: columnName(of.key) };
      const store: Store = { kind: 'link', property, ...columns };
      return attribute(name, 'complex', store, description, { subAttributes });
    },
  };
}

type LinkOf<Property> = Readonly<Record<'property' | 'id' | 'received' | 'key', Property>>;

const columnStore = (property: string, key?: string): Store => ({
  kind: 'column',
  property,
  column: columnName(property),
  ...(key ? { key: columnName(key) } : {}),
});

/** A large set kept in a table of its own. */
export const edge = (
  name: string,
  which: 'members' | 'groups',
  description: string,
  subAttributes: readonly Attribute[],
  more: Characteristics = {},
) =>
  attribute(name, 'complex', { kind: 'edge', edge: which }, description, { ...more, multiValued: true, subAttributes });

/** The column that holds a property: `userName` is in `user_name`. */
export const columnName = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
