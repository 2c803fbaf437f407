import { expect } from 'chai';
import { Client, type PoolClient } from 'pg';
import { APP_ROLE } from '../../src/database/open.js';
import { type Role } from '../../src/directory/actor.js';
import { withOwnerUrl } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { codesOf, data, group, person } from './asking.js';

/** What PostgreSQL says to a statement: its SQLSTATE, or the number of rows. */
const outcome = (client: Pick<PoolClient, 'query'>, sql: string): Promise<string | number | null> =>
  client.query(sql).then(
    ({ rowCount }) => rowCount,
    ({ code }: { code: string }) => code,
  );

const WRITES = [
  "update directory_user set title = 'x'",
  'delete from membership',
  'insert into directory_group (tenant_id, id) values (gen_random_uuid(), gen_random_uuid())',
  "update tenant set slug = 'x'",
  'truncate directory_user',
  'create table mine (id int)',
];

describe('the database role of analysts', () => {
  let tenant: TestTenant;
  let other: TestTenant;
  before(async () => {
    tenant = await aTenant();
    other = await aTenant();
    for (const one of [tenant, other]) {
      const { id } = await person(one);
      await group(one, 'Team', [id]);
    }
  });
  const borrow = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await tenant.server.deps.db.analystPool.connect();
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  };

  it('may read no table but those of people, groups and memberships', async () => {
    await borrow(async (client) => {
      const { rows } = await client.query<{ name: string; allowed: boolean }>(
        `select relname as name, has_table_privilege(oid, 'select') as allowed from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p') order by 1`,
      );
      expect(rows.filter(({ allowed }) => allowed).map(({ name }) => name)).to.deep.equal([
        'changed_hour',
        'directory_group',
        'directory_user',
        'group_word',
        'membership',
        // The keys by which people are found by any of their e-mail addresses.
        'user_email',
        // The words of names, by which people and groups are searched.
        'user_word',
      ]);
      expect(rows.length).to.be.above(9);
      for (const { name } of rows.filter(({ allowed }) => !allowed)) {
        expect(await outcome(client, `select 1 from ${name} limit 1`), name).to.equal('42501');
      }
    });
  });

  it('G7: writes nothing, neither as it is opened nor after it has said that it wants to write', async () => {
    await borrow(async (client) => {
      for (const sql of WRITES) expect(await outcome(client, sql), sql).to.equal('25006');
      await client.query('set default_transaction_read_only = off');
      for (const sql of WRITES) expect(await outcome(client, sql), sql).to.equal('42501');
    });
  });

  it('cannot become another role by an answer it is given', async () => {
    await borrow(async (client) => {
      const { rows } = await client.query<{ role: string; member: boolean }>(
        `select current_user as role, pg_has_role(current_user, $1, 'member') as member`,
        [APP_ROLE],
      );
      expect(rows).to.deep.equal([{ role: 'speakup_analyst', member: false }]);
    });
  });

  it('sees the tenant it is set to, and nothing where it is set to none', async () => {
    await borrow(async (client) => {
      for (const table of ['directory_user', 'directory_group', 'membership']) {
        expect(await outcome(client, `select 1 from ${table}`), table).to.equal(0);
        await client.query('begin');
        await client.query(`set local app.tenant = '${tenant.tenant.id}'`);
        const { rows } = await client.query(`select tenant_id from ${table}`);
        expect(rows, table).to.deep.equal([{ tenant_id: tenant.tenant.id }]);
        await client.query('commit');
      }
    });
  });

  it('G7: has two connections, and five seconds for a statement', async () => {
    const { analystPool } = tenant.server.deps.db;
    expect(analystPool.options.max).to.equal(2);
    const { rows } = await analystPool.query<{ statement_timeout: string }>('show statement_timeout');
    expect(rows).to.deep.equal([{ statement_timeout: '5s' }]);
  });
});

describe('an analyst’s question that takes too long', function () {
  this.timeout(30_000);

  it('G7: is ended after five seconds with TIMEOUT, and keeps nobody else waiting meanwhile', async () => {
    const tenant = await aTenant();
    await group(tenant, 'Team', [(await person(tenant)).id]);
    const query = '{ groups { nodes { memberCount } } }';
    await withLockedMembers(async () => {
      const began = performance.now();
      const asked = tenant.graphql(query, {}, { role: 'ANALYST' });
      for (const role of ['FRONTEND', 'ADMIN', 'ANALYST'] satisfies Role[]) {
        expect((await data(tenant, '{ users { totalCount } }', {}, role)).users.totalCount).to.equal(1);
      }
      expect(performance.now() - began).to.be.below(4000);
      expect(codesOf((await asked).body)).to.deep.equal(['TIMEOUT']);
      expect(performance.now() - began).to.be.within(4900, 6500);
    });
    expect((await data(tenant, query, {}, 'ANALYST')).groups.nodes).to.deep.equal([{ memberCount: 1 }]);
  });
});

/** While `work` runs, whoever reads memberships waits. */
const withLockedMembers = (work: () => Promise<void>): Promise<void> =>
  withOwnerUrl(async (url) => {
    const owner = new Client(url);
    await owner.connect();
    try {
      await owner.query('begin; lock table membership in access exclusive mode');
      await work();
    } finally {
      await owner.query('rollback');
      await owner.end();
    }
  });
