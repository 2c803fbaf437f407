// The attributes of RFC 7643, sections 3.1, 4.1, 4.2 and 4.3, written down again: the oracle shares no table with the
// service. What SPEC.md section 4 and 5 leave out (password, nested groups) is left out here too.

export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export type Kind = 'string' | 'boolean' | 'binary' | 'complex';

export interface Rule {
  readonly name: string;
  readonly kind: Kind;
  readonly many: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable';
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly parts: readonly Rule[];
}

export interface Schema {
  readonly urn: string;
  readonly type: 'User' | 'Group';
  /** Common attributes (RFC 7643, 3.1) and those of the core schema. */
  readonly core: readonly Rule[];
  readonly extension: readonly Rule[];
}

const rule = (name: string, more: Partial<Rule> = {}): Rule => ({
  name,
  kind: 'string',
  many: false,
  mutability: 'readWrite',
  required: false,
  caseExact: false,
  parts: [],
  ...more,
});

const texts = (...names: readonly string[]): Rule[] => names.map((name) => rule(name));

const complex = (name: string, parts: readonly Rule[], more: Partial<Rule> = {}): Rule =>
  rule(name, { kind: 'complex', parts, ...more });

/** A list of values that have a type and may be the primary one: RFC 7643, 2.4. */
const list = (name: string, value: readonly Rule[]): Rule =>
  complex(name, [...value, rule('type'), rule('primary', { kind: 'boolean' })], { many: true });

const valued = (name: string, value: Partial<Rule> = {}): Rule => list(name, [rule('value', value), rule('display')]);

const exact = (name: string, more: Partial<Rule> = {}): Rule => rule(name, { caseExact: true, ...more });

const common: readonly Rule[] = [
  exact('id', { mutability: 'readOnly' }),
  exact('externalId'),
  complex('meta', texts('resourceType', 'created', 'lastModified', 'location', 'version'), { mutability: 'readOnly' }),
  exact('schemas', { many: true }),
];

export const USER: Schema = {
  urn: CORE_USER,
  type: 'User',
  core: [
    ...common,
    rule('userName', { required: true }),
    complex('name', texts('formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix')),
    ...texts('displayName', 'nickName', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'),
    exact('profileUrl'),
    rule('active', { kind: 'boolean' }),
    ...['emails', 'phoneNumbers', 'ims', 'entitlements', 'roles'].map((name) => valued(name)),
    valued('photos', { caseExact: true }),
    list('addresses', texts('formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country')),
    complex('groups', [exact('value'), exact('$ref'), rule('display'), rule('type')], {
      many: true,
      mutability: 'readOnly',
    }),
    valued('x509Certificates', { kind: 'binary', caseExact: true }),
  ],
  extension: [
    ...texts('employeeNumber', 'costCenter', 'organization', 'division', 'department'),
    complex('manager', [exact('value'), exact('$ref'), rule('displayName', { mutability: 'readOnly' })]),
  ],
};

export const GROUP: Schema = {
  urn: CORE_GROUP,
  type: 'Group',
  core: [
    ...common,
    rule('displayName', { required: true }),
    complex(
      'members',
      [
        exact('value', { mutability: 'immutable' }),
        exact('$ref', { mutability: 'immutable' }),
        rule('type', { mutability: 'immutable' }),
        rule('display', { mutability: 'readOnly' }),
      ],
      { many: true },
    ),
  ],
  extension: [],
};

/** RFC 7643, 2.1: "Attribute names are case insensitive". */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export const ruleNamed = (rules: readonly Rule[], name: string): Rule | undefined =>
  rules.find((one) => sameName(one.name, name));
