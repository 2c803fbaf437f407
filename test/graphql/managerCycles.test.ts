import { expect } from 'chai';
import fc from 'fast-check';
import { runsOf, SEED } from '../support/property.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { data, each, person } from './asking.js';

const PEOPLE = 12;

describe(`manager cycles (seed ${SEED})`, function () {
  this.timeout(120_000);
  let tenant: TestTenant;
  const ids: string[] = [];
  before(async () => {
    tenant = await aTenant();
    for (let n = 0; n < PEOPLE; n += 1) ids.push((await person(tenant)).id as string);
  });

  /** Says who reports to whom, by place; null for nobody. */
  async function setManagers(managers: readonly (number | null)[]): Promise<void> {
    const client = await tenant.server.deps.db.pool.connect();
    try {
      await client.query(`begin; set local app.tenant = '${tenant.tenant.id}'`);
      await client.query(
        `update directory_user u set manager_id = given.manager from unnest($2::uuid[], $3::uuid[]) as given (id, manager)
         where u.tenant_id = $1 and u.id = given.id`,
        [tenant.tenant.id, ids, managers.map((at) => (at === null ? null : ids[at]))],
      );
      await client.query('commit');
    } finally {
      client.release();
    }
  }

  /** Whoever comes back to themselves by going up as many steps as there are people. */
  function inCycles(managers: readonly (number | null)[]): string[] {
    return ids.filter((_, start) => {
      let at: number | null | undefined = managers[start];
      for (let step = 0; step < PEOPLE && at !== start && at !== null && at !== undefined; step += 1) at = managers[at];
      return at === start;
    });
  }

  it('S15: are found wherever they are, whatever hangs on them', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.nat(PEOPLE - 1), { freq: 8 }), { minLength: PEOPLE, maxLength: PEOPLE }),
        async (managers) => {
          await setManagers(managers);
          const query =
            '{ analytics { dataQuality(problems: [MANAGER_CYCLE]) { count people { nodes { scimId } } } } }';
          const { analytics } = await data(tenant, query, {}, 'ANALYST');
          const [found] = analytics.dataQuality as Json[];
          const expected = inCycles(managers);
          expect(each(found.people.nodes, 'scimId').sort()).to.deep.equal(expected.sort());
          expect(found.count).to.equal(expected.length);
        },
      ),
      { seed: SEED, numRuns: runsOf({ usual: 60, deep: 2000 }) },
    ));
});
