// OAuth scopes and the access levels they stand for.
import { type IssuesAccess, type UsersAndGroupsAccess } from '../directory/integration/Integration.js';

export const SCOPES = ['scim.read', 'scim.write', 'issues.access'] as const;
export type Scope = (typeof SCOPES)[number];

/** What an app integration, or a token of it, may do. */
export interface Level {
  readonly usersAndGroups: UsersAndGroupsAccess;
  readonly issues: IssuesAccess;
}

const RANK = { NONE: 0, READ_ONLY: 1, FULL: 2 } satisfies Record<UsersAndGroupsAccess, number>;

/** Every scope a level has. */
export function scopesFromLevel({ usersAndGroups, issues }: Level): readonly Scope[] {
  return [
    ...(usersAndGroups === 'NONE' ? [] : (['scim.read'] as const)),
    ...(usersAndGroups === 'FULL' ? (['scim.write'] as const) : []),
    ...(issues === 'ACCESS' ? (['issues.access'] as const) : []),
  ];
}

/** `scim.write` alone reads too: it is the only scope in Microsoft's examples. */
export function levelFromScopes(scopes: readonly string[]): Level {
  return {
    usersAndGroups: scopes.includes('scim.write') ? 'FULL' : scopes.includes('scim.read') ? 'READ_ONLY' : 'NONE',
    issues: scopes.includes('issues.access') ? 'ACCESS' : 'NONE',
  };
}

/** The lesser of two levels, each part for itself. */
export function lesserLevel(a: Level, b: Level): Level {
  return {
    usersAndGroups: RANK[a.usersAndGroups] < RANK[b.usersAndGroups] ? a.usersAndGroups : b.usersAndGroups,
    issues: a.issues === 'ACCESS' && b.issues === 'ACCESS' ? 'ACCESS' : 'NONE',
  };
}

/** RFC 6749 section 3.3: the scopes asked for, or undefined when one is unknown or more than the level has. */
export function grantScopes(requested: string | undefined, level: Level): readonly Scope[] | undefined {
  const had = scopesFromLevel(level);
  const names = [...new Set((requested ?? '').split(' ').filter((name) => name !== ''))];
  if (names.length === 0) return had;
  const granted = names.flatMap((name) => had.filter((scope) => scope === name));
  return granted.length === names.length ? granted : undefined;
}
