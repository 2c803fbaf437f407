// PUT, PATCH and DELETE of people.
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { patchOf } from '../../../support/builders.js';
import { type Machine, ask, tenantOf } from '../ask.js';
import { type Draft, draft, givenFrom, someAddress, someUserName, userBody } from '../bodies.js';
import { type Found, type Ref, type Where, kindOf, own, personAt, ref, writing } from '../command.js';
import { etagOf } from '../expected.js';
import { type Given, type Person, profileOf, visible } from '../model.js';
import { type Outcome, refused, shown } from '../outcome.js';
import { deletePerson, patchPerson, putPerson } from '../people.js';

export interface Place extends Where {
  readonly place: Ref;
}

/** A request to one person; `foretell` for one who is there. */
export function askOf(
  machine: Machine,
  { which, caller, place }: Place,
  request: { readonly method: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
  foretell: (person: Person) => Outcome,
) {
  const { id, resource, foreign }: Found<Person> = personAt(machine.model, which, place);
  const asked = { which, caller, ...request, path: `/Users/${id}`, foreign };
  return ask(machine, asked, () => (resource ? foretell(resource) : refused('notFound')));
}

/** A PATCH that sets what is named; `undefined` clears. */
export const patch = (machine: Machine, where: Place, set: Partial<Given>, ...operations: readonly object[]) =>
  askOf(machine, where, { method: 'PATCH', body: patchOf(...operations) }, (person) =>
    patchPerson(tenantOf(machine, where.which), profileOf(where.caller), person, set),
  );

export const putUser = kindOf(
  'replace user',
  writing<{ place: Ref; draft: Draft }>({ place: ref, draft }),
  ({ draft: wanted, ...where }, machine) => {
    const given = givenFrom(machine.model, where.which, wanted);
    return askOf(machine, where, { method: 'PUT', body: userBody(given, where.caller) }, (person) =>
      putPerson(tenantOf(machine, where.which), profileOf(where.caller), person, given),
    );
  },
);

/** What was read is sent back, with everything that is read-only. */
export const putUnchanged = kindOf(
  'replace user by itself',
  writing<{ place: Ref }>({ place: own }),
  async (where, machine) => {
    const body = await askOf(machine, { ...where, caller: 'entra' }, { method: 'GET' }, (person) => shown(person));
    if (typeof body?.id !== 'string') return;
    await askOf(machine, where, { method: 'PUT', body }, (person) =>
      putPerson(tenantOf(machine, where.which), profileOf(where.caller), person, {
        ...person.attributes,
        active: person.status === 'ACTIVE',
      }),
    );
  },
);

const text = fc.constantFrom('Bakker', 'Smid', 'bakker', undefined);
const attribute = fc.constantFrom(
  'title' as const,
  'displayName' as const,
  'externalId' as const,
  'department' as const,
);
const URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const patchAttribute = kindOf(
  'change an attribute of user',
  writing<{
    place: Ref;
    name: 'title' | 'displayName' | 'externalId' | 'department';
    value: string | undefined;
    add: boolean;
  }>({
    place: ref,
    name: attribute,
    value: text,
    add: fc.boolean(),
  }),
  ({ name, value, add, ...where }, machine) => {
    const path = name === 'department' ? `${URN}:department` : name;
    const operation = value === undefined ? { op: 'remove', path } : { op: add ? 'Add' : 'replace', path, value };
    return patch(machine, where, { [name]: value }, operation);
  },
);

/** The attribute is set to what it is, and another that is absent is removed. */
export const patchUnchanged = kindOf(
  'change nothing of user',
  writing<{ place: Ref }>({ place: own }),
  (where, machine) => {
    const userName = personAt(machine.model, where.which, where.place).resource?.attributes.userName ?? 'nobody';
    const operations = [
      { op: 'replace', path: 'userName', value: userName },
      { op: 'remove', path: 'nickName' },
    ];
    return patch(machine, where, {}, ...operations);
  },
);

export const renameUser = kindOf(
  'rename user',
  writing<{ place: Ref; userName: string; pathless: boolean }>({
    place: ref,
    userName: someUserName,
    pathless: fc.boolean(),
  }),
  ({ userName, pathless, ...where }, machine) => {
    const operation = pathless
      ? { op: 'replace', value: { userName } }
      : { op: 'Replace', path: 'userName', value: userName };
    return patch(machine, where, { userName }, operation);
  },
);

export const renameUserToTaken = kindOf(
  'rename user to a name that is taken',
  writing<{ place: Ref; at: number }>({ place: own, at: fc.nat(11) }),
  ({ at: other, ...where }, machine) => {
    const everybody = visible(tenantOf(machine, where.which));
    const userName = everybody[other % Math.max(1, everybody.length)]?.attributes.userName.toUpperCase() ?? 'nobody';
    return patch(machine, where, { userName }, { op: 'replace', path: 'userName', value: userName });
  },
);

/** All addresses for one, or none. */
export const changeEmails = kindOf(
  'change the e-mail addresses of user',
  writing<{ place: Ref; value: string | undefined }>({
    place: ref,
    value: fc.option(someAddress, { nil: undefined, freq: 3 }),
  }),
  ({ value, ...where }, machine) => {
    if (value === undefined) return patch(machine, where, { emails: undefined }, { op: 'remove', path: 'emails' });
    const emails = [{ value, type: 'work' }];
    return patch(machine, where, { emails }, { op: 'replace', path: 'emails', value: emails });
  },
);

const switching = (name: string, active: boolean) =>
  kindOf(
    name,
    writing<{ place: Ref; asText: boolean }>({ place: ref, asText: fc.boolean() }),
    ({ asText, ...where }, machine) => {
      const value = asText && where.caller !== 'rfc' ? (active ? 'True' : 'False') : active;
      return patch(machine, where, { active }, { op: 'Replace', path: 'active', value });
    },
  );

export const deactivateUser = switching('deactivate user', false);
export const reactivateUser = switching('reactivate user', true);

export const deleteUser = kindOf(
  'delete user',
  writing<{ place: Ref }>({ place: ref }),
  async (where, machine) => {
    await askOf(machine, where, { method: 'DELETE' }, (person) => deletePerson(tenantOf(machine, where.which), person));
    // Deletions are told apart by the millisecond.
    await sleep(2);
  },
  { weight: 5 },
);

/** With `If-Match`: done where it is this version, else refused, whatever was asked. */
export const changeIfMatch = kindOf(
  'change user if it has a version',
  writing<{ place: Ref; version: number; verb: 'PATCH' | 'DELETE' }>({
    place: ref,
    version: fc.constantFrom(0, 0, 1, -1),
    verb: fc.constantFrom('PATCH', 'PATCH', 'DELETE'),
  }),
  async ({ version, verb, ...where }, machine) => {
    const resource = personAt(machine.model, where.which, where.place).resource;
    const etag = resource ? etagOf({ ...resource, version: resource.version + version }) : '*';
    const tenant = tenantOf(machine, where.which);
    const body = verb === 'PATCH' ? patchOf({ op: 'replace', path: 'title', value: `If ${etag}` }) : undefined;
    await askOf(machine, where, { method: verb, body, headers: { 'If-Match': etag } }, (person) => {
      const local = verb === 'DELETE' && person.origin === 'SPEAKUP' ? (['madeInSpeakUp'] as const) : [];
      if (version !== 0) return refused('otherVersion', ...local);
      return verb === 'DELETE'
        ? deletePerson(tenant, person)
        : patchPerson(tenant, profileOf(where.caller), person, { title: `If ${etag}` });
    });
    await sleep(verb === 'DELETE' ? 2 : 0);
  },
  { weight: 5 },
);
