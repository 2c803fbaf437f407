// What a filter may name: the attributes that the running server's /Schemas publishes, and those RFC 7643 section 3.1
// gives to every resource, which no document has.
import { type Json, type Name } from './tree.js';

/** The characteristics of RFC 7643 section 7 that a filter depends on. */
export interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: string;
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

/** The attributes of one schema; `extension` where their values are under its URN. */
export interface SchemaWords {
  readonly urn: string;
  readonly extension: boolean;
  readonly attributes: readonly Attribute[];
}

export interface Vocabulary {
  readonly resourceType: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly schemas: readonly [SchemaWords, ...SchemaWords[]];
}

/** What a name means. */
export interface Meaning {
  readonly schema: SchemaWords;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:';
const EXTENSION = 'urn:ietf:params:scim:schemas:extension:';

const one = (name: string, type: string, caseExact: boolean): Attribute => ({
  name,
  type,
  multiValued: false,
  caseExact,
});

/** RFC 7643 section 3.1. URNs are compared without case (RFC 8141 section 3.1). */
const commonOf = (resourceType: string): readonly Attribute[] => [
  one('id', 'string', true),
  one('externalId', 'string', true),
  { name: 'schemas', type: 'reference', multiValued: true, caseExact: false },
  {
    name: 'meta',
    type: 'complex',
    multiValued: false,
    subAttributes: [
      one('resourceType', 'string', true),
      one('created', 'dateTime', false),
      one('lastModified', 'dateTime', false),
      { ...one('location', 'reference', true), referenceTypes: [resourceType] },
      one('version', 'string', true),
    ],
  },
];

/** The vocabulary of a resource type, of the `Resources` that GET /Schemas answers. */
export function vocabularyOf(resourceType: 'User' | 'Group', documents: readonly Json[]): Vocabulary {
  const attributesOf = (document: Json) => document.attributes as readonly Attribute[];
  const core = documents.find(({ id }) => id === `${CORE}${resourceType}`);
  if (!core) throw new Error(`/Schemas does not publish ${resourceType}`);
  const extensions = documents.filter(({ id }) => {
    const urn = String(id);
    return urn.startsWith(EXTENSION) && urn.endsWith(`:${resourceType}`);
  });
  const words = (document: Json, extension: boolean, more: readonly Attribute[]): SchemaWords => ({
    urn: String(document.id),
    extension,
    attributes: [...more, ...attributesOf(document)],
  });
  return {
    resourceType,
    endpoint: resourceType === 'User' ? '/Users' : '/Groups',
    schemas: [words(core, false, commonOf(resourceType)), ...extensions.map((document) => words(document, true, []))],
  };
}

/** What a name means in profile RFC: an attribute of an extension is only found by its URN. */
export function meaningOf({ urn, attribute, sub }: Name, { schemas }: Vocabulary): Meaning | undefined {
  const wanted = (urn ?? schemas[0].urn).toLowerCase();
  const schema = schemas.find((candidate) => candidate.urn.toLowerCase() === wanted);
  const found = schema?.attributes.find(({ name }) => name === attribute);
  if (!schema || !found) return undefined;
  if (sub === undefined) return { schema, attribute: found };
  const part = partOf(found, sub);
  return part && { schema, attribute: found, sub: part };
}

export const partOf = ({ subAttributes }: Attribute, name: string): Attribute | undefined =>
  subAttributes?.find((part) => part.name === name);

/**
 * What a comparison is about: of a complex attribute that is its `value` (RFC 7644 section 3.4.2.2). Undefined where it
 * has none.
 */
export function comparedPart({ attribute, sub }: Pick<Meaning, 'attribute' | 'sub'>): Attribute | undefined {
  if (sub) return sub;
  return attribute.type === 'complex' ? partOf(attribute, 'value') : attribute;
}

/** An address of a resource of this service: it is compared by what it identifies. */
export const isAddress = ({ type, referenceTypes }: Attribute): boolean =>
  type === 'reference' && (referenceTypes ?? []).some((name) => name === 'User' || name === 'Group');
