// Groups by id, many at once.
import { type QueryResultRow } from 'pg';
import { type ReadScope, type Statement } from '../scope.js';
import { groupColumns, type GroupRow } from './groups.js';

const GROUPS_BY_ID: Statement = {
  name: 'groups_by_id',
  text: `select ${groupColumns('g')} from directory_group g where g.tenant_id = $1 and g.id = any ($2::uuid[])`,
};

/** A group that is not in this tenant is missing. */
export async function groupsById(scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, GroupRow>> {
  const rows = await scope.send<GroupRow & QueryResultRow>(GROUPS_BY_ID, [scope.tenantId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}
