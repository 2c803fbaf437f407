// The tables as the database has them: for what must reach all of them, those that a later migration adds as well.
import { type Owner } from './owner.js';

export interface Column {
  readonly name: string;
  readonly type: string;
  /** Made by the database from others. */
  readonly generated: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The columns of the primary key, in order. */
  readonly key: readonly string[];
  /** Tables its foreign keys refer to, itself aside. */
  readonly parents: readonly string[];
}

/** Every table of the schema, those that are referred to first. */
export async function tables(owner: Owner): Promise<readonly Table[]> {
  const { rows } = await owner.query<Table>(TABLES);
  return parentsFirst(rows);
}

/** Whether its rows belong to tenants. */
export const isOfTenants = ({ columns }: Table): boolean => columns.some(({ name }) => name === 'tenant_id');

const TABLES = `
  select c.relname::text as name,
    (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'generated', a.attgenerated <> '') order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    array(select a.attname::text from pg_constraint k cross join unnest(k.conkey) with ordinality as part (attnum, n)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = part.attnum
      where k.conrelid = c.oid and k.contype = 'p' order by part.n) as key,
    array(select distinct p.relname::text from pg_constraint f join pg_class p on p.oid = f.confrelid
      where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as parents
  from pg_class c
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  order by c.relname`;

function parentsFirst(all: readonly Table[]): readonly Table[] {
  const placed = new Set<string>();
  const order: Table[] = [];
  while (order.length < all.length) {
    const next = all.filter(({ name, parents }) => !placed.has(name) && parents.every((parent) => placed.has(parent)));
    if (next.length === 0) throw new Error('Tables refer to each other in a circle');
    for (const table of next) {
      placed.add(table.name);
      order.push(table);
    }
  }
  return order;
}
