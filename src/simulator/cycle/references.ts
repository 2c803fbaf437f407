// References come last, when everybody is there: managers, then members in batches, several of one group at a time.
import { isEnabled, type Person } from '../organisation/organisation.js';
import { managerPatch, managerProbe, membersPatch } from '../scim/messages.js';
import { isWaiting } from './failing.js';
import { type Job } from './job.js';
import { resourcesOf } from './people.js';
import { type GroupLink, type State, type UserLink } from './state.js';
import { type Task } from './workers.js';

/** Managers that are not what they should be, or all of them. One out of scope is left out. */
export function managerTasks(job: Job, all: boolean): readonly Task[] {
  const { organisation, links } = job.state;
  return [...organisation.people.values()].flatMap((person): Task[] => {
    const link = links.get(person.objectId);
    if (!link || !isEnabled(person) || isWaiting(job.state, `ref:${person.objectId}`)) return [];
    const wanted = managerIdOf(job.state, person);
    const isWaitedFor = wanted === undefined && person.manager !== undefined;
    return isWaitedFor || (wanted === link.manager && !(all && wanted !== undefined))
      ? []
      : [managerTask(job, person, link, wanted)];
  });
}

/** The id of a person's manager at the service, when the manager is there. */
export const managerIdOf = ({ links }: State, { manager }: Person): string | undefined =>
  manager === undefined ? undefined : links.get(manager)?.id;

export const managerTask = (job: Job, person: Person, link: UserLink, wanted: string | undefined): Task => ({
  key: `ref:${person.objectId}`,
  about: `the manager of ${person.userPrincipalName}`,
  async work() {
    if (!(wanted !== undefined && (await hasManager(job, link.id, wanted)))) {
      const body = managerPatch(wanted, link.manager !== undefined, job.dialect);
      const path = `/Users/${link.id}`;
      await job.client.ask({ kind: 'patch manager', method: 'PATCH', path, body, wants: [200, 204] });
    }
    if (wanted === undefined) delete link.manager;
    else link.manager = wanted;
  },
});

async function hasManager({ client }: Job, id: string, manager: string): Promise<boolean> {
  const path = `/Users?${managerProbe(id, manager)}`;
  const { body } = await client.ask({ kind: 'probe manager', method: 'GET', path, wants: [200] });
  return resourcesOf(body, path).length > 0;
}

/** Members to add and to remove, in batches; `all` adds again who was added before. */
export function memberTasks(job: Job, all: boolean): readonly Task[] {
  const { organisation, groupLinks } = job.state;
  return [...organisation.groups.values()].flatMap((group): Task[] => {
    const link = groupLinks.get(group.objectId);
    const key = `members:${group.objectId}`;
    if (!link || isWaiting(job.state, key)) return [];
    const wanted = memberIdsOf(job.state, group.members);
    const coming = [...wanted].filter((id) => all || !link.members.has(id));
    const leaving = [...link.members].filter((id) => !wanted.has(id));
    const about = `members of ${group.displayName}`;
    const tasks = (op: 'add' | 'remove', ids: readonly string[]) =>
      batches(ids, job.batch).map((some): Task => ({ key, about, work: () => changeMembers(job, link, op, some) }));
    return [...tasks('remove', leaving), ...tasks('add', coming)];
  });
}

/** Ids at the service of those who are there. */
export const memberIdsOf = ({ links }: State, members: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...members].flatMap((one) => links.get(one)?.id ?? []));

async function changeMembers(job: Job, link: GroupLink, op: 'add' | 'remove', ids: readonly string[]): Promise<void> {
  await job.client.ask({
    kind: op === 'add' ? 'add members' : 'remove members',
    method: 'PATCH',
    path: `/Groups/${link.id}`,
    body: membersPatch(op, ids, job.dialect),
    wants: [204, 200],
  });
  ids.forEach((id) => (op === 'add' ? link.members.add(id) : link.members.delete(id)));
}

const batches = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
