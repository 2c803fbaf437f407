// The rows that a row is related to, in SQL: a person's manager and everybody above, groups of people, members of groups.
import { type ResolvedRelated } from './resolvedFilter.js';
import { type Places, type Row } from './sqlPlace.js';

/** The condition that one of the related rows satisfies the filter. Deleted people are related to nobody. */
export function relatedToSql(
  { relation, type, filter }: ResolvedRelated,
  { alias, tenant, sql, conditionOf }: Row,
  placesOf: (row: Row) => Places,
): string {
  const other = `${alias}_${relation}`;
  const live = type.name === 'User' ? ` and ${other}.status <> 'DELETED'` : '';
  const condition = conditionOf(filter, placesOf({ type, alias: other, tenant, sql, conditionOf }), sql);
  const table = `${type.table} ${other}`;
  const fits = `${other}.tenant_id = ${tenant}${live} and ${condition}`;
  switch (relation) {
    case 'manager':
      return `exists (select 1 from ${table} where ${fits} and ${other}.id = ${alias}.manager_id)`;
    case 'above':
      return `${alias}.id in (${everybodyBelow(`select ${other}.id from ${table} where ${fits}`, tenant)} select below.id from below)`;
    case 'groups':
    case 'members': {
      const [here, there] = relation === 'groups' ? ['user_id', 'group_id'] : ['group_id', 'user_id'];
      const edge = `${other}_edge`;
      // Whether there is one at all is seen without reading it.
      const join = condition === 'true' ? '' : ` join ${table} on ${fits} and ${other}.id = ${edge}.${there}`;
      return `exists (select 1 from membership ${edge}${join} where ${edge}.tenant_id = ${tenant} and ${edge}.${here} = ${alias}.id)`;
    }
  }
}

/**
 * A `with` that gives `below (top, id, depth)`: who reports to the people `tops` selects, at any distance, as often as
 * they are below different ones. It ends: everybody has one manager, so that a circle that is reached from the top
 * downwards can only be one the top itself is in, and the top is left out.
 */
export const everybodyBelow = (tops: string, tenant: string): string =>
  `with recursive below (top, id, depth) as (
    select r.manager_id, r.id, 1 from directory_user r
      where r.tenant_id = ${tenant} and r.manager_id in (${tops}) and r.id <> r.manager_id and r.status <> 'DELETED'
    union all
    select b.top, r.id, b.depth + 1 from below b join directory_user r
      on r.tenant_id = ${tenant} and r.manager_id = b.id and r.id <> b.top and r.status <> 'DELETED')`;
