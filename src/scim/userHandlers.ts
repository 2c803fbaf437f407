// People over SCIM: get, create, replace, patch, delete. Each is one or two round trips to the database.
import { type Change, type Values } from '../attribute/change.js';
import { writeIn } from '../directory/scope.js';
import { userType } from '../directory/resourceTypes.js';
import { type Changed, changeUser, deprovisionUser } from '../directory/user/changeUser.js';
import { matchEmail } from '../directory/user/matching.js';
import { type Provisioned, provisionUser } from '../directory/user/provisionUser.js';
import { type Saved } from '../directory/user/saveUser.js';
import { type UserRow } from '../directory/user/userRow.js';
import { getUser, lockUser, userNotFound } from '../directory/user/users.js';
import { Refusal } from '../refusal.js';
import { type Answer, type Call, isKnownVersion, refuseOtherVersion } from './call.js';
import { requestedProjection } from './listRequest.js';
import { changeFromPatch, readPatchOp } from './patchOp.js';
import { journal } from './provisioningJournal.js';
import { etag, locationOf, resourceFromRow } from './resource.js';
import { changeFromBody } from './resourceBody.js';

export async function getOneUser(call: Call, id: string): Promise<Answer> {
  const user = await getUser(call.deps.db, call.actor, call.request, id);
  if (!user) throw userNotFound(id);
  if (isKnownVersion(call, etag(user))) return { status: 304, headers: { ETag: etag(user) } };
  return answerWith(call, user, 200);
}

export async function createUser(call: Call): Promise<Answer> {
  const { set } = changeFromBody(userType, call.body, call.reading, { whole: false });
  requireEmail(call, set);
  const user = await write(call, async (scope) => {
    const provisioned = await provisionUser(scope, set);
    const { id, userName } = provisioned.user;
    journal(scope, call, {
      resourceType: 'User',
      resourceId: id,
      status: 201,
      what: WORDS[provisioned.how],
      name: userName,
    });
    return () => withSaved(provisioned.user, provisioned.saved);
  });
  const answer = answerWith(call, user, 201);
  return { ...answer, headers: { ...answer.headers, Location: locationOf(userType, user.id, call.base) } };
}

const WORDS: Readonly<Record<Provisioned['how'], string>> = {
  CREATED: 'Created user',
  ADOPTED: 'Took over the SpeakUp user',
  REVIVED: 'Brought back the deleted user',
};

export const replaceUser = (call: Call, id: string): Promise<Answer> => {
  const change = changeFromBody(userType, call.body, call.reading, { whole: true });
  return applyChange(call, id, () => change);
};

export const patchUser = (call: Call, id: string): Promise<Answer> => {
  const operations = readPatchOp(call.body, call.reading);
  return applyChange(call, id, (user) => changeFromPatch(userType, user, operations, call.reading));
};

/** Reads and locks the person, works out the change, applies it. */
async function applyChange(call: Call, id: string, changeOf: (user: UserRow) => Change): Promise<Answer> {
  const user = await write(call, async (scope) => {
    const current = await lockUser(scope, id);
    refuseOtherVersion(call, etag(current));
    const change = changeOf(current);
    if (matchEmail(current) !== null || call.method === 'PUT') requireEmail(call, { ...current, ...change.set });
    const changed = changeUser(scope, current, change);
    const what = describe(current, changed);
    journal(scope, call, { resourceType: 'User', resourceId: id, status: 200, what, name: changed.user.userName });
    return () => withSaved(changed.user, changed.saved);
  });
  return answerWith(call, user, 200);
}

function describe(before: UserRow, { user, saved }: Changed): string {
  if (!saved) return 'Nothing to change in user';
  if (before.origin !== user.origin) return 'Took over the SpeakUp user';
  if (before.active === user.active) return 'Changed user';
  return user.active ? 'Reactivated user' : 'Deactivated user';
}

export async function deleteUser(call: Call, id: string): Promise<Answer> {
  await write(call, async (scope) => {
    const user = await lockUser(scope, id, 'delete');
    refuseOtherVersion(call, etag(user));
    deprovisionUser(scope, user);
    journal(scope, call, {
      resourceType: 'User',
      resourceId: id,
      status: 204,
      what: 'Deleted user',
      name: user.userName,
    });
    return () => undefined;
  });
  return { status: 204 };
}

const write = <T>({ deps, actor, request }: Call, work: Parameters<typeof writeIn<T>>[3]): Promise<T> =>
  writeIn(deps.db, actor, request, work);

/** Profile ENTRA: people are matched by e-mail, so each needs an address. */
function requireEmail({ reading }: Call, values: Values): void {
  if (!reading.lenient || matchEmail(values) !== null) return;
  throw new Refusal(
    'invalidValue',
    `User "${String(values.userName)}" has no e-mail address. SpeakUp matches people by e-mail: map an attribute that has one to emails[type eq "work"].value, or use an address as userName.`,
  );
}

async function withSaved(user: UserRow, saved: Promise<readonly Saved[]> | undefined): Promise<UserRow> {
  const [found] = (await saved) ?? [];
  return found ? { ...user, ...found } : user;
}

function answerWith(call: Call, user: UserRow, status: number): Answer {
  const resource = resourceFromRow(userType, user, requestedProjection(userType, call.query), call.base);
  return { status, headers: { ETag: etag(user) }, body: JSON.stringify(resource) };
}
