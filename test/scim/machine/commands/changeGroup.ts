// PUT, PATCH and DELETE of groups: names, and who is in them in every way Entra and the RFC write that.
import fc from 'fast-check';
import { patchOf } from '../../../support/builders.js';
import { type Machine, ask, tenantOf } from '../ask.js';
import { groupBody, someGroupName } from '../bodies.js';
import { type Ref, type Where, groupAt, kindOf, own, ref, stranger, writing } from '../command.js';
import { etagOf } from '../expected.js';
import { type GroupChange, deleteGroup, patchGroup, putGroup } from '../groups.js';
import { type Group, assigned } from '../model.js';
import { type Outcome, refused, shown } from '../outcome.js';
import { foreignAmong, membersAt, people } from './createGroup.js';

interface Place extends Where {
  readonly place: Ref;
}
interface Sent {
  readonly method: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** An id of the other tenant in the body. */
  readonly foreign?: string;
}

function askOf(machine: Machine, { which, caller, place }: Place, sent: Sent, foretell: (group: Group) => Outcome) {
  const { id, resource, foreign } = groupAt(machine.model, which, place);
  const asked = { which, caller, path: `/Groups/${id}`, ...sent, foreign: foreign ?? sent.foreign };
  return ask(machine, asked, () => (resource ? foretell(resource) : refused('notFound')));
}

function patch(machine: Machine, where: Place, change: GroupChange, operations: readonly object[], foreign?: string) {
  const sent = { method: 'PATCH', body: patchOf(...operations), foreign };
  return askOf(machine, where, sent, (group) => patchGroup(tenantOf(machine, where.which), group, change));
}

export const renameGroup = kindOf(
  'rename group',
  writing<{ place: Ref; displayName: string }>({ place: ref, displayName: someGroupName }),
  ({ displayName, ...where }, machine) =>
    patch(machine, where, { displayName }, [{ op: 'Replace', path: 'displayName', value: displayName }]),
);

interface Members extends Place {
  readonly places: Ref[];
}
const place = fc.oneof({ weight: 5, arbitrary: own }, { weight: 1, arbitrary: ref });
const some = fc.array(own, { minLength: 1, maxLength: 4 });
const members = (places: fc.Arbitrary<Ref[]>): fc.Arbitrary<Members> => writing({ place, places });

const addMembers = ({ places, ...where }: Members, machine: Machine) => {
  const add = membersAt(machine, where.which, places);
  const foreign = foreignAmong(machine, where.which, places);
  return patch(machine, where, { add }, [{ op: 'Add', path: 'members', value: add }], foreign);
};
/** Those who are there already and those named twice too. */
export const addPeople = kindOf('add members', members(some), addMembers, { weight: 8 });
export const addStrangers = kindOf(
  'add members, one of them unknown',
  members(fc.tuple(own, stranger).map((places) => [...places])),
  addMembers,
);

/** By Entra's list of values, or one operation for each with the RFC's value path. */
export const removeMembers = kindOf(
  'remove members',
  writing<{ place: Ref; places: Ref[]; byPath: boolean }>({
    place,
    places: fc.array(ref, { minLength: 1, maxLength: 4 }),
    byPath: fc.boolean(),
  }),
  ({ places, byPath, ...where }, machine) => {
    const value = membersAt(machine, where.which, places);
    const remove = value.map((member) => member.value);
    const operations =
      byPath || where.caller === 'rfc'
        ? remove.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
        : [{ op: 'Remove', path: 'members', value }];
    return patch(machine, where, { remove }, operations, foreignAmong(machine, where.which, places));
  },
  { weight: 5 },
);

export const replaceMembers = kindOf('replace members', members(people), ({ places, ...where }, machine) => {
  const add = membersAt(machine, where.which, places);
  return patch(machine, where, { remove: 'everybody', add }, [{ op: 'replace', path: 'members', value: add }]);
});

