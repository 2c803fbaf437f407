// Whoever signs in is looked up by an index, also when nobody fits: anybody at all may ask for unknown names.
import { expect } from 'chai';
import { listRows } from '../../src/directory/lists.js';
import { allUsers, deletedUsers } from '../../src/directory/sources.js';
import { type ReadScope, requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { userFilter } from '../../src/graphql/where.js';
import { withOwnerIn } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

const PEOPLE = `insert into directory_user (tenant_id, id, origin, status, external_id, user_name, user_name_key,
    match_email_key, employee_number, employee_number_key, version, created_at, updated_at)
  select $1::uuid, uuid_v7(), 'SCIM', case n % 2 when 0 then 'DELETED' else 'ACTIVE' end, 'x' || n, 'p' || n || '@x.example',
    'p' || n || '@x.example', 'p' || n || '@x.example', 'e' || n, 'e' || n, 1, now(), now()
  from generate_series(1, 10000) n`;

const KEYS = {
  userName: 'p5@x.example',
  email: 'p5@x.example',
  externalId: 'x5',
  employeeNumber: 'e5',
} as const;

describe('the look-up of who signs in', function () {
  this.timeout(60_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    await withOwnerIn(tenant.tenant.id, async (owner) => {
      await owner.query(PEOPLE, [tenant.tenant.id]);
      await owner.query('analyze directory_user');
    });
  });

  for (const [name, value] of Object.entries(KEYS)) {
    it(`reads no table from end to end by ${name}, among the living and the deleted`, async () => {
      for (const source of [allUsers, deletedUsers]) {
        const lines = await planOf(tenant, source, { [name]: { eq: value } });
        expect(lines)
          .to.match(/Index/)
          .and.not.match(/Seq Scan on directory_user/);
        const removed = [...lines.matchAll(/Rows Removed by \w+[^:]*: (\d+)/g)].map(([, rows]) => Number(rows));
        expect(Math.max(0, ...removed), lines).to.be.below(10);
      }
    });
  }
});

/** The plan of the first rows of a source, as the application's role. */
async function planOf({ server, tenant }: TestTenant, source: typeof allUsers, where: object): Promise<string> {
  const query = { filter: userFilter(where), withDeleted: false, sort: [], after: undefined, limit: 2 };
  const client = await server.deps.db.pool.connect();
  try {
    await client.query(`begin; set local app.tenant = '${tenant.id}'`);
    const lines: string[] = [];
    const send: ReadScope['send'] = async ({ text }, params) => {
      await client.query(`prepare asked as ${text}`);
      const values = params.map((value) => client.escapeLiteral(String(value))).join(', ');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, costs off) execute asked (${values})`,
      );
      lines.push(...rows.map((row) => row['QUERY PLAN']));
      return [];
    };
    const actor = systemActor(tenant.id, tenant.slug);
    await listRows({ actor, tenantId: tenant.id, request: requestContext(), send }, source, query);
    return lines.join('\n');
  } finally {
    await client.query('rollback; deallocate all');
    client.release(true);
  }
}
