// The same people and groups over GraphQL: what it shows must be what the model holds, and so what SCIM shows.
import { expect } from 'chai';
import { type Json } from '../../support/tenant.js';
import { type Machine, keepHistory, tenantOf } from './ask.js';
import { type Group, type Person, type Tenant, type Which, groupsOf, matchEmail, visible } from './model.js';

/** An operation by an administrator that must have data. `done` foretells and compares; history is kept after it. */
export async function graphql(
  machine: Machine,
  which: Which,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  done: (data: Json) => void,
): Promise<void> {
  const request = { which, caller: 'admin', method: 'POST', path: '/graphql', body: { query, variables } } as const;
  const answer = await machine.world.send(request);
  expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  expect(answer.body.errors, JSON.stringify(answer.body.errors)).to.equal(undefined);
  done(answer.body.data);
  keepHistory(tenantOf(machine, which), answer);
}

export const PERSON = `scimId userName externalId displayName title department email origin status active
  emails { value type primary } manager { scimId } managerReference { value resolved }
  groups(first: 20) { totalCount nodes { scimId } } directReports(first: 20) { nodes { scimId } }`;
export const GROUP = `scimId displayName externalId origin memberCount members(first: 30) { nodes { scimId } }`;

/** A person as GraphQL must show it. */
export function comparePerson(tenant: Tenant, person: Person, shown: Json): void {
  const { id, attributes, managerId, origin, status } = person;
  const { manager, emails = [], ...texts } = attributes;
  const { groups, directReports, ...rest } = shown;
  expect({ ...rest, email: rest.email?.toLowerCase() ?? null }).to.deep.equal({
    scimId: id,
    ...{ externalId: null, displayName: null, title: null, department: null },
    ...texts,
    email: matchEmail(attributes) ?? null,
    origin,
    status,
    active: status === 'ACTIVE',
    emails: emails.map(({ value, type, primary }) => ({ value, type: type ?? null, primary: primary ?? null })),
    manager: managerId === undefined ? null : { scimId: managerId },
    managerReference: manager === undefined ? null : { value: manager, resolved: managerId !== undefined },
  });
  const memberships = groupsOf(tenant, id);
  expect(groups.totalCount).to.equal(memberships.length);
  expect(idsOf(groups)).to.have.members(memberships.map((group) => group.id));
  const reports = visible(tenant).filter((report) => report.managerId === id);
  expect(idsOf(directReports)).to.have.members(reports.map((report) => report.id));
}

/** A group as GraphQL must show it. */
export function compareGroup({ id, displayName, externalId, origin, members }: Group, shown: Json): void {
  const { members: list, ...rest } = shown;
  const texts = { displayName, externalId: externalId ?? null };
  expect(rest).to.deep.equal({ scimId: id, ...texts, origin, memberCount: members.size });
  expect(idsOf(list)).to.have.members([...members]);
}

export const idsOf = ({ nodes }: Json): string[] => nodes.map(({ scimId }: Json) => String(scimId));
