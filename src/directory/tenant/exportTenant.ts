// Everything of one tenant as lines of JSON, for a customer who leaves or asks. What can be made again from the rest is
// left out, and so is what would let somebody in. docs/operation.md describes the format.
import { isOfTenants, tables } from '../../database/catalogue.js';
import { type Owner } from '../../database/owner.js';
import { rowsAsJson } from '../../database/rowsAsJson.js';
import { isUuid } from '../id.js';

export const EXPORT_FORMAT = { format: 'speakup-directory tenant', version: 1 } as const;

/** The tables that are exported, in this order, with the columns that are not: keys made from others, secrets, inner workings. */
export const EXPORTED: Readonly<Record<string, readonly string[]>> = {
  integration: [],
  integration_secret: ['hash'],
  federated_credential: [],
  integration_activity: [],
  directory_user: [
    'active',
    'user_name_key',
    'match_email_key',
    'display_name_key',
    'employee_number_key',
    'manager_key',
  ],
  sign_in_lock: [],
  directory_group: ['display_name_key'],
  membership: [],
  change_record: ['xid'],
  change_position: [],
  provisioning_entry: [],
  deactivation_brake: ['managed', 'managed_at'],
  deactivation_held: [],
};

/** Tables that only help to find what is in the others, and tokens that were used, for as long as they could be again. */
export const LEFT_OUT: readonly string[] = ['user_email', 'user_word', 'group_word', 'changed_hour', 'used_assertion'];

/** The lines of the export, from one snapshot: pages of JSON texts. Refuses a table it does not know. */
export async function* exportTenant(
  owner: Owner,
  { id, slug }: { readonly id: string; readonly slug: string },
  now: Date,
): AsyncGenerator<readonly string[]> {
  if (!isUuid(id)) throw new Error('not a UUID');
  const known = await tables(owner);
  const unknown = known.filter(
    (table) => isOfTenants(table) && !(table.name in EXPORTED) && !LEFT_OUT.includes(table.name),
  );
  if (unknown.length > 0) throw new Error(`Not known to the export: ${unknown.map(({ name }) => name).join(', ')}`);
  const counts: Record<string, number> = {};
  await owner.query('begin isolation level repeatable read read only');
  await owner.query("select set_config('app.tenant', $1, true)", [id]);
  yield [JSON.stringify({ ...EXPORT_FORMAT, tenant: slug, exportedAt: now })];
  for (const type of ['tenant', ...Object.keys(EXPORTED)]) {
    const table = known.find(({ name }) => name === type);
    if (!table) continue;
    const columns = table.columns.map(({ name }) => name).filter((name) => !EXPORTED[type]?.includes(name));
    const where = `${type === 'tenant' ? 'id' : 'tenant_id'} = '${id}'`;
    counts[type] = 0;
    for await (const rows of rowsAsJson(owner, { table: type, columns, orderBy: table.key, where })) {
      counts[type] += rows.length;
      yield rows.map((row) => `{"type":"${type}","row":${row}}`);
    }
  }
  await owner.query('commit');
  yield [JSON.stringify({ end: true, counts })];
}
