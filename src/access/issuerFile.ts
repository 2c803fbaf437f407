// The external issuers this deployment trusts: a JSON file named by TRUSTED_ISSUERS_FILE, read once at the start. Nothing
// in a token can add to it. docs/issuers.md explains every field.
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config.js';
import { type Role } from '../directory/actor.js';
import { isSlug, SLUG_RULE } from '../directory/tenant/tenants.js';
import { PERSON_KEYS, type PersonKey } from '../directory/personByClaim.js';
import {
  type Fields,
  isObject,
  needed,
  neededList,
  neededMap,
  neededObject,
  noteMistake,
  optional,
  optionalObject,
  readFields,
  type Rule,
} from './jsonFields.js';

interface AnyIssuer {
  /** Exactly as tokens say it in `iss`. */
  readonly issuer: string;
  readonly jwksUrl: URL;
  readonly algorithm: string;
  /** Of a token, from `iat` to `exp`. */
  readonly longestSeconds: number;
}

/** Whose access tokens are accepted at SCIM and GraphQL. */
export interface BearerIssuer extends AnyIssuer {
  readonly rule: 'cognito' | 'oidc';
  /** The one audience; undefined with `cognito`, whose access tokens have none. */
  readonly audience: string | undefined;
  /** What `typ` may be. */
  readonly types: readonly (string | undefined)[];
  /** The claim that names the client which asked for the token. */
  readonly clientClaim: string;
  readonly integrations: IntegrationRule | undefined;
  readonly people: PeopleRule | undefined;
}

/** Whose tokens are accepted as client assertions at the token endpoint. */
export interface AssertionIssuer extends AnyIssuer {
  readonly rule: 'assertion';
  /** How often the same assertion may be used. */
  readonly uses: number;
}

export type TrustedIssuer = BearerIssuer | AssertionIssuer;

export interface IntegrationRule {
  readonly scopeClaim: string;
  /** What stands before our scopes' names. */
  readonly scopePrefix: string;
}

/** A value of a claim, or of our own for each of some values. */
export interface ClaimTable<Value> {
  readonly claim: string;
  readonly values: ReadonlyMap<string, Value>;
}

export interface PeopleRule {
  /** The clients that people sign in with. */
  readonly clients: readonly string[];
  /** The slug of the one tenant, or of a tenant for each value of a claim. */
  readonly tenant: string | ClaimTable<string>;
  readonly person: { readonly claim: string; readonly matches: PersonKey };
  readonly roles: ClaimTable<Role>;
}

/** Stands for any Entra tenant in an issuer of assertions. */
export const TENANT_ID = '{tenantid}';

