// Probes that write: members, managers and every writable attribute with another tenant's value, alone and in Bulk.
import { bulkOf } from '../../scim/bulkRequest.js';
import { nameOf, type Subject, subjectsOf } from '../../scim/publishedAttributes.js';
import { aGroup, aUser, CORE_USER, ENTERPRISE_USER, patchOf } from '../../support/builders.js';
import { type Json } from '../../support/tenant.js';
import { type Caller, SPARE } from './inhabit.js';
import { type Asked, type Probe } from './probe.js';
import { SCIM, WRITERS } from './scimPaths.js';
import { ID_KINDS, NAME_KINDS, type Values, valueOf } from './values.js';

type Ask = (given: Values, own: Values) => Asked;

const writing = (name: string, as: Caller, ask: Ask): Probe => ({ name, as, writes: true, ask });

export const writeProbes = (documents: readonly Json[]): Probe[] => [
  ...memberProbes(),
  ...managerProbes(),
  ...attributeProbes(subjectsOf(documents)),
  ...takenNames(),
  ...bulkProbes(),
];

const groupAt = (own: Values, at: number): string => `${SCIM}/Groups/${valueOf(own, `spareGroupId${at % SPARE}`)}`;
const userAt = (own: Values, at: number): string => `${SCIM}/Users/${valueOf(own, `spareUserId${at % SPARE}`)}`;

/** Ids where a member can be named, on groups of the tenant's own. */
function memberProbes(): Probe[] {
  const ways: readonly ((id: string) => object)[] = [
    (id) => ({ op: 'add', path: 'members', value: [{ value: id }] }),
    (id) => ({ op: 'add', value: { members: [{ value: id }] } }),
    (id) => ({ op: 'replace', path: 'members', value: [{ value: id }] }),
    (id) => ({ op: 'remove', path: `members[value eq "${id}"]` }),
    (id) => ({ op: 'remove', path: 'members', value: [{ value: id }] }),
    (id) => ({ op: 'add', path: 'members', value: [{ value: id, type: 'Group' }] }),
    (id) => ({ op: 'add', path: 'members', value: [{ value: id, $ref: `../Users/${id}` }] }),
    (id) => ({ op: 'replace', path: `members[value eq "${id}"].display`, value: 'x' }),
  ];
  return [...ID_KINDS, ...NAME_KINDS].flatMap((kind, at) =>
    WRITERS.flatMap((as) => [
      ...ways.map((way, which) =>
        writing(`PATCH members way ${which} {${kind}}`, as, (given, own) => ({
          method: 'PATCH',
          path: `${groupAt(own, at)}?attributes=displayName,members`,
          body: patchOf(way(valueOf(given, kind))),
        })),
      ),
      writing(`POST group with member {${kind}}`, as, (given) => ({
        method: 'POST',
        path: `${SCIM}/Groups`,
        body: aGroup({ displayName: `Group ${kind} ${as}`, members: [{ value: valueOf(given, kind) }] }),
      })),
      writing(`PUT group with member {${kind}}`, as, (given, own) => ({
        method: 'PUT',
        path: groupAt(own, at),
        body: aGroup({ displayName: `Put ${at}`, members: [{ value: valueOf(given, kind) }] }),
      })),
    ]),
  );
}

/** Ids and names where a manager can be named. */
function managerProbes(): Probe[] {
  const path = `${ENTERPRISE_USER}:manager`;
  const ways: readonly ((id: string) => object)[] = [
    (id) => ({ op: 'replace', path, value: id }),
    (id) => ({ op: 'add', path, value: { value: id } }),
    (id) => ({ op: 'add', path: 'manager', value: [{ value: id }] }),
    (id) => ({ op: 'replace', value: { [ENTERPRISE_USER]: { manager: { value: id, $ref: `../Users/${id}` } } } }),
  ];
  return [...ID_KINDS, ...NAME_KINDS].flatMap((kind, at) =>
    WRITERS.flatMap((as) => [
      ...ways.map((way, which) =>
        writing(`PATCH manager way ${which} {${kind}}`, as, (given, own) => ({
          method: 'PATCH',
          path: userAt(own, at),
          body: patchOf(way(valueOf(given, kind))),
        })),
      ),
      writing(`POST user with manager {${kind}}`, as, (given) => ({
        method: 'POST',
        path: `${SCIM}/Users`,
        body: {
          ...namedUser(`managed.${kind}.${as}`),
          [ENTERPRISE_USER]: { manager: { value: valueOf(given, kind) } },
        },
      })),
      // The manager that was written last is shown, resolved or not.
      writing(`GET user with manager {${kind}}`, as, (_, own) => ({ method: 'GET', path: userAt(own, at) })),
    ]),
  );
}

const namedUser = (name: string): Record<string, unknown> => {
  const address = `${name.replaceAll(':', '.').toLowerCase()}@walk.example`;
  return { ...aUser(), schemas: [CORE_USER, ENTERPRISE_USER], userName: address, emails: [{ value: address }] };
};

