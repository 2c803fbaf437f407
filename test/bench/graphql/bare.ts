// A page of a hundred people with manager and groups over GraphQL, against the bare program, which prints the same JSON
// by one statement.
import { type CaseFigures } from '../figures.js';
import { BARE, GRAPHQL } from '../bareTransactions.js';
import { type Closers, type Ground, type Tenant } from '../ground.js';
import { figuresOf, takeTurns, type Extent } from '../measure.js';
import { startBare, startLoad } from '../programs.js';
import { peopleOverGraphql } from '../requests.js';
import { toBareProgram } from '../stage.js';

const CASE = 'people over GraphQL';

/** `$1` is the tenant. */
const STATEMENT = `
  select json_build_object('data', json_build_object('users', json_build_object('nodes', json_agg(json_build_object(
      'userName', u.user_name, 'displayName', u.display_name, 'title', u.title, 'department', u.department,
      'manager', case when m.id is not null then json_build_object('userName', m.user_name, 'displayName', m.display_name) end,
      'groups', json_build_object('nodes', coalesce(g.nodes, '[]')))
      order by u.display_name_key collate "C", u.id))))::text as json
    from (select * from directory_user where tenant_id = $1 and status <> 'DELETED'
        order by display_name_key collate "C", id limit 100) u
      left join directory_user m on m.tenant_id = $1 and m.id = u.manager_id and m.status <> 'DELETED'
      cross join lateral (select json_agg(json_build_object('displayName', named.display_name)) as nodes
        from (select g.display_name from membership e join directory_group g on g.tenant_id = $1 and g.id = e.group_id
          where e.tenant_id = $1 and e.user_id = u.id order by g.display_name_key collate "C", g.id limit 50) named) g`;

/** `token` is a person's. */
export async function measureAgainstBare(
  ground: Ground,
  tenant: Tenant,
  token: string,
  extent: Extent,
  closers: Closers,
): Promise<CaseFigures> {
  const { programs, connection, owner } = ground;
  const bare = await startBare(programs, {
    ...connection,
    actorId: tenant.actor.id,
    statements: { [CASE]: STATEMENT, 'begin reading': 'begin read only' },
  });
  closers.push(() => bare.stop());
  const load = startLoad(programs);
  closers.push(() => load.stop());
  await load.run({ order: 'subject', subject: { people: [], outsiders: [], groups: {}, places: [] } });
  const headers = `Authorization: Bearer ${token}\r\nX-Tenant: ${tenant.id}\r\n`;
  const target = { ...tenant.target, headers, contentType: 'application/json' };
  const bareSide = { ...bare, applicationName: BARE };
  const sides = {
    service: { side: ground.service, target, load },
    bare: { side: bareSide, target: toBareProgram(target, bareSide), load },
  };
  await expectTheSame(token, tenant.id, [sides.service.target.port, sides.bare.target.port]);
  const pairs = await takeTurns(owner, sides, [CASE], extent);
  return figuresOf(CASE, pairs.get(CASE) ?? [], ['service', 'bare']);
}

/** Measured is only what answers alike. */
async function expectTheSame(token: string, tenant: string, ports: readonly number[]): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'X-Tenant': tenant, 'Content-Type': 'application/json' };
  const answers = await Promise.all(
    ports.map(async (port) => {
      const { body = '' } = peopleOverGraphql();
      const answer = await fetch(`http://127.0.0.1:${port}${GRAPHQL}`, { method: 'POST', headers, body });
      // What the service tells beside it is no part of the data.
      const { data } = (await answer.json()) as { readonly data: unknown };
      return JSON.stringify(data);
    }),
  );
  const [one = '', other = ''] = answers;
  const at = [...one].findIndex((character, index) => character !== other[index]);
  if (one !== other) {
    const told = [one, other].map((answer) => answer.slice(Math.max(0, at - 60), at + 60));
    throw new Error(`GraphQL and the bare program answer differently: ${told.join(' <> ')}`);
  }
}
