// Groups over SCIM. Members are never loaded to be changed, and streamed when they are shown.
import { type Change } from '../attribute/change.js';
import {
  type GroupRow,
  changeGroup,
  deprovisionGroup,
  getGroup,
  groupAfter,
  lockGroup,
  provisionGroup,
} from '../directory/group/groups.js';
import { refuseUnknownMembers } from '../directory/group/members.js';
import { groupType } from '../directory/resourceTypes.js';
import { type WriteScope, readIn, writeIn } from '../directory/scope.js';
import { type Answer, type Call, isKnownVersion, refuseOtherVersion } from './call.js';
import { groupStream, showsMembers } from './groupStream.js';
import { requestedProjection } from './listRequest.js';
import { changeFromPatch, readPatchOp } from './patchOp.js';
import { journal } from './provisioningJournal.js';
import { etag, locationOf, resourceFromRow } from './resource.js';
import { changeFromBody } from './resourceBody.js';

export async function getOneGroup(call: Call, id: string): Promise<Answer> {
  const group = await readIn(call.deps.db, call.actor, call.request, (scope) => getGroup(scope, id));
  if (isKnownVersion(call, etag(group))) return { status: 304, headers: { ETag: etag(group) } };
  return answerWith(call, group, 200);
}

export async function createGroup(call: Call): Promise<Answer> {
  const change = changeFromBody(groupType, call.body, call.reading, { whole: false });
  const group = await write(call, async (scope) => {
    await refuseUnknownMembers(scope, change.members?.add ?? []);
    const made = provisionGroup(scope, change);
    log(scope, call, made, 201, 'Created group');
    return () => made;
  });
  const answer = answerWith(call, group, 201);
  return { ...answer, headers: { ...answer.headers, Location: locationOf(groupType, group.id, call.base) } };
}

export async function replaceGroup(call: Call, id: string): Promise<Answer> {
  const change = changeFromBody(groupType, call.body, call.reading, { whole: true });
  return answerWith(call, await applyChange(call, id, change), 200);
}

/** 204 unless the request asks to see attributes: a group with its members may be large. */
export async function patchGroup(call: Call, id: string): Promise<Answer> {
  const operations = readPatchOp(call.body, call.reading);
  // What a group keeps on its row are single values, so what becomes of them does not depend on what they are.
  const change = changeFromPatch(groupType, {}, operations, call.reading);
  const group = await applyChange(call, id, change);
  return asksToSee(call) ? answerWith(call, group, 200) : { status: 204, headers: { ETag: etag(group) } };
}

const asksToSee = ({ query }: Call): boolean => [...query.keys()].some((key) => key.toLowerCase() === 'attributes');

function applyChange(call: Call, id: string, change: Change): Promise<GroupRow> {
  return write(call, async (scope) => {
    const [current] = await Promise.all([lockGroup(scope, id), refuseUnknownMembers(scope, change.members?.add ?? [])]);
    refuseOtherVersion(call, etag(current));
    const changed = changeGroup(scope, current, change);
    const what = current.origin === 'SPEAKUP' ? 'Took over the SpeakUp group' : described(change);
    log(scope, call, changed.group, call.method === 'PUT' || asksToSee(call) ? 200 : 204, what);
    return () => groupAfter(scope, changed);
  });
}

function described({ set, members }: Change): string {
  if (!members) return Object.keys(set).length > 0 ? 'Changed group' : 'Nothing to change in group';
  const { keepOthers, add, remove } = members;
  if (!keepOthers) return add.length === 0 ? 'Emptied group' : `Set ${people(add.length)} as the members of group`;
  if (add.length === 0) return `Removed ${people(remove.length)} from group`;
  return remove.length === 0
    ? `Added ${people(add.length)} to group`
    : `Added ${people(add.length)} to and removed ${people(remove.length)} from group`;
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

export async function deleteGroup(call: Call, id: string): Promise<Answer> {
  await write(call, async (scope) => {
    const group = await lockGroup(scope, id);
    refuseOtherVersion(call, etag(group));
    deprovisionGroup(scope, group);
    log(scope, call, group, 204, 'Deleted group');
    return () => undefined;
  });
  return { status: 204 };
}

const write = <T>({ deps, actor, request }: Call, work: Parameters<typeof writeIn<T>>[3]): Promise<T> =>
  writeIn(deps.db, actor, request, work);

const log = (scope: WriteScope, call: Call, { id, displayName }: GroupRow, status: number, what: string): void =>
  journal(scope, call, { resourceType: 'Group', resourceId: id, status, what, name: displayName });

function answerWith(call: Call, group: GroupRow, status: number): Answer {
  const projection = requestedProjection(groupType, call.query);
  const headers = { ETag: etag(group) };
  if (showsMembers(projection)) return { status, headers, body: groupStream(call, group, projection) };
  return { status, headers, body: JSON.stringify(resourceFromRow(groupType, group, projection, call.base)) };
}
