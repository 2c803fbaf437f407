import { expect } from 'chai';
import { populateOrganisation } from '../bench/graphql/population.js';
import { withOwnerIn } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { data } from './asking.js';
import { sentWhile } from './sending.js';

const PEOPLE = 3000;
const NAMES = 'nodes { displayName }';

describe('the plans of GraphQL’s questions', function () {
  this.timeout(120_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    await withOwnerIn(tenant.tenant.id, (owner) => populateOrganisation(owner, tenant.tenant.id, PEOPLE));
  });

  /** The plan of the last statement a query sends, as the role that sends it. */
  async function planOf(query: string): Promise<string> {
    const sent = await sentWhile(() => data(tenant, query, {}, 'FRONTEND'));
    const { text = '', values = [] } = sent.filter(({ text }) => /^(select|with)/.test(text)).at(-1) ?? {};
    const client = await tenant.server.deps.db.pool.connect();
    try {
      await client.query(`begin; set local app.tenant = '${tenant.tenant.id}'`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) ${text}`, [
        ...values,
      ]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  it('find a searched person by the words, whose index serves the range', async () => {
    const plan = await planOf(`{ users(search: "1471@wer") { ${NAMES} } }`);
    expect(plan).to.match(/Index Only Scan using user_word_pkey/);
    expect(plan).to.match(/Index Cond: .*key >= '1471@wer'::text.* AND \(key < '1471@wes'::text\)/);
    expect(plan).not.to.match(/Seq Scan on|Rows Removed by Filter: \d{3}/);
  });

  it('find a searched group likewise', async () => {
    const plan = await planOf(`{ groups(search: "team 77") { ${NAMES} } }`);
    expect(plan).not.to.match(/Seq Scan on (user_word|directory_user)/);
  });

  it('read a page of reports by name from the index, without sorting them', async () => {
    const plan = await planOf(`{ user(by: { employeeNumber: "E-2" }) { directReports(first: 50) { ${NAMES} } } }`);
    expect(plan).to.match(/Index Scan using directory_user_manager/);
    expect(plan).not.to.match(/Seq Scan on directory_user|rows=1[45]\d\d/);
  });

  it('read a page of members from the index', async () => {
    const plan = await planOf(`{ group(by: { displayName: "Team 0" }) { members(first: 50) { ${NAMES} } } }`);
    expect(plan).to.match(/membership_pkey/);
    expect(plan).not.to.match(/Seq Scan on|rows=3000/);
  });

  it('read who is below somebody by the index of managers', async () => {
    const query = `{ users(where: { reportsTo: { employeeNumber: "E-50" } }) { ${NAMES} } }`;
    const plan = await planOf(query);
    expect(plan).to.match(/Function Scan on people_below/);
    expect(plan).to.match(/Index (Only )?Scan using directory_user_employee_number/);
    expect(await planOfALevel()).to.match(/Index Only Scan using directory_user_manager/);
  });

  /** The plan of what `people_below` asks for each level, which is not in the plan of who calls it. */
  function planOfALevel(): Promise<string> {
    return withOwnerIn(tenant.tenant.id, async (owner) => {
      const { rows: bodies } = await owner.query<{ body: string }>(
        "select prosrc as body from pg_proc where proname = 'people_below'",
      );
      const asked = /select array_agg.*?;/s.exec(bodies[0]?.body ?? '')?.[0] ?? '';
      const text = asked
        .replace(/into .*? from/, 'from')
        .replace('p_tenant', '$1')
        .replace('v_level', '$2')
        .replace('p_tops[1]', '$3');
      await owner.query(`set role speakup_app; set local plan_cache_mode = force_generic_plan;
        prepare a_level (uuid, uuid[], uuid) as ${text}`);
      const { rows } = await owner.query<{ 'QUERY PLAN': string }>(
        `explain (costs off) execute a_level ('${tenant.tenant.id}', '{}', '${tenant.tenant.id}')`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
  }
});
