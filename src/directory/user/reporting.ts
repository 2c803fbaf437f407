// Who reports to whom over several levels: for many people in one statement.
import { peopleBelow } from '../../filter/sqlRelated.js';
import { type ReadScope, type Statement } from '../scope.js';

/** How many report to a person. */
export interface Span {
  readonly direct: number;
  readonly total: number;
  /** Levels of people below. */
  readonly depth: number;
}

const SPANS: Statement = {
  name: 'spans',
  text: `select top.id as top, count(*) filter (where depth = 1)::int as direct, count(*)::int as total, max(depth) as depth
    from unnest($2::uuid[]) as top (id) cross join lateral ${peopleBelow('array[top.id]', '$1')} group by top.id`,
};

/** Of each person to whom somebody reports; who is deleted does not count. */
export async function spansOf(scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, Span>> {
  const rows = await scope.send<Span & { top: string }>(SPANS, [scope.tenantId, ids]);
  return new Map(rows.map(({ top, ...span }) => [top, span]));
}

/** The managers above a person, the direct one first. */
export interface Chain {
  readonly ids: readonly string[];
  /** The next manager is in the chain already, or is the person. */
  readonly cycle: boolean;
  /** There are more. */
  readonly truncated: boolean;
}

// One more than asked for tells whether there are more.
const CHAINS: Statement = {
  name: 'manager_chains',
  text: `with recursive chain (bottom, id, place, path) as (
      select u.id, u.manager_id, 1, array[u.id] from directory_user u
        where u.tenant_id = $1 and u.id = any ($2::uuid[]) and u.manager_id is not null
      union all
      select c.bottom, m.manager_id, c.place + 1, c.path || c.id from chain c join directory_user m
        on m.tenant_id = $1 and m.id = c.id
        where c.place <= $3 and c.id <> all (c.path) and m.manager_id is not null)
    select bottom, id, id = any (path) as cycle from chain order by bottom, place`,
};

/** Up to `most` managers of each person; one without a manager is missing. */
export const chainsOf =
  (most: number) =>
  async (scope: ReadScope, ids: readonly string[]): Promise<ReadonlyMap<string, Chain>> => {
    const rows = await scope.send<{ bottom: string; id: string; cycle: boolean }>(CHAINS, [scope.tenantId, ids, most]);
    const above = Map.groupBy(rows, ({ bottom }) => bottom);
    return new Map([...above].map(([bottom, managers]) => [bottom, chainFrom(managers, most)]));
  };

function chainFrom(managers: readonly { readonly id: string; readonly cycle: boolean }[], most: number): Chain {
  const ids = managers.filter(({ cycle }) => !cycle).map(({ id }) => id);
  return {
    ids: ids.slice(0, most),
    cycle: managers.some(({ cycle }) => cycle),
    truncated: ids.length > most,
  };
}
