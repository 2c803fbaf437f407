// Builders say only what matters to a test; the rest is made up and different each time.
import { randomBytes } from 'node:crypto';

export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const unique = (): string => randomBytes(5).toString('hex');

/** The body of a POST /Users. */
export function aUser(attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const userName = `person.${unique()}@fabriek.example`;
  return {
    schemas: [CORE_USER, ...(ENTERPRISE_USER in attributes ? [ENTERPRISE_USER] : [])],
    userName,
    emails: [{ primary: true, type: 'work', value: userName }],
    active: true,
    ...attributes,
  };
}

/** The body of a POST /Groups. */
export const aGroup = (attributes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  schemas: [CORE_GROUP],
  displayName: `Group ${unique()}`,
  ...attributes,
});

/** One member of each element of a list in an answer, such as the ids of its Resources. */
export const each = (list: unknown, name: string): string[] =>
  (list as readonly Readonly<Record<string, string>>[]).map((element) => element[name] ?? 'absent');

/** The body of a PATCH. */
export const patchOf = (...operations: readonly object[]) => ({ schemas: [PATCH_OP], Operations: operations });
