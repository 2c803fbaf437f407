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
      return `${alias}.id in (select below.id from ${peopleBelow(`array(select ${other}.id from ${table} where ${fits})`, tenant)} below)`;
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

/** Who reports to the people of an array, at any distance, as `(id, display_name_key, depth)`: see the migrations. */
export const peopleBelow = (tops: string, tenant: string): string => `people_below(${tenant}, ${tops})`;
