// References to managers: somebody who is here, somebody who comes later, nobody; and what is left of one who goes.
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENTERPRISE_USER } from '../../../support/builders.js';
import { type Machine, ask, tenantOf } from '../ask.js';
import {
  type Draft,
  type ManagerRef,
  draft,
  givenFrom,
  managerValue,
  someAddress,
  someUserName,
  userBody,
} from '../bodies.js';
import { type Kind, type Ref, at, kindOf, own, personAt, ref, stranger, writing } from '../command.js';
import { profileOf, visible } from '../model.js';
import { shown } from '../outcome.js';
import { createPerson, deletePerson } from '../people.js';
import { type Place, askOf, patch } from './changeUser.js';

type Form = 'object' | 'text' | 'list';
const form = fc.constantFrom<Form[]>('object', 'text', 'list');

function setTo(machine: Machine, where: Place & { readonly form: Form }, manager: ManagerRef) {
  const value = managerValue(machine.model, where.which, manager);
  const written = { object: { value }, text: value, list: [{ value }] }[where.caller === 'rfc' ? 'object' : where.form];
  const operation = { op: 'Add', path: `${ENTERPRISE_USER}:manager`, value: written };
  return patch(machine, where, { manager: value }, operation);
}

const setting = (name: string, managers: fc.Arbitrary<ManagerRef>): Kind =>
  kindOf(
    name,
    writing<{ place: Ref; form: Form; manager: ManagerRef }>({ place: ref, form, manager: managers }),
    ({ manager, ...where }, machine) => setTo(machine, where, manager),
    { weight: 3 },
  );

export const setManager = setting('set manager to somebody', own);
export const setLaterManager = setting('set manager to who may come later', fc.oneof(someUserName, someAddress));
export const setStrangeManager = setting('set manager to who is not here', stranger);

/** The manager is named by userName, and it is the person's own. */
export const setOwnManager = kindOf(
  'set manager to the user itself',
  writing<{ place: Ref; form: Form; byId: boolean }>({ place: own, form, byId: fc.boolean() }),
  ({ byId, ...where }, machine) => {
    const userName = personAt(machine.model, where.which, where.place).resource?.attributes.userName;
    return setTo(machine, where, byId || userName === undefined ? where.place : userName);
  },
  { weight: 2 },
);

export const clearManager = kindOf('clear manager', writing<{ place: Ref }>({ place: ref }), (where, machine) =>
  patch(machine, where, { manager: undefined }, { op: 'remove', path: `${ENTERPRISE_USER}:manager` }),
);

/** Somebody whom a report is waiting for. */
export const managerArrives = kindOf(
  'create the user whom a report waits for',
  writing<{ at: number; draft: Draft }>({ at, draft }),
  async ({ at: place, draft: wanted, which, caller }, machine) => {
    const tenant = tenantOf(machine, which);
    const waiting = visible(tenant).filter(
      ({ attributes, managerId }) => attributes.manager && managerId === undefined,
    );
    const report = waiting[place % Math.max(1, waiting.length)];
    const given = givenFrom(machine.model, which, wanted);
    const arriving = { ...given, userName: report?.attributes.manager ?? given.userName };
    await ask(machine, { which, caller, method: 'POST', path: '/Users', body: userBody(arriving, caller) }, (newId) =>
      createPerson(tenant, profileOf(caller), arriving, newId),
    );
    if (report) await read(machine, report.id);
  },
  { weight: 4 },
);

export const managerLeaves = kindOf(
  'delete a manager and read who reports to him',
  writing<{ at: number }>({ at }),
  async ({ at: place, ...where }, machine) => {
    const tenant = tenantOf(machine, where.which);
    const reports = visible(tenant).filter(({ managerId }) => managerId !== undefined);
    const report = reports[place % Math.max(1, reports.length)];
    if (!report) return;
    const index = visible(tenant).findIndex(({ id }) => id === report.managerId);
    const boss = { of: 'own', at: index } as const;
    await askOf(machine, { ...where, place: boss }, { method: 'DELETE' }, (person) => deletePerson(tenant, person));
    await sleep(2);
    await read(machine, report.id);
  },
  { weight: 3 },
);

/** Reads a person, if still there, in the tenant that has it. */
async function read(machine: Machine, id: string): Promise<void> {
  const { tenants } = machine.model;
  const which = tenants[0].people.has(id) ? 0 : 1;
  const person = visible(tenants[which]).find((one) => one.id === id);
  if (person) await ask(machine, { which, caller: 'entra', method: 'GET', path: `/Users/${id}` }, () => shown(person));
}
