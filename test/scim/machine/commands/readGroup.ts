// Reading groups over SCIM, with members and without.
import fc from 'fast-check';
import { ask, tenantOf } from '../ask.js';
import { someGroupName } from '../bodies.js';
import { type Ref, at, groupAt, kindOf, personAt, reading, ref } from '../command.js';
import { etagOf } from '../expected.js';
import { type Group, type Tenant, fold } from '../model.js';
import { type Outcome, listed, refused, shown } from '../outcome.js';

const bare = (outcome: Outcome, withoutMembers: boolean): Outcome =>
  outcome.kind === 'shown' || outcome.kind === 'list' ? { ...outcome, withoutMembers } : outcome;
const excluded = (without: boolean): string => (without ? 'excludedAttributes=members' : '');

export const getGroup = kindOf(
  'get group',
  reading<{ place: Ref; without: boolean }>({ place: ref, without: fc.boolean() }),
  ({ place, without, ...where }, machine) => {
    const { id, resource, foreign } = groupAt(machine.model, where.which, place);
    const request = { ...where, method: 'GET', path: `/Groups/${id}?${excluded(without)}`, foreign };
    return ask(machine, request, () => (resource ? bare(shown(resource), without) : refused('notFound')));
  },
  { weight: 6 },
);

export const getGroupIfNew = kindOf(
  'get group if its version is another',
  reading<{ place: Ref; right: boolean }>({ place: ref, right: fc.boolean() }),
  ({ place, right, ...where }, machine) => {
    const { id, resource } = groupAt(machine.model, where.which, place);
    const known = resource && right ? etagOf(resource) : 'W/"0"';
    const request = { ...where, method: 'GET', path: `/Groups/${id}`, headers: { 'If-None-Match': known } };
    return ask(machine, request, () => {
      if (!resource) return refused('notFound');
      return right ? { kind: 'empty', status: 304, of: resource } : shown(resource);
    });
  },
);

const all = ({ groups }: Tenant): Group[] => [...groups.values()];
const find = (filter: string, without: boolean) => `/Groups?filter=${encodeURIComponent(filter)}&${excluded(without)}`;

export const findGroup = kindOf(
  'find groups by name',
  reading<{ wanted: string; without: boolean }>({ wanted: someGroupName, without: fc.boolean() }),
  ({ wanted, without, ...where }, machine) =>
    ask(machine, { ...where, method: 'GET', path: find(`displayName eq "${wanted}"`, without) }, () => {
      const found = all(tenantOf(machine, where.which)).filter((group) => fold(group.displayName) === fold(wanted));
      return bare(listed(found), without);
    }),
);

export const findGroupsOf = kindOf(
  'find groups by member',
  reading<{ place: Ref; without: boolean }>({ place: ref, without: fc.boolean() }),
  ({ place, without, ...where }, machine) => {
    const { id, foreign } = personAt(machine.model, where.which, place);
    const path = find(`${without ? 'members' : 'members.value'} eq "${id}"`, without);
    return ask(machine, { ...where, method: 'GET', path, foreign }, () =>
      bare(listed(all(tenantOf(machine, where.which)).filter(({ members }) => members.has(id))), without),
    );
  },
);

export const listGroups = kindOf(
  'list a page of groups',
  reading<{ from: number; count: number; without: boolean }>({
    from: at,
    count: fc.constantFrom(0, 1, 2, 5),
    without: fc.boolean(),
  }),
  ({ from, count, without, ...where }, machine) => {
    const path = `/Groups?startIndex=${from}&count=${count}&${excluded(without)}`;
    return ask(machine, { ...where, method: 'GET', path }, () =>
      bare(listed(all(tenantOf(machine, where.which)), Math.max(1, from), count), without),
    );
  },
);
