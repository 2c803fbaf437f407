// What /Schemas publishes, one subject for each attribute and sub-attribute, and how one is spelled in a path.
import { discoveryDocument } from '../../src/scim/discovery.js';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER } from '../support/builders.js';
import { type Json } from '../support/tenant.js';

/** The characteristics of RFC 7643 section 7. */
export interface Published {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact?: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly uniqueness?: string;
  readonly canonicalValues?: readonly string[];
  readonly subAttributes?: readonly Published[];
}

/** An attribute, or with `sub` a sub-attribute of it. */
export interface Subject {
  readonly endpoint: '/Users' | '/Groups';
  /** The URN of its schema; common attributes belong to none. */
  readonly schema: string | undefined;
  readonly attribute: Published;
  readonly sub?: Published;
}

/** The attribute or sub-attribute that the subject is. */
export const leafOf = ({ attribute, sub }: Subject): Published => sub ?? attribute;

export const isInExtension = ({ schema }: Subject): boolean => schema === ENTERPRISE_USER;

/** `emails.value`; `urn:…:enterprise:2.0:User:department`. */
export const nameOf = (subject: Subject): string => spelled(subject, (selected) => selected);

/** The name with `select` put behind the attribute, such as `[type eq "work"]`. */
export function spelled(subject: Subject, select: (attribute: string) => string): string {
  const { schema = '', attribute, sub } = subject;
  return `${isInExtension(subject) ? `${schema}:` : ''}${select(attribute.name)}${sub ? `.${sub.name}` : ''}`;
}

/** A path as it is, with its URN, and in other letters: RFC 7644 section 3.10. */
export function spellings({ schema }: Subject, path: string): string[] {
  const full = schema === undefined || path.startsWith(schema) ? path : `${schema}:${path}`;
  // What is between quotation marks is a value.
  const shouted = full.replace(/"[^"]*"|[^"]+/g, (piece) => (piece.startsWith('"') ? piece : piece.toUpperCase()));
  return [...new Set([path, full, shouted])];
}

/** RFC 7643 section 3.1: they belong to no schema, so no document publishes them. */
const COMMON: readonly Published[] = [
  common('id', 'string', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  common('externalId', 'string', { caseExact: true }),
  common('meta', 'complex', {
    mutability: 'readOnly',
    subAttributes: [
      common('resourceType', 'string', { caseExact: true, mutability: 'readOnly' }),
      common('created', 'dateTime', { mutability: 'readOnly' }),
      common('lastModified', 'dateTime', { mutability: 'readOnly' }),
      common('location', 'reference', { caseExact: true, mutability: 'readOnly' }),
      common('version', 'string', { caseExact: true, mutability: 'readOnly' }),
    ],
  }),
];

function common(name: string, type: string, more: Partial<Published>): Published {
  return { name, type, multiValued: false, required: false, mutability: 'readWrite', returned: 'default', ...more };
}

/** Every attribute and sub-attribute of the documents, and of RFC 7643 section 3.1 for both types. */
export function subjectsOf(documents: readonly Json[]): readonly Subject[] {
  const schemas: readonly { id?: string; attributes: readonly Published[] }[] = documents;
  const of = (schema: string | undefined, endpoint: Subject['endpoint']) => {
    const found = schemas.find(({ id }) => id === schema);
    return (found?.attributes ?? COMMON).flatMap((attribute): Subject[] => [
      { endpoint, schema, attribute },
      ...(attribute.subAttributes ?? []).map((sub) => ({ endpoint, schema, attribute, sub })),
    ]);
  };
  return [
    ...of(undefined, '/Users'),
    ...of(CORE_USER, '/Users'),
    ...of(ENTERPRISE_USER, '/Users'),
    ...of(undefined, '/Groups'),
    ...of(CORE_GROUP, '/Groups'),
  ];
}

/** The documents as the service would publish them: the names of the tests are needed before the server runs. */
export const documentsToCome = (): readonly Json[] =>
  (discoveryDocument(['Schemas'], new URLSearchParams(), '') as Json).Resources;
