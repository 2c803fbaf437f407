// The bodies Entra ID sends, in either dialect of PATCH.
import { type Group, type Person } from '../organisation/organisation.js';
import { MAPPINGS, MANAGER, type Value } from './mapping.js';
import { ENTERPRISE, writeAt } from './paths.js';

/** With the flag in the Tenant URL operations are in lower case, values typed, and changes merged. */
export const DIALECTS = ['default', 'aadOptscim062020'] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The body of POST /Users. */
export function userBody(person: Person): Record<string, unknown> {
  const body: Record<string, unknown> = { schemas: [CORE_USER, ENTERPRISE] };
  for (const { place, source } of MAPPINGS) {
    const value = source(person);
    if (value !== undefined) writeAt(body, place, value);
  }
  return { ...body, meta: { resourceType: 'User' }, roles: [] };
}

/** The body of POST /Groups: members come later. */
export const groupBody = ({ objectId, displayName }: Group) => ({
  schemas: [CORE_GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
  externalId: objectId,
  displayName,
  meta: { resourceType: 'Group' },
});

/** A value to bring about, and whether the resource had one. */
export interface Change {
  readonly path: string;
  readonly value: Value;
  readonly had: boolean;
}

/** The body of a PATCH that brings about the changes. */
export const patchBody = (changes: readonly Change[], dialect: Dialect) =>
  patchOf(dialect === 'default' ? changes.map(plainOperation) : mergedOperations(changes));

export const patchOf = (operations: readonly Operation[]) => ({ schemas: [PATCH_OP], Operations: operations });

/** Entra computes `active` by an expression that yields text. */
const plainOperation = ({ path, value, had }: Change): Operation => ({
  op: had ? 'Replace' : 'Add',
  path,
  value: typeof value === 'boolean' ? (value ? 'True' : 'False') : value,
});

/** Value paths stay by themselves; of the others, what is added and what is replaced become one operation each. */
function mergedOperations(changes: readonly Change[]): readonly Operation[] {
  const isValuePath = ({ path }: Change) => path.includes('[');
  const alone = changes.filter(isValuePath).map((change) => simpleOperation(change));
  const rest = changes.filter((change) => !isValuePath(change));
  const merged = [rest.filter(({ had }) => had), rest.filter(({ had }) => !had)].flatMap((same): Operation[] => {
    const [first, second] = same;
    if (!first) return [];
    if (!second) return [simpleOperation(first)];
    return [
      { op: first.had ? 'replace' : 'add', value: Object.fromEntries(same.map(({ path, value }) => [path, value])) },
    ];
  });
  return [...alone, ...merged];
}

const simpleOperation = ({ path, value, had }: Change): Operation => ({ op: had ? 'replace' : 'add', path, value });

/** Sets or removes the manager: the id as bare text. */
export function managerPatch(manager: string | undefined, had: boolean, dialect: Dialect) {
  const spelled = (op: string) => (dialect === 'default' ? op : op.toLowerCase());
  if (manager === undefined) return patchOf([{ op: spelled('Remove'), path: MANAGER }]);
  return patchOf([{ op: spelled(had ? 'Replace' : 'Add'), path: MANAGER, value: manager }]);
}

/** Adds or removes members by their ids. */
export function membersPatch(op: 'add' | 'remove', ids: readonly string[], dialect: Dialect) {
  if (dialect === 'default') {
    const value = ids.map((id) => ({ $ref: null, value: id }));
    return patchOf([{ op: op === 'add' ? 'Add' : 'Remove', path: 'members', value }]);
  }
  if (op === 'add') return patchOf([{ op, path: 'members', value: ids.map((value) => ({ value })) }]);
  return patchOf(ids.map((id) => ({ op, path: `members[value eq "${id}"]` })));
}

/** A comparison as a query, encoded as Entra does: blanks as plus signs. */
export const filterBy = (attribute: string, value: string): string =>
  new URLSearchParams({ filter: `${attribute} eq "${value.replace(/["\\]/g, '\\$&')}"` }).toString();

/** Whether the person has this manager: asked before it is written. */
export const managerProbe = (id: string, manager: string): string =>
  new URLSearchParams({ filter: `id eq "${id}" and manager eq "${manager}"`, attributes: 'id' }).toString();
