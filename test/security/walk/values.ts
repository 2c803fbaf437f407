// Values of one tenant by what they are, such as `userId`, and the same kinds of values that nobody has. Every text of a
// tenant begins with its mark, so that it is known wherever it turns up.
import { randomBytes, randomUUID } from 'node:crypto';

/** By name: `userId`, `User:title`. */
export type Values = Readonly<Record<string, string>>;

/** A mark is a letter and the tag of the run. Texts of `foreign` and `nobody` sort alike among all others. */
export interface Marks {
  readonly tag: string;
  readonly own: string;
  readonly foreign: string;
  readonly nobody: string;
}

export function newMarks(): Marks {
  const tag = `q${randomBytes(4).toString('hex')}q`;
  return { tag, own: `a${tag}`, foreign: `m${tag}`, nobody: `n${tag}` };
}

export const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Values of the same form and length as those of a tenant, which nobody has. */
export function nobodysValues(values: Values, marks: Marks): Values {
  return Object.fromEntries(Object.entries(values).map(([kind, value]) => [kind, nobodys(kind, value, marks)]));
}

function nobodys(kind: string, value: string, { foreign, nobody }: Marks): string {
  if (value.includes(foreign)) return value.replaceAll(foreign, nobody);
  // The moment stays, so that it sorts as the other does.
  if (new RegExp(UUID.source).test(value))
    return value.replaceAll(UUID, (id) => `${id.slice(0, 24)}${randomUUID().slice(24)}`);
  if (kind === 'etag') return 'W/"977"';
  if (kind === 'createdAt') return new Date(new Date(value).getTime() - 13).toISOString();
  // Cursors, secrets, tokens, slugs: other characters of the same kind.
  const half = Math.floor(value.length / 2);
  return value.slice(0, half) + value.slice(half).replace(/[a-z0-9]/gi, (letter) => turned(letter));
}

const turned = (letter: string): string => {
  const kind = /\d/.test(letter) ? '0123456789' : /[a-z]/.test(letter) ? 'abcdef' : 'ABCDEF';
  return kind[(kind.indexOf(letter) + 1) % kind.length] ?? letter;
};

/** Kinds whose values are ids of resources, as SCIM has them. */
export const ID_KINDS = [
  'userId',
  'groupId',
  'managerId',
  'localUserId',
  'localGroupId',
  'protectedUserId',
  'deactivatedUserId',
  'deletedUserId',
  'clientId',
  'tenantId',
  'secretId',
  'changeId',
  'entryId',
] as const;

/** Kinds whose values are names that people know. */
export const NAME_KINDS = [
  'User:userName',
  'User:emails.value',
  'User:externalId',
  'User:displayName',
  'Group:displayName',
  'Group:externalId',
  'localUserName',
  'protectedUserName',
  'deletedUserName',
  'slug',
  'integrationName',
] as const;

export const valueOf = (values: Values, kind: string): string => {
  const value = values[kind];
  if (value === undefined) throw new Error(`There is no value of kind ${kind}`);
  return value;
};
