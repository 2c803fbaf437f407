// The end of a run: everything of both tenants, by paging over SCIM, over GraphQL and in history, is what the model holds.
import { expect } from 'chai';
import { historyOfTenant } from '../records.js';
import { type Machine, ask, tenantOf } from './ask.js';
import { switchOn } from './commands/access.js';
import { GROUP, PERSON, compareGroup, comparePerson, graphql } from './graphql.js';
import { type Resource, type Which, visible } from './model.js';
import { listed } from './outcome.js';

/** Compares both tenants; switches provisioning on where it is off. */
export async function compareEverything(machine: Machine): Promise<void> {
  await Promise.all([compareTenant(machine, 0), compareTenant(machine, 1)]);
}

async function compareTenant(machine: Machine, which: Which): Promise<void> {
  await switchOn(machine, which);
  const tenant = tenantOf(machine, which);
  await comparePages(machine, which, '/Users', visible(tenant));
  await comparePages(machine, which, '/Groups', [...tenant.groups.values()]);
  await compareOverGraphql(machine, which);
  await compareHistory(machine, which);
}

const PAGE = 4;

async function comparePages(machine: Machine, which: Which, path: string, all: readonly Resource[]): Promise<void> {
  for (let startIndex = 1; startIndex <= all.length + 1; startIndex += PAGE) {
    const request = { which, caller: 'entra', method: 'GET', path: `${path}?startIndex=${startIndex}&count=${PAGE}` };
    await ask(machine, { ...request, caller: 'entra' }, () => listed(all, startIndex, PAGE));
  }
}

const EVERYTHING = `{
  users(first: 100, includeDeleted: true, orderBy: [{ field: CREATED_AT }]) { totalCount nodes { ${PERSON} } }
  groups(first: 100, orderBy: [{ field: CREATED_AT }]) { totalCount nodes { ${GROUP} } } }`;

const compareOverGraphql = (machine: Machine, which: Which): Promise<void> =>
  graphql(machine, which, EVERYTHING, {}, ({ users, groups }) => {
    const tenant = tenantOf(machine, which);
    const [people, teams] = [[...tenant.people.values()], [...tenant.groups.values()]];
    expect([users.totalCount, groups.totalCount]).to.deep.equal([people.length, teams.length]);
    people.forEach((person, index) => comparePerson(tenant, person, users.nodes[index]));
    teams.forEach((group, index) => compareGroup(group, groups.nodes[index]));
  });

/** One record for each resource that a committed change has touched, and nothing of any other request. */
async function compareHistory({ model, world }: Machine, which: Which): Promise<void> {
  const { id, history } = model.tenants[which];
  const wanted = [...history].flatMap(([requestId, touched]) =>
    [...touched].map(([resourceId, happened]) => `${requestId} ${resourceId} ${happened}`),
  );
  const records = await historyOfTenant(world.tenants[which]);
  const found = records
    .filter(
      ({ resource_type, resource_id, kind }) =>
        resource_type !== 'Integration' && !(resource_id === id && kind === 'CREATED'),
    )
    .map(({ request_id, resource_id, kind }) => `${request_id} ${resource_id} ${kind}`);
  expect(found).to.have.members(wanted);
}
