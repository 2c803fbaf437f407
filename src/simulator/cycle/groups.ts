// Groups: matched by name without their members, then created or renamed.
import { type Group } from '../organisation/organisation.js';
import { filterBy, groupBody, patchBody } from '../scim/messages.js';
import { type Json, Refused } from '../wire/scimClient.js';
import { isWaiting } from './failing.js';
import { type Job } from './job.js';
import { detailIn, idOf, resourcesOf } from './people.js';
import { type Task } from './workers.js';

/** Groups that are to be looked at. */
export function groupTasks(job: Job, all: boolean): readonly Task[] {
  const { organisation, changed, failing } = job.state;
  return [...organisation.groups.values()]
    .filter(
      ({ objectId }) => all || changed.has(objectId) || (failing.has(objectId) && !isWaiting(job.state, objectId)),
    )
    .map((group) => groupTask(job, group, all));
}

const groupTask = (job: Job, group: Group, anew: boolean): Task => ({
  key: group.objectId,
  about: group.displayName,
  async work() {
    const link = job.state.groupLinks.get(group.objectId);
    const found = (link && !anew ? await readGroup(job, group, link.id) : undefined) ?? (await match(job, group));
    if (found) await bringUpToDate(job, group, found);
    else await create(job, group);
  },
});

/** Undefined, and forgotten, when it is not there any more. */
async function readGroup(job: Job, { objectId }: Group, id: string): Promise<Json | undefined> {
  const path = `/Groups/${id}?excludedAttributes=members`;
  const { status, body } = await job.client.ask({ kind: 'read group', method: 'GET', path, wants: [200, 404] });
  if (status === 200) return body;
  job.state.groupLinks.delete(objectId);
  return undefined;
}

async function match(job: Job, { displayName }: Group): Promise<Json | undefined> {
  const path = `/Groups?excludedAttributes=members&${filterBy('displayName', displayName)}`;
  const { body } = await job.client.ask({ kind: 'match group', method: 'GET', path, wants: [200] });
  return resourcesOf(body, path)[0];
}

async function create(job: Job, group: Group): Promise<void> {
  const ask = { kind: 'create group', method: 'POST', path: '/Groups', body: groupBody(group) } as const;
  // 409: it may be the double of this very request that made the group.
  const answer = await job.client.ask({ ...ask, wants: [201, 200, 409] });
  const made = answer.status === 409 ? await match(job, group) : answer.body;
  if (!made) throw new Refused('POST /Groups', 409, detailIn(answer.body));
  link(job, group, made);
}

async function bringUpToDate(job: Job, group: Group, found: Json): Promise<void> {
  link(job, group, found);
  const wanted = { displayName: group.displayName, externalId: group.objectId };
  const changes = Object.entries(wanted)
    .filter(([path, value]) => found[path] !== value)
    .map(([path, value]) => ({ path, value, had: typeof found[path] === 'string' }));
  if (changes.length === 0) return;
  const path = `/Groups/${idOf(found)}`;
  const body = patchBody(changes, job.dialect);
  await job.client.ask({ kind: 'patch group', method: 'PATCH', path, body, wants: [200, 204] });
}

function link({ state }: Job, { objectId }: Group, resource: Json): void {
  const id = idOf(resource);
  if (state.groupLinks.get(objectId)?.id === id) return;
  state.groupLinks.set(objectId, { id, members: new Set() });
}
