// The cursors of RFC 9865: where the next page begins, sealed to tenant, integration and list, for an hour.
import { openCursor, sealCursor } from '../access/sealedCursor.js';
import { type Position } from '../directory/keyset.js';
import { Refusal } from '../refusal.js';
import { type Call } from './call.js';
import { type ListRequest } from './listRequest.js';

/** Published in ServiceProviderConfig. */
export const CURSOR_SECONDS = 3600;

/** Where a walk goes on. The number of all was counted on its first page. */
export interface Progress {
  readonly after: Position;
  readonly total: number;
}

interface Sealed extends Progress {
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export function sealProgress(call: Call, request: ListRequest, progress: Progress): string {
  const sealed: Sealed = { ...progress, expires: call.request.now.getTime() + CURSOR_SECONDS * 1000 };
  return sealCursor(call.deps.masterKey, about(call, request), sealed);
}

/** Undefined for the first page. Refuses with `invalidCursor`, the same for forged, foreign and changed ones, and `expiredCursor`. */
export function openProgress(call: Call, request: ListRequest): Progress | undefined {
  if (!request.cursor) return undefined;
  const sealed = openCursor(call.deps.masterKey, about(call, request), request.cursor) as Sealed | undefined;
  if (!sealed) {
    throw new Refusal(
      'invalidCursor',
      'This cursor is not one of this list. A cursor is good for the same filter, sortBy and sortOrder it came from: begin again with an empty cursor.',
    );
  }
  if (sealed.expires > call.request.now.getTime()) return sealed;
  throw new Refusal('expiredCursor', 'This cursor is older than an hour. Begin again with an empty cursor.');
}

const about = ({ actor }: Call, { name }: ListRequest): string => `scim ${actor.tenantId} ${actor.id} ${name}`;
