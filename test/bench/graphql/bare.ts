// A page of a hundred people with manager and groups over GraphQL, against the bare SQL that prints the same JSON: the
// statement in a transaction of the tenant, on the service's own pool, without HTTP and without anything around it.
import { expect } from 'chai';
import { type TestTenant, type Json } from '../../support/tenant.js';
import { median, type Verdict } from '../figures.js';

const LEAST_RATIO = 0.35;
const PAIRS = 7;
const IN_FLIGHT = 4;

const QUERY = `{ users(first: 100) { nodes {
  userName displayName title department manager { userName displayName } groups { nodes { displayName } } } } }`;

/** `$1` is the tenant. */
const STATEMENT = {
  name: 'bare people',
  text: `select json_build_object('users', json_build_object('nodes', json_agg(json_build_object(
      'userName', u.user_name, 'displayName', u.display_name, 'title', u.title, 'department', u.department,
      'manager', case when m.id is not null then json_build_object('userName', m.user_name, 'displayName', m.display_name) end,
      'groups', json_build_object('nodes', coalesce(g.nodes, '[]')))
      order by u.display_name_key collate "C", u.id)))::text as json
    from (select * from directory_user where tenant_id = $1 and status <> 'DELETED'
        order by display_name_key collate "C", id limit 100) u
      left join directory_user m on m.tenant_id = $1 and m.id = u.manager_id and m.status <> 'DELETED'
      cross join lateral (select json_agg(json_build_object('displayName', named.display_name)) as nodes
        from (select g.display_name from membership e join directory_group g on g.tenant_id = $1 and g.id = e.group_id
          where e.tenant_id = $1 and e.user_id = u.id order by g.display_name_key collate "C", g.id limit 50) named) g`,
};

/** The rate of GraphQL by that of the bare statement: the median of pairs of windows, in turns. */
export async function measureAgainstBare(tenant: TestTenant, requests: number): Promise<[string, Verdict]> {
  const { graphql, bare } = await sidesOf(tenant);
  expect(await graphql()).to.deep.equal(JSON.parse(await bare()));
  await rateOf(graphql, requests);
  await rateOf(bare, requests);
  const pairs: { graphql: number; bare: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1)
    pairs.push({ graphql: await rateOf(graphql, requests), bare: await rateOf(bare, requests) });
  const ratio = median(pairs.map((pair) => pair.graphql / pair.bare));
  const rate = (side: 'graphql' | 'bare') => Math.round(median(pairs.map((pair) => pair[side])));
  return [
    `100 people with manager and groups: ${rate('graphql')} a second, the bare statement ${rate('bare')}`,
    {
      target: `100 people with manager and groups: at least ${LEAST_RATIO} of the bare statement's rate`,
      figure: ratio.toFixed(2),
      met: ratio >= LEAST_RATIO,
    },
  ];
}

export async function sidesOf(tenant: TestTenant) {
  const headers = {
    Authorization: `Bearer ${await tenant.personToken({ role: 'FRONTEND' })}`,
    'Content-Type': 'application/json',
  };
  const body = JSON.stringify({ query: QUERY });
  const { pool } = tenant.server.deps.db;
  return {
    graphql: async (): Promise<Json> => {
      const answer = await fetch(`${tenant.server.url}/graphql`, { method: 'POST', headers, body });
      const { data, errors } = (await answer.json()) as Json;
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    bare: async (): Promise<string> => {
      const client = await pool.connect();
      try {
        await client.query(`begin read only; set local app.tenant = '${tenant.tenant.id}'`);
        const { rows } = await client.query<{ json: string }>(STATEMENT, [tenant.tenant.id]);
        await client.query('commit');
        return rows[0]?.json ?? '';
      } finally {
        client.release();
      }
    },
  };
}

/** So many a second. */
async function rateOf(work: () => Promise<unknown>, requests: number): Promise<number> {
  const start = performance.now();
  const left = { requests };
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left.requests-- > 0) await work();
    }),
  );
  return (requests * 1000) / (performance.now() - start);
}
