// The rules for people, SPEC section 4: matching on create, changes, deletion, and references to managers.
import {
  type Attributes,
  type Email,
  type Given,
  type Origin,
  type Person,
  type Profile,
  type Tenant,
  assigned,
  deletedOnes,
  fold,
  groupsOf,
  matchEmail,
  move,
  newStamps,
  same,
  touch,
  visible,
} from './model.js';
import { type Outcome, type ReasonName, empty, refused, shown } from './outcome.js';

/** POST /Users. `newId` is the id the answer has, for somebody new. */
export function createPerson(tenant: Tenant, profile: Profile, given: Given, newId: string): Outcome {
  const reasons: ReasonName[] = profile === 'ENTRA' && !matchEmail(given) ? ['noEmail'] : [];
  const managed = visible(tenant).filter(({ origin }) => origin === 'SCIM');
  const local = crosswise(visible(tenant), given).filter(({ origin }) => origin === 'SPEAKUP');
  reasons.push(...takenBy(managed, given));
  if (local.length > 1) reasons.push('twoPeople');
  if (reasons.length > 0) return refused(...reasons);
  const [known] = local;
  if (known) return adopt(tenant, known, given);
  const back = deletedOnes(tenant)
    .filter((person) => comesBack(person.attributes, given))
    .sort((a, b) => (b.deletion ?? 0) - (a.deletion ?? 0))[0];
  if (back) return revive(tenant, back, given);
  return { kind: 'shown', status: 201, resource: addPerson(tenant, newId, 'SCIM', given), as: 'created' };
}

/** A person made in SpeakUp; undefined where somebody is known by userName or e-mail address, whoever manages them. */
export function createLocalPerson(tenant: Tenant, given: Given, newId: string): Person | undefined {
  return crosswise(visible(tenant), given).length > 0 ? undefined : addPerson(tenant, newId, 'SPEAKUP', given);
}

function addPerson(tenant: Tenant, id: string, origin: Origin, { active = true, ...attributes }: Given): Person {
  if (tenant.people.has(id)) throw new Error(`${id} is not new`);
  const status = active ? 'ACTIVE' : 'DEACTIVATED';
  const person: Person = { kind: 'User', id, origin, status, attributes, version: 1, stamps: newStamps() };
  tenant.people.set(id, person);
  touch(tenant, id, 'CREATED');
  linkManager(tenant, person);
  arrive(tenant, person);
  return person;
}

/** Whom a new person could be: userName and match e-mail of both, each with each. */
function crosswise(people: readonly Person[], given: Attributes): Person[] {
  const keys = [fold(given.userName), matchEmail(given)];
  return people.filter(({ attributes }) =>
    [fold(attributes.userName), matchEmail(attributes)].some((key) => key !== undefined && keys.includes(key)),
  );
}

function takenBy(people: readonly Person[], wanted: Attributes): ReasonName[] {
  const email = matchEmail(wanted);
  const others = people.map(({ attributes }) => attributes);
  return [
    ...(others.some(({ userName }) => fold(userName) === fold(wanted.userName)) ? ['userNameTaken' as const] : []),
    ...(email && others.some((other) => matchEmail(other) === email) ? ['emailTaken' as const] : []),
  ];
}

function adopt(tenant: Tenant, person: Person, { active, ...named }: Given): Outcome {
  person.attributes = { ...person.attributes, ...assigned(named) };
  person.origin = 'SCIM';
  if (active !== undefined) person.status = active ? 'ACTIVE' : 'DEACTIVATED';
  move(person);
  touch(tenant, person.id, 'ADOPTED');
  linkManager(tenant, person);
  arrive(tenant, person);
  return { kind: 'shown', status: 201, resource: person, as: 'adopted' };
}

/** Equal userName and no contradiction in externalId; or externalId and match e-mail both equal. */
function comesBack(old: Attributes, given: Attributes): boolean {
  const sameExternalId = old.externalId !== undefined && old.externalId === given.externalId;
  const noContradiction = sameExternalId || old.externalId === undefined || given.externalId === undefined;
  if (fold(old.userName) === fold(given.userName) && noContradiction) return true;
  return sameExternalId && matchEmail(old) !== undefined && matchEmail(old) === matchEmail(given);
}

