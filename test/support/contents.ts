// What is in a database, told so that two states of it can be compared: each table's rows, counted and hashed, but for
// the numbers of transactions.
import { type Client } from 'pg';
import { isOfTenants, tables, type Table } from '../../src/database/catalogue.js';

/** `count hash` of each table; of one tenant's rows only, where one is given. */
export async function contents(
  owner: Client,
  tenantId?: string,
  which: (table: Table) => boolean = () => true,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const table of (await tables(owner)).filter(which)) {
    const of = isOfTenants(table) ? 'tenant_id' : table.name === 'tenant' ? 'id' : undefined;
    if (tenantId !== undefined && of === undefined) continue;
    const where = tenantId === undefined ? 'true' : `${of} = '${tenantId}'`;
    const { rows } = await owner.query<{ count: string; hash: string }>(
      `select count(*), md5(coalesce(string_agg(md5(r), '' order by md5(r)), '')) as hash
       from (select (to_jsonb(t) - '{xid,snapshot}'::text[])::text as r from "${table.name}" t where ${where}) rows`,
    );
    found[table.name] = `${rows[0]?.count} ${rows[0]?.hash}`;
  }
  return found;
}

export const isEmpty = (content: string | undefined): boolean => content?.startsWith('0 ') ?? false;
