// Who is asking. Made by `access/` from a token; every door to the data takes one.
import {
  type CompatibilityProfile,
  type IssuesAccess,
  type RequestBudget,
  type UsersAndGroupsAccess,
} from './integration/Integration.js';

/** The roles of GraphQL callers. */
export type Role = 'FRONTEND' | 'ANALYST' | 'ADMIN';

interface AnyActor {
  readonly tenantId: string;
  readonly tenantSlug: string;
}

/** A program: an app integration. `usersAndGroups` is what this token may do, at most what the integration may. */
export interface IntegrationActor extends AnyActor {
  readonly kind: 'INTEGRATION';
  readonly id: string;
  readonly name: string;
  readonly usersAndGroups: UsersAndGroupsAccess;
  readonly issues: IssuesAccess;
  readonly compatibility: CompatibilityProfile;
  readonly provisioningEnabled: boolean;
  readonly groupAdoptionAllowed: boolean;
  /** Null where its requests are not counted. */
  readonly budget: RequestBudget | null;
}

/** A person, through SpeakUp's own sign-in. `id` is null for an unnamed person of a role. */
export interface PersonActor extends AnyActor {
  readonly kind: 'PERSON';
  readonly id: string | null;
  readonly role: Role;
}

/** The service itself or its operator, at the command line. */
export interface SystemActor extends AnyActor {
  readonly kind: 'SYSTEM';
  readonly id: null;
}

export type Actor = IntegrationActor | PersonActor | SystemActor;

/** Whether an actor may change people and groups. */
export function mayWrite(actor: Actor): boolean {
  switch (actor.kind) {
    case 'INTEGRATION':
      return actor.usersAndGroups === 'FULL';
    case 'PERSON':
      return actor.role === 'ADMIN';
    case 'SYSTEM':
      return true;
  }
}
