// The switch "SCIM provisioning enabled", and the refusals that access is made of.
import fc from 'fast-check';
import { aGroup, aUser, patchOf } from '../../../support/builders.js';
import { type Machine, ask, tenantOf } from '../ask.js';
import { administering, groupAt, kindOf, personAt } from '../command.js';
import { type Which } from '../model.js';
import { type Caller } from '../world.js';
import { refused } from '../outcome.js';

async function switchTo({ model, world }: Machine, which: Which, enabled: boolean): Promise<void> {
  const tenant = model.tenants[which];
  const requestId = await world.switchTo(which, enabled);
  const changed = tenant.provisioningEnabled !== enabled;
  tenant.history.set(requestId, new Map(changed ? [[tenant.id, 'CHANGED']] : []));
  tenant.provisioningEnabled = enabled;
}

/** Switches it on where it is off. */
export async function switchOn(machine: Machine, which: Which): Promise<void> {
  if (!tenantOf(machine, which).provisioningEnabled) await switchTo(machine, which, true);
}

export const switchProvisioningOff = kindOf(
  'switch provisioning off',
  administering({}),
  ({ which }, machine) => switchTo(machine, which, false),
  { weight: 3 },
);

export const switchProvisioningOn = kindOf(
  'switch provisioning on',
  administering({}),
  async (_, machine) => {
    await switchOn(machine, 0);
    await switchOn(machine, 1);
  },
  { weight: 30, when: ({ tenants }) => tenants.some(({ provisioningEnabled }) => !provisioningEnabled) },
);

/** Every way to write, with ids that are there. */
export const writeWithoutRight = kindOf(
  'write with a token that may not',
  administering<{ token: Caller; at: number; verb: number }>({
    token: fc.constantFrom<Caller[]>('reader', 'none'),
    at: fc.nat(11),
    verb: fc.nat(7),
  }),
  ({ which, token, at, verb }, machine) => {
    const place = { of: 'own', at } as const;
    const person = `/Users/${personAt(machine.model, which, place).id}`;
    const group = `/Groups/${groupAt(machine.model, which, place).id}`;
    const writes: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['POST', '/Users', aUser()],
      ['PUT', person, aUser()],
      ['PATCH', person, patchOf({ op: 'replace', path: 'title', value: 'no' })],
      ['DELETE', person],
      ['POST', '/Groups', aGroup()],
      ['PUT', group, aGroup()],
      ['PATCH', group, patchOf({ op: 'remove', path: 'members' })],
      ['DELETE', group],
    ];
    const [method, path, body] = writes[verb] ?? ['DELETE', person];
    return ask(machine, { which, caller: token, method, path, body }, () => refused('readOnly'));
  },
);
