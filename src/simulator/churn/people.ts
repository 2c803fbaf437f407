// What happens to people between two cycles: they join, move, take another name, leave and come back.
import { type Maker } from '../organisation/maker.js';
import { isRuled, type Person } from '../organisation/organisation.js';
import { drawPerson, nicknameOf, titleOf } from '../organisation/person.js';
import { anyDepartment } from '../organisation/structure.js';
import { type State } from '../cycle/state.js';
import { enabledOf, handOver, inBin, putInBin, restore } from './leaving.js';

/** Who leads is a manager that somebody has. */
const leadersOf = (state: State): ReadonlySet<string | undefined> =>
  new Set([...state.organisation.people.values()].map(({ manager }) => manager));

export function joiners(state: State, maker: Maker, count: number): void {
  const { people } = state.organisation;
  const managers = [...leadersOf(state)].flatMap((one) => people.get(one ?? '') ?? []);
  for (let n = 0; n < count; n += 1) {
    const manager = managers.length > 0 ? maker.random.pick(managers) : undefined;
    const place = manager?.department
      ? { division: manager.division ?? '', department: manager.department }
      : anyDepartment(maker.random);
    const number = people.size + state.former.length;
    enter(state, drawPerson(maker, number, { level: 5, manager: undefined, ...place }, manager?.objectId));
  }
}

function enter(state: State, person: Person): void {
  state.organisation.people.set(person.objectId, person);
  follow(state, person);
  state.changed.add(person.objectId);
}

/** Groups by rule follow what people are. */
function follow({ organisation }: State, person: Person): void {
  for (const { rule, members } of organisation.groups.values()) {
    if (!rule) continue;
    if (isRuled(rule, person)) members.add(person.objectId);
    else members.delete(person.objectId);
  }
}

/** People who lead nobody go elsewhere, to a manager there. */
export function movers(state: State, maker: Maker, count: number): void {
  const leaders = leadersOf(state);
  const { people } = state.organisation;
  const candidates = enabledOf(state).filter((one) => !leaders.has(one.objectId) && one.employeeType !== 'Guest');
  const managers = [...leaders].flatMap((one) => people.get(one ?? '') ?? []);
  for (const person of maker.random.sample(candidates, count)) {
    const { division, department } = anyDepartment(maker.random);
    const above = managers.filter((one) => one.department === department && one !== person);
    const office = maker.random.pick(maker.offices);
    Object.assign(person, {
      division,
      department,
      jobTitle: titleOf({ level: 5, manager: undefined, division, department }, maker),
      physicalDeliveryOfficeName: office.name,
      streetAddress: office.streetAddress,
      city: office.city,
      state: office.state,
      postalCode: office.postalCode,
      country: office.country,
    });
    if (above.length > 0) person.manager = maker.random.pick(above).objectId;
    follow(state, person);
    state.changed.add(person.objectId);
  }
}

/** A marriage: the alias of the mailbox stays, the rest of the name goes along. */
export function renames(state: State, maker: Maker, count: number): void {
  const candidates = enabledOf(state).filter(({ employeeType }) => employeeType !== 'Guest');
  for (const person of maker.random.sample(candidates, count)) {
    const surname = maker.fakerOf(maker.random.pick(maker.offices).locale).person.lastName();
    const nickname = maker.unusedName(nicknameOf(person.givenName, surname));
    person.surname = surname;
    person.displayName = `${person.givenName} ${surname}`;
    person.userPrincipalName = `${nickname}@${maker.domain}`;
    if (person.mail !== undefined) person.mail = person.userPrincipalName;
    state.changed.add(person.objectId);
  }
}

/** Never the head of the company. */
export function leavers(state: State, maker: Maker, count: number): void {
  const candidates = enabledOf(state).filter(({ manager, employeeType }) => manager ?? employeeType === 'Guest');
  for (const person of maker.random.sample(candidates, count)) {
    handOver(state, person);
    putInBin(state, person);
  }
}

/** Out of the bin; when nobody is in it, somebody who is gone for good is hired again, as a new account of the old name. */
export function returners(state: State, maker: Maker, count: number): void {
  const chosen = maker.random.sample(inBin(state), count);
  chosen.forEach((person) => restore(state, person));
  for (let n = chosen.length; n < count; n += 1) hireAgain(state, maker);
}

function hireAgain(state: State, maker: Maker): void {
  const person = state.former.pop();
  if (!person) return;
  const { manager, ...same } = person;
  delete same.deletedAt;
  const isThere = manager !== undefined && state.organisation.people.has(manager);
  enter(state, { ...same, objectId: maker.random.uuid(), ...(isThere ? { manager } : {}) });
}
