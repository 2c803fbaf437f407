// People who leave, come back, and are gone for good: Entra's bin keeps them for thirty days.
import { isEnabled, type Person } from '../organisation/organisation.js';
import { type State } from '../cycle/state.js';

const BIN = 30 * 24 * 60;

/** Puts a person into the bin. Memberships stay: who comes back has them again. */
export function putInBin(state: State, person: Person): void {
  person.deletedAt = state.clock;
  state.changed.add(person.objectId);
}

/** Takes a person out of the bin. */
export function restore(state: State, person: Person): void {
  delete person.deletedAt;
  state.changed.add(person.objectId);
}

/** Who reports to somebody who leaves reports to the manager of that person now. */
export function handOver({ organisation }: State, leaver: Person): void {
  for (const person of organisation.people.values()) {
    if (person.manager !== leaver.objectId) continue;
    if (leaver.manager === undefined) delete person.manager;
    else person.manager = leaver.manager;
  }
}

/** Removes from the organisation: what is at the service will be deleted. */
export function remove(state: State, person: Person): void {
  const { organisation, links, changed, failing, removals, former } = state;
  const { objectId, userPrincipalName: name } = person;
  const id = links.get(objectId)?.id;
  if (id !== undefined) removals.push({ type: 'Users', objectId, id, name });
  organisation.people.delete(objectId);
  links.delete(objectId);
  changed.delete(objectId);
  failing.delete(objectId);
  for (const { members } of organisation.groups.values()) members.delete(objectId);
  for (const other of organisation.people.values()) if (other.manager === objectId) delete other.manager;
  former.push(person);
}

/** Empties the bin of who has been in it for thirty days. */
export function emptyBin(state: State): void {
  const due = inBin(state).filter(({ deletedAt = 0 }) => state.clock - deletedAt >= BIN);
  due.forEach((person) => remove(state, person));
}

export const inBin = ({ organisation }: State): readonly Person[] =>
  [...organisation.people.values()].filter(({ deletedAt }) => deletedAt !== undefined);

export const enabledOf = ({ organisation }: State): readonly Person[] =>
  [...organisation.people.values()].filter(isEnabled);