function revive(tenant: Tenant, person: Person, { active = true, ...attributes }: Given): Outcome {
  const newerThan = person.version;
  person.attributes = attributes;
  person.managerId = undefined;
  person.status = active ? 'ACTIVE' : 'DEACTIVATED';
  move(person);
  touch(tenant, person.id, 'REVIVED');
  linkManager(tenant, person);
  arrive(tenant, person);
  return { kind: 'shown', status: 201, resource: person, newerThan, as: 'revived' };
}

/** PATCH: what is named changes, `undefined` clears. */
export const patchPerson = (tenant: Tenant, profile: Profile, person: Person, set: Partial<Given>): Outcome =>
  changePerson(tenant, profile, person, assigned({ ...person.attributes, ...withoutActive(set) }), set.active, 'PATCH');

/** PUT: what is not named is cleared, but `active`. */
export const putPerson = (tenant: Tenant, profile: Profile, person: Person, given: Given): Outcome =>
  changePerson(tenant, profile, person, assigned(withoutActive(given)) as Attributes, given.active, 'PUT');

const withoutActive = ({ active: _, ...attributes }: Partial<Given>): Partial<Attributes> => attributes;

function changePerson(
  tenant: Tenant,
  profile: Profile,
  person: Person,
  next: Attributes,
  active: boolean | undefined,
  method: 'PUT' | 'PATCH',
): Outcome {
  const { attributes: before, status: statusBefore } = person;
  const others = visible(tenant).filter((other) => other !== person);
  const reasons = takenBy(others, next);
  const loses = method === 'PUT' || matchEmail(before) !== undefined;
  if (profile === 'ENTRA' && loses && !matchEmail(next)) reasons.push('noEmail');
  if (reasons.length > 0) return refused(...reasons);
  const status = active === undefined ? statusBefore : active ? 'ACTIVE' : 'DEACTIVATED';
  const adopted = person.origin === 'SPEAKUP';
  if (same(before, next) && status === statusBefore && !adopted) return shown(person, 'unchanged');
  Object.assign(person, { attributes: next, status, origin: 'SCIM' });
  move(person);
  const switched = status === 'ACTIVE' ? 'REACTIVATED' : 'DEACTIVATED';
  touch(tenant, person.id, adopted ? 'ADOPTED' : status === statusBefore ? 'CHANGED' : switched);
  if (before.manager !== next.manager) linkManager(tenant, person);
  if (before.userName !== next.userName || !sameEmails(before.emails, next.emails)) arrive(tenant, person);
  return shown(person, adopted ? 'adopted by change' : 'changed');
}

const sameEmails = (one: readonly Email[] = [], other: readonly Email[] = []) => same(one, other);

/** DELETE: kept, hidden, in no group; whoever reports to the person has an unresolved reference. */
export function deletePerson(tenant: Tenant, person: Person): Outcome {
  if (person.origin === 'SPEAKUP') return refused('madeInSpeakUp');
  touch(tenant, person.id, 'DELETED');
  for (const group of groupsOf(tenant, person.id)) {
    group.members.delete(person.id);
    move(group);
    touch(tenant, group.id, 'CHANGED');
  }
  for (const report of tenant.people.values()) {
    if (report.managerId !== person.id) continue;
    report.managerId = undefined;
    touch(tenant, report.id, 'MANAGER_UNRESOLVED');
  }
  tenant.deletions += 1;
  Object.assign(person, { status: 'DELETED', deletion: tenant.deletions });
  move(person);
  return empty();
}

/** Looks for the person that the reference means: by id, else by userName, else by e-mail address. */
function linkManager(tenant: Tenant, person: Person): void {
  const { manager } = person.attributes;
  if (manager === undefined) {
    person.managerId = undefined;
    return;
  }
  const key = fold(manager);
  const people = visible(tenant);
  const found =
    people.find(({ id }) => id === key) ??
    people.find(({ attributes }) => fold(attributes.userName) === key) ??
    people.find(({ attributes }) => matchEmail(attributes) === key);
  person.managerId = found?.id;
}

/** Resolves references that were waiting for this id, userName or e-mail address. */
function arrive(tenant: Tenant, { id, attributes }: Person): void {
  const keys = [id, fold(attributes.userName), matchEmail(attributes)];
  for (const report of visible(tenant)) {
    const { manager } = report.attributes;
    if (manager === undefined || report.managerId !== undefined || !keys.includes(fold(manager))) continue;
    report.managerId = id;
    touch(tenant, report.id, 'MANAGER_RESOLVED');
  }
}
