// Reading people over SCIM: one, found by a filter, a page of all, or not again when it is known already.
import fc from 'fast-check';
import { ENTERPRISE_USER } from '../../../support/builders.js';
import { ask, tenantOf } from '../ask.js';
import { someAddress, someUserName } from '../bodies.js';
import { type Ref, at, groupAt, kindOf, personAt, reading, ref } from '../command.js';
import { etagOf, pathOf } from '../expected.js';
import { type Person, type Tenant, fold, groupsOf, visible } from '../model.js';
import { listed, refused, shown } from '../outcome.js';

export const getUser = kindOf('get user', reading<{ place: Ref }>({ place: ref }), ({ place, ...where }, machine) => {
  const { id, resource, foreign } = personAt(machine.model, where.which, place);
  const request = { ...where, method: 'GET', path: `/Users/${id}`, foreign };
  return ask(machine, request, () => (resource ? shown(resource) : refused('notFound')));
});

export const getUserIfNew = kindOf(
  'get user if its version is another',
  reading<{ place: Ref; right: boolean }>({ place: ref, right: fc.boolean() }),
  ({ place, right, ...where }, machine) => {
    const { id, resource } = personAt(machine.model, where.which, place);
    const known = resource && right ? etagOf(resource) : 'W/"0"';
    const request = { ...where, method: 'GET', path: `/Users/${id}`, headers: { 'If-None-Match': known } };
    return ask(machine, request, () => {
      if (!resource) return refused('notFound');
      return right ? { kind: 'empty', status: 304, of: resource } : shown(resource);
    });
  },
);

type Text = string;
/** A filter as text, and whom it means. */
const FILTERS: Readonly<Record<string, (person: Person, wanted: Text) => boolean>> = {
  userName: ({ attributes }, wanted) => fold(attributes.userName) === fold(wanted),
  externalId: ({ attributes }, wanted) => attributes.externalId === wanted,
  displayName: ({ attributes }, wanted) =>
    attributes.displayName !== undefined && fold(attributes.displayName) === fold(wanted),
  'emails.value': ({ attributes: { emails = [] } }, wanted) => emails.some(({ value }) => fold(value) === fold(wanted)),
  'emails[type eq "work"].value': ({ attributes: { emails = [] } }, wanted) =>
    emails.some(({ type, value }) => type === 'work' && fold(value) === fold(wanted)),
};

const find = (path: string, wanted: string) => `/Users?filter=${encodeURIComponent(`${path} eq "${wanted}"`)}`;
const only = (tenant: Tenant, fits: (person: Person) => boolean) => listed(visible(tenant).filter(fits));

export const findUsers = kindOf(
  'find users by an attribute',
  reading<{ path: string; wanted: string }>({
    path: fc.constantFrom(...Object.keys(FILTERS)),
    wanted: fc.oneof(
      someUserName,
      someAddress,
      fc.nat(11).map((n) => `e${n}`),
      fc.constantFrom('MARA', 'bram'),
    ),
  }),
  ({ path, wanted, ...where }, machine) =>
    ask(machine, { ...where, method: 'GET', path: find(path, wanted) }, () =>
      only(tenantOf(machine, where.which), (person) => FILTERS[path]?.(person, wanted) ?? false),
    ),
);

/** As Entra looks for somebody it knows: by the userName or externalId that the person has. */
export const findKnownUser = kindOf(
  'find a user who is there, or was',
  reading<{ place: Ref; path: string }>({ place: ref, path: fc.constantFrom('userName', 'externalId', 'id') }),
  ({ place, path, ...where }, machine) => {
    const tenant = tenantOf(machine, where.which);
    const { id, foreign } = personAt(machine.model, where.which, place);
    const attributes = tenant.people.get(id)?.attributes;
    const wanted =
      path === 'id' ? id : ((path === 'userName' ? attributes?.userName : attributes?.externalId) ?? 'none');
    return ask(machine, { ...where, method: 'GET', path: find(path, wanted), foreign }, () =>
      only(tenant, (person) => (path === 'id' ? person.id === wanted : (FILTERS[path]?.(person, wanted) ?? false))),
    );
  },
);

/**
 * Without the URN it is Entra's way to say it. SPEC says that the value is compared, and does not say whether somebody
 * sent by another name is found by id as well: nothing is asked where that would make a difference.
 */
export const findReports = kindOf(
  'find users by manager',
  reading<{ place: Ref; plain: boolean }>({ place: ref, plain: fc.boolean() }),
  ({ place, plain, ...where }, machine) => {
    const { id, foreign } = personAt(machine.model, where.which, place);
    const people = visible(tenantOf(machine, where.which));
    if (people.some(({ managerId, attributes }) => managerId === id && attributes.manager !== id)) {
      return Promise.resolve();
    }
    const path = find(plain && where.caller !== 'rfc' ? 'manager' : `${ENTERPRISE_USER}:manager.value`, id);
    // A tenant that named the other's id itself finds its own words again: nobody's id would find nothing there.
    const named = people.some(({ attributes }) => attributes.manager === id);
    return ask(machine, { ...where, method: 'GET', path, foreign: named ? undefined : foreign }, () =>
      only(tenantOf(machine, where.which), ({ attributes }) => attributes.manager === id),
    );
  },
);

export const findByGroup = kindOf(
  'find users by group',
  reading<{ place: Ref }>({ place: ref }),
  ({ place, ...where }, machine) => {
    const tenant = tenantOf(machine, where.which);
    const { id, foreign } = groupAt(machine.model, where.which, place);
    return ask(machine, { ...where, method: 'GET', path: find('groups.value', id), foreign }, () =>
      only(tenant, (person) => groupsOf(tenant, person.id).some((group) => group.id === id)),
    );
  },
);

export const listUsers = kindOf(
  'list a page of users',
  reading<{ from: number; count: number }>({ from: at, count: fc.constantFrom(0, 1, 2, 5) }),
  ({ from, count, ...where }, machine) =>
    ask(machine, { ...where, method: 'GET', path: `/Users?startIndex=${from}&count=${count}` }, () =>
      listed(visible(tenantOf(machine, where.which)), Math.max(1, from), count),
    ),
);

/** The groups a person is in, and nothing of what the person is; the person is read as a whole besides. */
export const readMemberships = kindOf(
  'read the groups of a user',
  reading<{ place: Ref }>({ place: ref }),
  async ({ place, ...where }, machine) => {
    const group = groupAt(machine.model, where.which, place).resource;
    const [member] = group?.members ?? [];
    const person = visible(tenantOf(machine, where.which)).find(({ id }) => id === member);
    if (!person) return;
    await ask(machine, { ...where, method: 'GET', path: pathOf(person) }, () => shown(person));
  },
);