/** The trusted issuers; none without a file. Throws ConfigError with every mistake of the file. */
export async function readIssuerFile(file: string | undefined, publicUrl: string): Promise<readonly TrustedIssuer[]> {
  if (file === undefined) return [];
  const mistakes: string[] = [];
  const issuers = readFields(await readJson(file), 'TRUSTED_ISSUERS_FILE', mistakes, (root) =>
    neededList(root, 'issuers', (fields) => issuerFrom(fields, publicUrl)),
  );
  const seen = issuers.map(({ issuer, rule }) => `${rule === 'assertion'} ${issuer}`);
  issuers.forEach(({ issuer }, n) => {
    if (seen.indexOf(seen[n] ?? '') < n) mistakes.push(`TRUSTED_ISSUERS_FILE: ${issuer} is given twice`);
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return issuers;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ConfigError([`TRUSTED_ISSUERS_FILE: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

const RULES = ['cognito', 'oidc', 'assertion'] as const;
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
const ROLES = ['FRONTEND', 'ANALYST', 'ADMIN'] as const satisfies readonly Role[];

function issuerFrom(fields: Fields, publicUrl: string): TrustedIssuer {
  const rule = needed(fields, 'rule', oneOf(RULES)) ?? 'oidc';
  const any = {
    issuer: needed(fields, 'issuer', issuerRule(rule, publicUrl)) ?? '',
    jwksUrl: needed(fields, 'jwksUrl', JWKS_URL) ?? new URL('https://invalid.example'),
    algorithm: needed(fields, 'algorithm', oneOf(ALGORITHMS)) ?? 'RS256',
    longestSeconds: 60 * (optional(fields, 'longestMinutes', wholeNumber(1, 1440)) ?? 90),
  };
  switch (rule) {
    case 'assertion':
      return { ...any, rule, uses: optional(fields, 'uses', wholeNumber(1, 1000)) ?? 1 };
    case 'cognito':
      // RFC 9068's type is not Cognito's: its tokens have none.
      return {
        ...any,
        rule,
        audience: undefined,
        types: [undefined, 'jwt'],
        clientClaim: 'client_id',
        ...whose(fields),
      };
    case 'oidc': {
      const audience = needed(fields, 'audience', TEXT);
      const types = optional(fields, 'type', oneOf(['at+jwt', 'JWT'])) === 'JWT' ? ['jwt', undefined] : ['at+jwt'];
      const clientClaim = optional(fields, 'clientClaim', TEXT) ?? 'client_id';
      return { ...any, rule, audience, types, clientClaim, ...whose(fields) };
    }
  }
}

function whose(fields: Fields): Pick<BearerIssuer, 'integrations' | 'people'> {
  const integrations = optionalObject(fields, 'integrations', (inner) => ({
    scopeClaim: optional(inner, 'scopeClaim', TEXT) ?? 'scope',
    scopePrefix: needed(inner, 'scopePrefix', ANY_TEXT) ?? '',
  }));
  const people = optionalObject(fields, 'people', peopleFrom);
  if (!integrations && !people) noteMistake(fields, '"integrations", "people" or both are needed');
  return { integrations, people };
}

const peopleFrom = (fields: Fields): PeopleRule => ({
  clients: needed(fields, 'clients', TEXTS) ?? [],
  tenant: isObject(fields.values.get('tenant'))
    ? (optionalObject(fields, 'tenant', (inner) => tableFrom(inner, SLUG)) ?? '')
    : (needed(fields, 'tenant', SLUG) ?? ''),
  person: neededObject(fields, 'person', (inner) => ({
    claim: needed(inner, 'claim', TEXT) ?? '',
    matches: needed(inner, 'matches', oneOf(PERSON_KEYS)) ?? 'id',
  })) ?? { claim: '', matches: 'id' },
  roles: neededObject(fields, 'roles', (inner) => tableFrom(inner, oneOf(ROLES))) ?? { claim: '', values: new Map() },
});

const tableFrom = <Value>(fields: Fields, rule: Rule<Value>): ClaimTable<Value> => ({
  claim: needed(fields, 'claim', TEXT) ?? '',
  values: neededMap(fields, 'values', rule),
});

const oneOf = <Word extends string>(words: readonly Word[]): Rule<Word> => ({
  allowed: `one of ${words.join(', ')}`,
  parse: (value) => words.find((word) => word === value),
});

const wholeNumber = (least: number, most: number): Rule<number> => ({
  allowed: `a whole number from ${least} to ${most}`,
  parse: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined,
});

const ANY_TEXT: Rule<string> = { allowed: 'a text', parse: (value) => (typeof value === 'string' ? value : undefined) };
const TEXT: Rule<string> = {
  allowed: 'a text that is not empty',
  parse: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};
const TEXTS: Rule<readonly string[]> = {
  allowed: 'a list of at least one text',
  parse: (value) => {
    const texts = Array.isArray(value) ? value.flatMap((each: unknown) => TEXT.parse(each) ?? []) : [];
    return Array.isArray(value) && texts.length === value.length && texts.length > 0 ? texts : undefined;
  },
};
const SLUG: Rule<string> = {
  allowed: `a tenant: ${SLUG_RULE}`,
  parse: (value) => (typeof value === 'string' && isSlug(value) ? value : undefined),
};

const SECURE = 'an https URL without user and fragment (http for 127.0.0.1, ::1 and localhost only)';

/** Key sets come over TLS. Loopback is this machine itself. */
function secureUrl(value: unknown): URL | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url || url.username || url.password || url.hash) return undefined;
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) ? url : undefined;
}

const JWKS_URL: Rule<URL> = { allowed: SECURE, parse: secureUrl };

const issuerRule = (rule: (typeof RULES)[number], publicUrl: string): Rule<string> => ({
  allowed: `${SECURE}, not this service's own${rule === 'assertion' ? `; ${TENANT_ID} may stand for an Entra tenant` : ''}`,
  parse: (value) => {
    if (typeof value !== 'string' || value === publicUrl) return undefined;
    const plain = rule === 'assertion' ? value.replace(`/${TENANT_ID}/`, '/x/') : value;
    return /[{}*]/.test(plain) || !secureUrl(plain) ? undefined : value;
  },
});
