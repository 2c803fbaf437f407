// What happens to groups between two cycles: people come and go one by one; groups get another name, begin and end.
import { projectGroup } from '../organisation/groups.js';
import { type Maker } from '../organisation/maker.js';
import { type Group } from '../organisation/organisation.js';
import { type State } from '../cycle/state.js';
import { enabledOf } from './leaving.js';

/** So many memberships end, and so many begin, in groups that people are put into one by one. */
export function changeMembers(state: State, maker: Maker, share: number): void {
  const everybody = enabledOf(state).map(({ objectId }) => objectId);
  for (const { rule, members } of state.organisation.groups.values()) {
    if (rule) continue;
    const count = maker.random.portion(members.size, share);
    maker.random.sample([...members], count).forEach((one) => members.delete(one));
    maker.random.sample(everybody, count).forEach((one) => members.add(one));
  }
}

export function changeGroups(state: State, maker: Maker, count: number): void {
  const kinds = [renameGroup, makeGroup, deleteGroup];
  for (let n = 0; n < count; n += 1) maker.random.pick(kinds)(state, maker);
}

/** Names that the service may still have: a new group of such a name would be matched with the old one. */
const namesOf = ({ organisation, removals }: State): Set<string> =>
  new Set(
    [...[...organisation.groups.values()].map(({ displayName }) => displayName), ...removals.map(({ name }) => name)]
      .flatMap((name) => [name, name.replace(FORMERLY, '')])
      .map((name) => name.toLowerCase()),
  );

const FORMERLY = / \(voorheen \d+\)$/;

function renameGroup(state: State, maker: Maker): void {
  const group = anyProject(state, maker);
  const number = 1 + maker.random.below(9999);
  const name = `${group?.displayName.replace(FORMERLY, '') ?? ''} (voorheen ${number})`;
  if (!group || namesOf(state).has(name.toLowerCase())) return;
  group.displayName = name;
  state.changed.add(group.objectId);
}

function makeGroup(state: State, maker: Maker): void {
  const group = projectGroup(namesOf(state), 4 + maker.random.below(40), enabledOf(state), maker.random);
  state.organisation.groups.set(group.objectId, group);
  state.changed.add(group.objectId);
}

/** A group out of scope is deleted at the service: groups have no bin there. */
function deleteGroup(state: State, maker: Maker): void {
  const group = anyProject(state, maker);
  if (!group) return;
  const { objectId, displayName: name } = group;
  const id = state.groupLinks.get(objectId)?.id;
  if (id !== undefined) state.removals.push({ type: 'Groups', objectId, id, name });
  state.organisation.groups.delete(objectId);
  state.groupLinks.delete(objectId);
  state.changed.delete(objectId);
}

function anyProject({ organisation }: State, maker: Maker): Group | undefined {
  const projects = [...organisation.groups.values()].filter(({ rule }) => !rule);
  return projects.length > 0 ? maker.random.pick(projects) : undefined;
}
