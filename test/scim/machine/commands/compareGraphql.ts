// One person or group over GraphQL: what the model holds, and null for who is not shown.
import fc from 'fast-check';
import { expect } from 'chai';
import { tenantOf } from '../ask.js';
import { type Ref, administering, groupAt, kindOf, personAt, ref } from '../command.js';
import { GROUP, PERSON, compareGroup, comparePerson, graphql } from '../graphql.js';

const USER_BY = `query ($scimId: UUID, $deleted: Boolean!) { user(by: { scimId: $scimId }, includeDeleted: $deleted) { ${PERSON} } }`;
const GROUP_BY = `query ($scimId: UUID) { group(by: { scimId: $scimId }) { ${GROUP} } }`;

export const compareUserOverGraphql = kindOf(
  'read user over GraphQL',
  administering<{ place: Ref; deleted: boolean }>({ place: ref, deleted: fc.boolean() }),
  ({ which, place, deleted }, machine) => {
    const tenant = tenantOf(machine, which);
    const { id } = personAt(machine.model, which, place);
    return graphql(machine, which, USER_BY, { scimId: id, deleted }, ({ user }) => {
      const person = tenant.people.get(id);
      if (person && (deleted || person.status !== 'DELETED')) comparePerson(tenant, person, user);
      else expect(user).to.equal(null);
    });
  },
);

export const compareGroupOverGraphql = kindOf(
  'read group over GraphQL',
  administering<{ place: Ref }>({ place: ref }),
  ({ which, place }, machine) => {
    const { id, resource } = groupAt(machine.model, which, place);
    return graphql(machine, which, GROUP_BY, { scimId: id }, ({ group }) => {
      if (resource) compareGroup(resource, group);
      else expect(group).to.equal(null);
    });
  },
);
