// POST /Groups: with people, with somebody who is not here, with a group inside, with a name that is taken.
import fc from 'fast-check';
import { type Machine, ask, tenantOf } from '../ask.js';
import { groupBody, someGroupName } from '../bodies.js';
import { type Ref, type Where, at, groupAt, kindOf, own, personAt, ref, stranger, writing } from '../command.js';
import { type GroupGiven, type NamedMember, createGroup } from '../groups.js';
import { type Which, assigned } from '../model.js';

/** People by place, as a request names them. */
export const membersAt = ({ model }: Machine, which: Which, places: readonly Ref[]): NamedMember[] =>
  places.map((place) => ({ value: personAt(model, which, place).id }));

/** The one id of the other tenant among the places; none where there are two, or another is not there either. */
export function foreignAmong({ model }: Machine, which: Which, places: readonly Ref[]): string | undefined {
  const strange = places.filter(({ of }) => of !== 'own');
  return strange.length === 1 && strange[0] ? personAt(model, which, strange[0]).foreign : undefined;
}

export const people: fc.Arbitrary<Ref[]> = fc.array(own, { maxLength: 4 });

interface Drawn extends Where {
  readonly displayName: string;
  readonly externalId: string | undefined;
  readonly places: Ref[];
}

const drawn = (places: fc.Arbitrary<Ref[]>): fc.Arbitrary<Drawn> =>
  writing({ displayName: someGroupName, externalId: fc.constantFrom(undefined, 'g1', 'g2'), places });

function post(machine: Machine, { which, caller }: Where, given: GroupGiven, foreign?: string) {
  const request = { which, caller, method: 'POST', path: '/Groups', body: groupBody(given), foreign };
  return ask(machine, request, (newId) => createGroup(tenantOf(machine, which), given, newId));
}

const make = ({ displayName, externalId, places, ...where }: Drawn, machine: Machine) => {
  const given = assigned({ displayName, externalId, members: membersAt(machine, where.which, places) });
  return post(machine, where, given, foreignAmong(machine, where.which, places));
};

export const createGroupOfPeople = kindOf('create group', drawn(people), make, { weight: 8 });

export const createGroupOfStrangers = kindOf(
  'create group with somebody unknown',
  drawn(fc.tuple(own, stranger).map((places) => [...places])),
  make,
);

export const createNestedGroup = kindOf(
  'create group with a group inside',
  writing<{ displayName: string; place: Ref; typed: boolean }>({
    displayName: someGroupName,
    place: ref,
    typed: fc.boolean(),
  }),
  ({ displayName, place, typed, ...where }, machine) => {
    const { id, foreign } = groupAt(machine.model, where.which, place);
    const member = typed ? ({ value: id, type: 'Group' } as const) : { value: id };
    return post(machine, where, { displayName, members: [member] }, foreign);
  },
);

export const createTakenGroup = kindOf(
  'create group with a name taken',
  writing<{ at: number }>({ at }),
  ({ at: place, ...where }, machine) => {
    const { resource } = groupAt(machine.model, where.which, { of: 'own', at: place });
    return post(machine, where, { displayName: resource?.displayName.toUpperCase() ?? 'KADE 0' });
  },
);
