// Lists of people, of groups, and at the root of both: by GET and by .search, by index and by cursor.
import { type Projection, attributeNamed } from '../attribute/projection.js';
import { type GroupRow } from '../directory/group/groups.js';
import { type Position } from '../directory/keyset.js';
import { allGroups, shownUsers, shownUsersWithoutGroups } from '../directory/sources.js';
import { findMixedPage } from '../directory/mixedList.js';
import { findPage } from '../directory/page.js';
import { groupType, resourceTypes, userType } from '../directory/resourceTypes.js';
import { type ReadScope, readIn } from '../directory/scope.js';
import { getUserByUserName } from '../directory/user/users.js';
import { type UserRow } from '../directory/user/userRow.js';
import { soleUserName } from '../filter/soleUserName.js';
import { type Answer, type Call } from './call.js';
import { openProgress, sealProgress } from './cursor.js';
import { groupText, showsMembers } from './groupStream.js';
import { type ListParameters, parametersOfQuery, parametersOfSearch } from './listParameters.js';
import {
  type ListRequest,
  listRequest,
  refuseSortOrder,
  requestedAttributes,
  requestedFilter,
  requestedSort,
} from './listRequest.js';
import { type ListPage, type Shown, listAnswer } from './listResponse.js';
import { resourceFromRow } from './resource.js';

export const listUsers = (call: Call): Promise<Answer> => answerUsers(call, parametersOfQuery(call.query));
export const searchUsers = (call: Call): Promise<Answer> => answerUsers(call, parametersOfSearch(call.body));
export const listGroups = (call: Call): Promise<Answer> => answerGroups(call, parametersOfQuery(call.query));
export const searchGroups = (call: Call): Promise<Answer> => answerGroups(call, parametersOfSearch(call.body));
export const listEverything = (call: Call): Promise<Answer> => answerBoth(call, parametersOfQuery(call.query));
export const searchEverything = (call: Call): Promise<Answer> => answerBoth(call, parametersOfSearch(call.body));

const groupsAttribute = attributeNamed(userType, 'groups');

async function answerUsers(call: Call, parameters: ListParameters): Promise<Answer> {
  const { deps, actor, reading } = call;
  const request = listRequest(userType.endpoint, parameters);
  const filter = requestedFilter(userType, parameters, reading);
  const sort = requestedSort(userType, parameters, reading);
  const projection = requestedAttributes(userType, parameters);
  const show = userShown(call, projection);
  const userName = soleUserName(filter);
  if (userName !== undefined && request.startIndex === 1 && request.count > 0 && !request.cursor) {
    const user = await getUserByUserName(deps.db, actor, call.request, userName);
    return listAnswer(request, { total: user ? 1 : 0, resources: user ? [show(user)] : [] });
  }
  const source = projection.shows(groupsAttribute) ? shownUsers : shownUsersWithoutGroups;
  const page = await readPage(call, request, (scope, place) =>
    findPage(scope, source, { filter, sort, withDeleted: false, ...place }),
  );
  return listAnswer(request, { ...page, resources: page.rows.map(show) });
}

async function answerGroups(call: Call, parameters: ListParameters): Promise<Answer> {
  const { reading } = call;
  const request = listRequest(groupType.endpoint, parameters);
  const filter = requestedFilter(groupType, parameters, reading);
  const sort = requestedSort(groupType, parameters, reading);
  const page = await readPage(call, request, (scope, place) =>
    findPage(scope, allGroups, { filter, sort, withDeleted: false, ...place }),
  );
  const show = groupShown(call, requestedAttributes(groupType, parameters));
  return listAnswer(request, { ...page, resources: page.rows.map(show) });
}

/** At the root: what an attribute of one type asks, the other type has unassigned. Always in order of creation. */
async function answerBoth(call: Call, parameters: ListParameters): Promise<Answer> {
  const { reading } = call;
  refuseSortOrder(parameters);
  const request = listRequest('/', { ...parameters, sortBy: undefined, sortOrder: undefined });
  const users = requestedFilter(userType, parameters, reading, resourceTypes);
  const groups = requestedFilter(groupType, parameters, reading, resourceTypes);
  const page = await readPage(call, request, (scope, place) => findMixedPage(scope, { users, groups, ...place }));
  const showUser = userShown(call, requestedAttributes(userType, parameters));
  const showGroup = groupShown(call, requestedAttributes(groupType, parameters));
  const resources = page.rows.map((row) => ('user' in row ? showUser(row.user) : showGroup(row.group)));
  return listAnswer(request, { ...page, resources });
}

const userShown =
  ({ base }: Call, projection: Projection) =>
  (row: UserRow): Shown =>
    resourceFromRow(userType, row, projection, base);

/** Members are read when their group's turn comes. */
function groupShown(call: Call, projection: Projection): (row: GroupRow) => Shown {
  if (showsMembers(projection)) return (row) => groupText(call, row, projection);
  return (row) => resourceFromRow(groupType, row, projection, call.base);
}

/** Where a page begins and how long it is. */
interface Place {
  readonly limit: number;
  readonly offset?: number;
  readonly after?: Position;
  readonly total?: number;
}

interface Found<Row> {
  readonly rows: readonly (Row & { readonly position: Position })[];
  readonly total: number;
  readonly more: boolean;
}

async function readPage<Row>(
  call: Call,
  request: ListRequest,
  read: (scope: ReadScope, place: Place) => Promise<Found<Row>>,
): Promise<Found<Row> & Pick<ListPage, 'nextCursor'>> {
  const { startIndex, count: limit, cursor } = request;
  const walks = cursor !== undefined;
  const place = walks ? { limit, ...openProgress(call, request) } : { limit, offset: startIndex - 1 };
  const page = await readIn(call.deps.db, call.actor, call.request, (scope) => read(scope, place));
  const last = page.rows.at(-1);
  if (!walks || !page.more || !last) return page;
  return { ...page, nextCursor: sealProgress(call, request, { after: last.position, total: page.total }) };
}