export const exchangeMembers = kindOf(
  'add and remove members at once, and rename',
  writing<{ place: Ref; come: Ref[]; go: Ref[]; displayName: string }>({
    place,
    come: some,
    go: some,
    displayName: someGroupName,
  }),
  ({ come, go, displayName, ...where }, machine) => {
    const add = membersAt(machine, where.which, come);
    const remove = membersAt(machine, where.which, go).map(({ value }) => value);
    return patch(machine, where, { add, remove, displayName }, [
      ...remove.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })),
      { op: 'add', value: { members: add, displayName } },
    ]);
  },
);

export const emptyGroup = kindOf('remove all members', writing<{ place: Ref }>({ place }), (where, machine) =>
  patch(machine, where, { remove: 'everybody' }, [{ op: 'remove', path: 'members' }]),
);

/** Who is there is added and who is not is removed, the name is set to what it is, and nobody is removed. */
export const changeNothing = kindOf(
  'change nothing of group',
  writing<{ place: Ref }>({ place: own }),
  (where, machine) => {
    const group = groupAt(machine.model, where.which, where.place).resource;
    const there = [...(group?.members ?? [])].map((value) => ({ value }));
    const absent = '0199a000-0000-7000-8000-0000000000ff';
    return patch(machine, where, {}, [
      { op: 'add', path: 'members', value: there },
      { op: 'remove', path: `members[value eq "${absent}"]` },
      ...(group ? [{ op: 'replace', path: 'displayName', value: group.displayName }] : []),
    ]);
  },
);

export const putGroupOfPeople = kindOf(
  'replace group',
  writing<{ place: Ref; displayName: string; externalId: string | undefined; places: Ref[] | undefined }>({
    place,
    displayName: someGroupName,
    externalId: fc.constantFrom(undefined, 'g3'),
    places: fc.option(fc.array(ref, { maxLength: 3 }), { nil: undefined }),
  }),
  ({ displayName, externalId, places, ...where }, machine) => {
    const given = assigned({ displayName, externalId, members: places && membersAt(machine, where.which, places) });
    const foreign = foreignAmong(machine, where.which, places ?? []);
    return askOf(machine, where, { method: 'PUT', body: groupBody(given), foreign }, (group) =>
      putGroup(tenantOf(machine, where.which), group, given),
    );
  },
);

/** What was read is sent back. */
export const putGroupUnchanged = kindOf(
  'replace group by itself',
  writing<{ place: Ref }>({ place: own }),
  async (where, machine) => {
    const body = await askOf(machine, { ...where, caller: 'entra' }, { method: 'GET' }, (group) => shown(group));
    if (typeof body?.id !== 'string') return;
    await askOf(machine, where, { method: 'PUT', body }, (group) => {
      const { displayName, externalId } = group;
      const same = { displayName, externalId, members: [...group.members].map((value) => ({ value })) };
      return putGroup(tenantOf(machine, where.which), group, same);
    });
  },
);

export const removeGroup = kindOf('delete group', writing<{ place: Ref }>({ place: ref }), (where, machine) =>
  askOf(machine, where, { method: 'DELETE' }, (group) => deleteGroup(tenantOf(machine, where.which), group)),
);

export const changeGroupIfMatch = kindOf(
  'change group if it has a version',
  writing<{ place: Ref; version: number; places: Ref[] }>({
    place,
    version: fc.constantFrom(0, 0, 1, -1),
    places: some,
  }),
  ({ version, places, ...where }, machine) => {
    const group = groupAt(machine.model, where.which, where.place).resource;
    const etag = group ? etagOf({ ...group, version: group.version + version }) : '*';
    const add = membersAt(machine, where.which, places);
    const body = patchOf({ op: 'add', path: 'members', value: add });
    return askOf(machine, where, { method: 'PATCH', body, headers: { 'If-Match': etag } }, (found) => {
      if (version === 0) return patchGroup(tenantOf(machine, where.which), found, { add });
      // Whatever else is wrong may be said first.
      const anyway = found.origin === 'SPEAKUP' ? (['groupOfSpeakUp'] as const) : [];
      const unknown = add.some(({ value }) => !tenantOf(machine, where.which).people.has(value));
      return refused('otherVersion', ...anyway, ...(unknown ? (['unknownMembers'] as const) : []));
    });
  },
  { weight: 5 },
);