/** Every writable attribute of one's own takes another tenant's value as it takes any. */
function attributeProbes(subjects: readonly Subject[]): Probe[] {
  const written = subjects.filter(({ attribute, sub }) => {
    const leaf = sub ?? attribute;
    return (
      attribute.mutability === 'readWrite' &&
      !attribute.subAttributes?.some(({ name }) => name === '$ref') &&
      leaf.type !== 'boolean'
    );
  });
  return written.flatMap((subject, at) => {
    const { endpoint, attribute, sub } = subject;
    if (!sub && attribute.subAttributes) return [];
    const path = nameOf(subject);
    const kind = `spare${at % SPARE}${endpoint === '/Users' ? 'User' : 'Group'}:${path.replace(`${ENTERPRISE_USER}:`, '')}`;
    const place = (own: Values) => (endpoint === '/Users' ? userAt(own, at + 5) : groupAt(own, at + 5));
    const ops = ['add', 'replace', 'remove'].flatMap((op) =>
      (['FULL', 'RFC'] as const).map((as) =>
        writing(`PATCH ${op} ${path} {${kind}}`, as, (given, own) => ({
          method: 'PATCH',
          path: place(own),
          body: patchOf({
            op,
            path: attributePath(subject),
            ...(op === 'remove' ? {} : { value: given[kind] ?? valueOf(given, 'requestId') }),
          }),
        })),
      ),
    );
    return [...ops, writing(`GET after ${path}`, 'READ_ONLY', (_, own) => ({ method: 'GET', path: place(own) }))];
  });
}

const attributePath = (subject: Subject): string =>
  subject.sub && subject.attribute.multiValued
    ? nameOf(subject).replace(`${subject.attribute.name}.`, `${subject.attribute.name}[type eq "work"].`)
    : nameOf(subject);

/** Names that are unique in a tenant are free here whoever has them there. */
function takenNames(): Probe[] {
  const kinds = ['User:userName', 'localUserName', 'protectedUserName', 'deletedUserName', 'spare3User:userName'];
  const ids = ['userId', 'localUserId', 'protectedUserId', 'deletedUserId', 'clientId'];
  const people = kinds.flatMap((kind) =>
    WRITERS.flatMap((as) =>
      ids.flatMap((idKind) => [
        writing(`POST user named {${kind}} externalId {${idKind}}`, as, (given) => ({
          method: 'POST',
          path: `${SCIM}/Users`,
          body: {
            ...aUser(),
            ...named(valueOf(given, kind)),
            externalId: valueOf(given, idKind),
            id: valueOf(given, idKind),
          },
        })),
        writing(`GET who is named {${kind}}`, as, (given) => ({
          method: 'GET',
          path: `${SCIM}/Users?filter=${encodeURIComponent(`userName eq "${valueOf(given, kind)}"`)}`,
        })),
      ]),
    ),
  );
  const groups = ['Group:displayName', 'localGroupName', 'spare4Group:displayName'].flatMap((kind) =>
    WRITERS.flatMap((as) => [
      writing(`POST group named {${kind}}`, as, (given) => ({
        method: 'POST',
        path: `${SCIM}/Groups`,
        body: aGroup({ displayName: valueOf(given, kind), externalId: valueOf(given, 'groupId') }),
      })),
      writing(`PUT group named {${kind}}`, as, (given, own) => ({
        method: 'PUT',
        path: groupAt(own, 7),
        body: aGroup({ displayName: valueOf(given, kind) }),
      })),
    ]),
  );
  return [...people, ...groups];
}

const named = (userName: string) => ({ userName, emails: [{ value: userName, type: 'work', primary: true }] });

/** Ids, versions and bulkIds in every place of a Bulk request. */
function bulkProbes(): Probe[] {
  const bulk = (name: string, as: Caller, operations: (given: Values, own: Values) => readonly Json[]) =>
    writing(`Bulk ${name}`, as, (given, own) => ({
      method: 'POST',
      path: `${SCIM}/Bulk`,
      body: bulkOf([...operations(given, own)]),
    }));
  const taken = patchOf({ op: 'replace', path: 'externalId', value: 'taken' });
  return [...ID_KINDS, ...NAME_KINDS].flatMap((kind, at) =>
    WRITERS.flatMap((as) => {
      const id = (given: Values) => encodeURIComponent(valueOf(given, kind));
      return [
        bulk(`paths {${kind}}`, as, (given) =>
          ['Users', 'Groups'].flatMap((type) => [
            { method: 'PATCH', path: `/${type}/${id(given)}`, data: taken },
            {
              method: 'PUT',
              path: `/${type}/${id(given)}`,
              data: type === 'Users' ? namedUser('taken') : aGroup({ displayName: 'Taken' }),
            },
            { method: 'DELETE', path: `/${type}/${id(given)}`, version: valueOf(given, 'etag') },
          ]),
        ),
        bulk(`bulkId {${kind}}`, as, (given) => [
          { method: 'POST', path: '/Users', bulkId: valueOf(given, kind), data: namedUser(`bulk${at}.${as}`) },
          {
            method: 'POST',
            path: '/Groups',
            bulkId: `g${valueOf(given, kind)}`,
            data: aGroup({ displayName: `Bulk ${at} ${as}`, members: [{ value: `bulkId:${valueOf(given, kind)}` }] }),
          },
        ]),
        bulk(`reference {${kind}}`, as, (given, own) => [
          { method: 'PATCH', path: `/Users/bulkId:${id(given)}`, data: taken },
          {
            method: 'PATCH',
            path: `/Groups/${valueOf(own, 'spareGroupId0')}`,
            data: patchOf({
              op: 'add',
              path: 'members',
              value: [{ value: valueOf(given, kind) }, { value: `bulkId:${valueOf(given, kind)}` }],
            }),
          },
        ]),
      ];
    }),
  );
}
