// How SCIM shows what the model holds, but for the moments in `meta`: those are learned, see `compareMoments`.
import { expect } from 'chai';
import { CORE_GROUP, CORE_USER, ENTERPRISE_USER } from '../../support/builders.js';
import { type Json } from '../../support/tenant.js';
import { type Group, type Person, type Resource, type Stamps, type Tenant, assigned, groupsOf } from './model.js';

const PATHS = { User: 'Users', Group: 'Groups' } as const;

export const pathOf = ({ kind, id }: Resource): string => `/${PATHS[kind]}/${id}`;
export const etagOf = ({ version }: Resource): string => `W/"${version}"`;

/** Everything of a resource that can be foretold. */
function resourceOf(tenant: Tenant, resource: Resource, base: string): Json {
  const meta = {
    resourceType: resource.kind,
    location: `${base}${pathOf(resource)}`,
    version: etagOf(resource),
  };
  const own = resource.kind === 'User' ? userOf(tenant, resource, base) : groupOf(tenant, resource, base);
  return assigned({ id: resource.id, ...own, meta });
}

function userOf(tenant: Tenant, { id, attributes, managerId, status }: Person, base: string): Json {
  const { department, manager, ...core } = attributes;
  const boss = managerId === undefined ? undefined : tenant.people.get(managerId);
  const reference = manager === undefined ? undefined : { value: manager, ...(boss ? linkTo(boss, base) : {}) };
  const extension = assigned({ department, manager: reference });
  const groups = groupsOf(tenant, id).map((group) => ({
    value: group.id,
    $ref: `${base}${pathOf(group)}`,
    display: group.displayName,
    type: 'direct',
  }));
  const extended = Object.keys(extension).length > 0;
  return {
    schemas: extended ? [CORE_USER, ENTERPRISE_USER] : [CORE_USER],
    ...core,
    active: status === 'ACTIVE',
    ...(groups.length > 0 ? { groups } : {}),
    ...(extended ? { [ENTERPRISE_USER]: extension } : {}),
  };
}

const linkTo = (boss: Person, base: string) =>
  assigned({ $ref: `${base}${pathOf(boss)}`, displayName: boss.attributes.displayName });

function groupOf({ people }: Tenant, { displayName, externalId, members }: Group, base: string): Json {
  const shown = [...members].map((id) =>
    assigned({ value: id, $ref: `${base}/Users/${id}`, type: 'User', display: people.get(id)?.attributes.displayName }),
  );
  return { schemas: [CORE_GROUP], displayName, externalId, members: shown };
}

/** An answer shows the resource as it must be; moments that were not known are learned from it. */
export function compareResource(
  tenant: Tenant,
  resource: Resource,
  answer: Json,
  base: string,
  withoutMembers = false,
): void {
  const { members, ...rest } = resourceOf(tenant, resource, base);
  const wanted = members === undefined || withoutMembers ? rest : { members, ...rest };
  const { created, lastModified, ...meta } = answer.meta;
  expect(inOrder({ ...answer, meta })).to.deep.equal(inOrder(wanted));
  compareMoments(resource.stamps, created, lastModified);
}

function compareMoments(stamps: Stamps, created: string, modified: string): void {
  expect(created, 'meta.created').to.equal(stamps.created ?? created);
  stamps.created = created;
  expect(modified, 'meta.lastModified').to.equal(stamps.modified ?? modified);
  expect(modified >= stamps.notBefore && modified >= created, 'meta.lastModified goes forward').to.equal(true);
  stamps.modified = modified;
}

/** Members and groups have no order of their own. */
function inOrder(resource: Json): Json {
  const byValue = (list: Json[] | undefined) => list && [...list].sort((a, b) => (a.value < b.value ? -1 : 1));
  return assigned({ ...resource, members: byValue(resource.members), groups: byValue(resource.groups) });
}
