// Cursors to places far into a list, sealed as the service seals them: nobody has to walk there.
import { type Position } from '../../../src/directory/keyset.js';
import { listRows } from '../../../src/directory/lists.js';
import { allUsers } from '../../../src/directory/sources.js';
import { userType } from '../../../src/directory/resourceTypes.js';
import { readIn, requestContext } from '../../../src/directory/scope.js';
import { EVERYTHING } from '../../../src/filter/resolvedFilter.js';
import { type Call } from '../../../src/scim/call.js';
import { sealProgress } from '../../../src/scim/cursor.js';
import { listRequest, requestedSort } from '../../../src/scim/listRequest.js';
import { newNotes } from '../../../src/scim/notes.js';
import { type Ground, type Tenant } from '../ground.js';
import { type CursorPlace, type Person } from '../requests.js';

/** Where the list of people goes on, so many before its end. `sortBy`: nothing is the order of creation. */
export async function cursorNearEnd(
  ground: Ground,
  tenant: Tenant,
  sortBy: string | undefined,
  before: number,
): Promise<string> {
  const sort = requestedSort(userType, { sortBy }, { lenient: true, notes: newNotes() });
  const query = { filter: EVERYTHING, withDeleted: false, sort, backward: true, after: undefined, limit: before + 1 };
  const rows = await readIn(ground, tenant.actor, requestContext(), (scope) => listRows(scope, allUsers, query));
  const last = rows.at(-1);
  if (!last) throw new Error('the list is empty');
  return sealed(ground, tenant, sortBy, last.position);
}

/** After each of the people, in the order of creation. */
export const placesAfter = (ground: Ground, tenant: Tenant, people: readonly Person[]): readonly CursorPlace[] =>
  people.map(({ id }) => ({ cursor: sealed(ground, tenant, undefined, [id]), after: id }));

function sealed({ masterKey }: Ground, { actor }: Tenant, sortBy: string | undefined, after: Position): string {
  // What a cursor is sealed to, of all that a call is.
  const call = { actor, request: requestContext(), deps: { masterKey } } as unknown as Call;
  const request = listRequest(userType.endpoint, { sortBy, cursor: '' });
  return sealProgress(call, request, { after, total: 1_000_000 });
}
