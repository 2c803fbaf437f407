// The people whose deactivation the brake holds back, as a list.
import { allUsers, type PersonRow, type Source } from '../sources.js';
import { type Instant } from '../user/userRow.js';
import { stillHeld } from './brake.js';

export interface HeldPerson extends PersonRow {
  readonly firstTriedAt: Instant;
  readonly lastTriedAt: Instant;
}

/** Those held at a moment. The moment is our own, and stands in the text. */
export const heldPeople = (now: Date): Source<HeldPerson> => ({
  type: allUsers.type,
  row: allUsers.row,
  live: allUsers.live,
  columns: `${allUsers.columns}, h.first_tried_at as "firstTriedAt", h.last_tried_at as "lastTriedAt"`,
  from: `deactivation_held h join directory_user u on u.tenant_id = h.tenant_id and u.id = h.user_id and h.tenant_id = $1
    and ${stillHeld(`'${now.toISOString()}'`)}`,
});
