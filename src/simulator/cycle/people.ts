// People: matched, then created or patched; disabled; deleted. Entra's order for each of them.
import { isEnabled, type Person } from '../organisation/organisation.js';
import { mappedValues, MATCHING, shownValues } from '../scim/mapping.js';
import { type Change, filterBy, patchBody, userBody } from '../scim/messages.js';
import { type Json, Refused } from '../wire/scimClient.js';
import { isWaiting } from './failing.js';
import { type Job } from './job.js';
import { type Removal } from './state.js';
import { type Task } from './workers.js';

/** Who is to be looked at: who changed, and who failed when the time has come. */
export function peopleTasks(job: Job, everybody: boolean): readonly Task[] {
  const { organisation, changed, links, failing } = job.state;
  const isDue = ({ objectId }: Person) =>
    everybody || changed.has(objectId) || (failing.has(objectId) && !isWaiting(job.state, objectId));
  return [...organisation.people.values()]
    .filter((person) => isDue(person) && (isEnabled(person) || links.has(person.objectId)))
    .map((person) => personTask(job, person, everybody));
}

/** `anew`: matched again, as in an initial cycle, although the id is known. */
export const personTask = (job: Job, person: Person, anew = false): Task => ({
  key: person.objectId,
  about: person.userPrincipalName,
  async work() {
    const found = await (anew ? matchedFirst : knownFirst)(job, person);
    if (found) await bringUpToDate(job, person, found);
    else if (isEnabled(person)) await create(job, person);
  },
});

const knownFirst = async (job: Job, person: Person): Promise<Json | undefined> =>
  (await readKnown(job, person)) ?? (await match(job, person));

const matchedFirst = async (job: Job, person: Person): Promise<Json | undefined> =>
  (await match(job, person)) ?? (await readKnown(job, person));

/** The person by the id that is known; somebody who is not there any more is matched again. */
async function readKnown(job: Job, { objectId }: Person): Promise<Json | undefined> {
  const id = job.state.links.get(objectId)?.id;
  if (id === undefined) return undefined;
  const { status, body } = await job.client.ask({
    kind: 'read user',
    method: 'GET',
    path: `/Users/${id}`,
    wants: [200, 404],
  });
  if (status === 200) return body;
  job.state.links.delete(objectId);
  return undefined;
}

/** By the first attribute that finds somebody. */
async function match(job: Job, person: Person): Promise<Json | undefined> {
  if (!isEnabled(person)) return undefined;
  const values = mappedValues(person);
  for (const name of job.matching) {
    const value = values.get(MATCHING[name]);
    if (typeof value !== 'string') continue;
    const path = `/Users?${filterBy(MATCHING[name], value)}`;
    const { body } = await job.client.ask({ kind: 'match user', method: 'GET', path, wants: [200] });
    const found = resourcesOf(body, path);
    if (found.length > 1) throw new Refused(`GET /Users`, 200, `${found.length} users have the same ${name}`);
    if (found[0]) return found[0];
  }
  return undefined;
}

/** The resources of a ListResponse. */
export function resourcesOf(body: Json | undefined, path: string): readonly Json[] {
  const { Resources } = body ?? {};
  if (Array.isArray(Resources)) return Resources as readonly Json[];
  if (body?.totalResults === 0) return [];
  throw new Refused(`GET ${path.split('?')[0] ?? ''}`, 200, 'The answer is no ListResponse: Resources is missing');
}

async function create(job: Job, person: Person): Promise<void> {
  const sent = userBody(person);
  const { status, body } = await job.client.ask({
    kind: 'create user',
    method: 'POST',
    path: '/Users',
    body: sent,
    // 409: it may be the double of this very request that made the person.
    wants: [201, 200, 409],
  });
  if (status !== 409) return link(job, person, body ?? {});
  const found = await match(job, person);
  if (!found) throw new Refused('POST /Users', 409, detailIn(body));
  await bringUpToDate(job, person, found);
}

/** Of a 409 about something that is not found. */
export const detailIn = (body: Json | undefined): string =>
  typeof body?.detail === 'string' ? body.detail : 'There is already one like that, which cannot be found';

/** Patches what differs. What the organisation has no value for is left as it is. */
async function bringUpToDate(job: Job, person: Person, found: Json): Promise<void> {
  link(job, person, found);
  const shown = shownValues(found);
  const changes = [...mappedValues(person)]
    .filter(([path, value]) => shown.get(path) !== value)
    .map(([path, value]): Change => ({ path, value, had: shown.has(path) }));
  if (changes.length === 0) return;
  await job.client.ask({
    kind: 'patch user',
    method: 'PATCH',
    path: `/Users/${idOf(found)}`,
    body: patchBody(changes, job.dialect),
    wants: [200, 204],
  });
}

/** Remembers the id, and what was there that nobody sent. */
function link({ state }: Job, person: Person, resource: Json): void {
  const id = idOf(resource);
  const before = state.links.get(person.objectId);
  if (before?.id === id) return;
  const sent = mappedValues(person);
  const kept = [...shownValues(resource).keys()].filter((path) => !sent.has(path));
  state.links.set(person.objectId, { id, ...(kept.length > 0 ? { kept } : {}) });
}

export function idOf({ id }: Json): string {
  if (typeof id === 'string' && id !== '') return id;
  throw new Refused('reading a resource', 200, 'It has no id');
}

/** Deletes who left the organisation for good. */
export const removalTask = (job: Job, removal: Removal): Task => ({
  key: removal.objectId,
  about: removal.name,
  async work() {
    const { type, id } = removal;
    const kind = type === 'Users' ? 'delete user' : 'delete group';
    // 404: it was done already, and the answer got lost.
    await job.client.ask({ kind, method: 'DELETE', path: `/${type}/${id}`, wants: [204, 200, 404] });
    job.state.removals.splice(job.state.removals.indexOf(removal), 1);
    for (const { members } of job.state.groupLinks.values()) members.delete(id);
  },
});
