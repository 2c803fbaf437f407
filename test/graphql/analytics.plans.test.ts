import { expect } from 'chai';
import { Client } from 'pg';
import { countProblems, peopleWith } from '../../src/directory/analytics/dataQuality.js';
import { headcount } from '../../src/directory/analytics/headcount.js';
import { largestSpans, spanDistribution } from '../../src/directory/analytics/spanOfControl.js';
import { listRows } from '../../src/directory/lists.js';
import { type ReadScope, requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { userFilter } from '../../src/graphql/where.js';
import { withOwnerUrl } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

const INSERT_PEOPLE = `with person as materialized (
    select n, uuid_v7() as id, 'person.' || n || '@werk.example' as mail from generate_series(1, $2::int) n)
  insert into directory_user
    (tenant_id, id, origin, status, user_name, user_name_key, match_email_key, department, employee_number,
     employee_number_key, display_name, display_name_key, manager_id, manager_value, manager_key, version, created_at, updated_at)
  select $1::uuid, p.id, 'SCIM', case when p.n % 20 = 7 then 'DEACTIVATED' else 'ACTIVE' end, p.mail, p.mail, p.mail,
    'Department ' || p.n % 50, 'E-' || p.n, 'e-' || p.n, p.mail, p.mail, m.id, m.id, m.id, 1, now(), now()
  from person p left join person m on m.n = p.n / 10`;

const EVERYBODY = { filter: userFilter(undefined), withDeleted: false };
const PAGE = { ...EVERYBODY, sort: [], after: undefined, limit: 51 };

/** What is asked of the directory, by name. */
const QUESTIONS: Readonly<Record<string, (scope: ReadScope) => Promise<unknown>>> = {
  'a head count': (scope) =>
    headcount(scope, { ...EVERYBODY, by: ['DEPARTMENT', 'TITLE'], order: 'COUNT_DESC', limit: 100 }),
  'the distribution of spans': (scope) => spanDistribution(scope, EVERYBODY),
  'the largest spans': (scope) => largestSpans(scope, EVERYBODY, 10),
  'all problems of people': (scope) =>
    countProblems(scope, [
      'NO_EMAIL',
      'NO_MANAGER',
      'UNRESOLVED_MANAGER',
      'INACTIVE_MANAGER',
      'MANAGER_CYCLE',
      'NO_DEPARTMENT',
      'DUPLICATE_EMPLOYEE_NUMBER',
    ]),
  'who is in a cycle': (scope) => listRows(scope, peopleWith('MANAGER_CYCLE') ?? expect.fail(), PAGE),
  'who has an inactive manager': (scope) => listRows(scope, peopleWith('INACTIVE_MANAGER') ?? expect.fail(), PAGE),
};

describe('analytics of a tenant beside a larger one', function () {
  this.timeout(120_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    const other = await aTenant();
    await withOwnerUrl(async (url) => {
      const owner = new Client(url);
      await owner.connect();
      try {
        for (const [id, people] of [
          [other.tenant.id, 9000],
          [tenant.tenant.id, 5000],
        ] as const) {
          await owner.query("select set_config('app.tenant', $1, false)", [id]);
          await owner.query(INSERT_PEOPLE, [id, people]);
        }
        await owner.query('analyze directory_user');
      } finally {
        await owner.end();
      }
    });
  });

  for (const [name, question] of Object.entries(QUESTIONS)) {
    it(`reads its own people only, for ${name}, as an analyst`, async () => {
      const lines = await planOf(tenant, question);
      expect(lines).to.match(/on directory_user/);
      expect(lines).to.not.match(/Seq Scan on directory_user/);
    });
  }

  it('would be told of a plan that reads everybody’s', async () => {
    const lines = await planOf(
      tenant,
      QUESTIONS['a head count'] ?? expect.fail(),
      'set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off',
    );
    expect(lines).to.match(/Seq Scan on directory_user/);
  });
});

/** The plan of the statement, as the analyst's role in the tenant. */
async function planOf(
  { server, tenant }: TestTenant,
  question: (scope: ReadScope) => Promise<unknown>,
  settings = '',
): Promise<string> {
  const client = await server.deps.db.analystPool.connect();
  try {
    await client.query(`begin; set local app.tenant = '${tenant.id}'; ${settings}`);
    const plans: string[] = [];
    await question({
      actor: systemActor(tenant.id, tenant.slug),
      tenantId: tenant.id,
      request: requestContext(),
      send: async ({ text }, params) => {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...params]);
        plans.push(...rows.map((row) => row['QUERY PLAN']));
        return [];
      },
    });
    return plans.join('\n');
  } finally {
    await client.query('rollback');
    client.release();
  }
}
