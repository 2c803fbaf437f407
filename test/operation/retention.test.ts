import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { deleteOldEntries } from '../../src/directory/history/retention.js';
import { newId } from '../../src/directory/id.js';
import { createMetrics } from '../../src/operation/metrics.js';
import { createServer } from '../../src/server.js';
import { aUser } from '../support/builders.js';
import { withOwnerIn, withOwnerUrl } from '../support/owner.js';
import { theServer } from '../support/server.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

const DAY_MS = 86_400_000;

describe('the retention of the provisioning log', function () {
  this.timeout(60_000);
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  /** Entries of these ages in days; answers their ids. */
  const entries = ({ tenant, clientId }: TestTenant, ages: readonly number[]): Promise<readonly string[]> =>
    withOwnerIn(tenant.id, async (owner) => {
      const made = ages.map((days) => ({ at: ago(days), id: newId(ago(days)) }));
      for (const { at, id } of made) {
        await owner.query(
          `insert into provisioning_entry (tenant_id, id, at, integration_id, request_id, method, status, outcome, sentence, duration_ms)
           values ($1, $2, $3, $4, 'r', 'POST', 201, 'SUCCEEDED', 'Created.', 1)`,
          [tenant.id, id, at, clientId],
        );
      }
      return made.map(({ id }) => id);
    });
  const kept = ({ tenant }: TestTenant): Promise<readonly string[]> =>
    withOwnerIn(tenant.id, async (owner) => {
      const { rows } = await owner.query<{ id: string }>(
        'select id from provisioning_entry where tenant_id = $1 order by at desc',
        [tenant.id],
      );
      return rows.map(({ id }) => id);
    });

  it('deletes what is older than it may be, of every tenant, in pieces, and nothing else', async () => {
    const [acme, other] = [await aTenant(), await aTenant()];
    const person = await acme.scim('POST', '/Users', aUser());
    const [fresh] = await kept(acme);
    const [young, ...old] = await entries(acme, [29.9, 30.1, 31, 32, 33, 400]);
    const [all] = await entries(other, [1, 30.1, 365]);
    const { pool } = acme.server.deps.db;
    // A piece alone takes the oldest.
    await pool.query('select delete_old_provisioning_entries($1, 2)', [ago(30)]);
    expect(await kept(acme)).to.deep.equal([fresh, young, ...old.slice(0, 3)]);
    expect(await deleteOldEntries(acme.server.deps.db, new Date(), 30, undefined, 2)).to.equal(5);
    expect(await kept(acme)).to.deep.equal([fresh, young]);
    expect(await kept(other)).to.deep.equal([all]);
    expect((await acme.scim('GET', `/Users/${person.body.id}`)).status).to.equal(200);
    expect(await deleteOldEntries(acme.server.deps.db, new Date(), 30)).to.equal(0);
  });

  it('is one process at a time: the others leave it to the one at work', async () => {
    const acme = await aTenant();
    const [old] = await entries(acme, [31]);
    await withOwnerIn(acme.tenant.id, async (owner) => {
      await owner.query("begin; select pg_advisory_xact_lock(hashtext('speakup-directory retention'))");
      expect(await deleteOldEntries(acme.server.deps.db, new Date(), 30)).to.equal(0);
      expect(await kept(acme)).to.deep.equal([old]);
      await owner.query('rollback');
    });
    expect(await deleteOldEntries(acme.server.deps.db, new Date(), 30)).to.equal(1);
  });

  it('ends early when the service stops', async () => {
    const acme = await aTenant();
    await entries(acme, [31, 32]);
    const { db } = acme.server.deps;
    expect(await deleteOldEntries(db, new Date(), 30, AbortSignal.abort())).to.equal(0);
    expect(await deleteOldEntries(db, new Date(), 30)).to.equal(2);
  });

  it('is work of every server, which counts what it deleted', async () => {
    const acme = await aTenant();
    await entries(acme, [3, 9, 11]);
    const { deps } = await theServer();
    const metrics = createMetrics();
    const config = { ...deps.config, provisioningLogDays: 10, port: 0 };
    const server = createServer({ config, log: deps.log, metrics });
    await server.listen();
    try {
      server.open({ ...deps, config });
      // Entries that other tests left are as old.
      const counted = async () =>
        /retention_deleted_rows_total\{table="provisioning_entry"\} [1-9]/.test(await metrics.registry.metrics());
      for (const start = performance.now(); !(await counted()) && performance.now() - start < 5000;) await sleep(20);
      expect(await counted()).to.equal(true);
      expect(await kept(acme)).to.have.lengthOf(2);
    } finally {
      await server.drain(0);
    }
  });

  it('is beyond the rights of the service’s own role, and of the keeper where an entry is young', async () => {
    const acme = await aTenant();
    await entries(acme, [0.5, 31]);
    const { db } = acme.server.deps;
    const refused = async (work: Promise<unknown>) =>
      ((await work.catch((error: unknown) => error)) as { code?: string }).code;
    expect(await refused(db.pool.query('delete from provisioning_entry'))).to.equal('42501');
    // As many as there are: other tests leave entries that are as old.
    await db.pool.query(
      `begin; set local app.tenant = '${acme.tenant.id}'; select delete_old_provisioning_entries(now(), 100000); commit`,
    );
    expect(await kept(acme)).to.have.lengthOf(1);
    await withOwnerUrl(async (url) => {
      const keeper = new Client({ connectionString: url, options: '-c role=speakup_keeper' });
      await keeper.connect();
      for (const forbidden of [
        'select sentence from provisioning_entry',
        'select slug from tenant',
        'select from directory_user',
        'select from change_record',
        'delete from tenant',
        "update provisioning_entry set sentence = ''",
      ]) {
        expect(await refused(keeper.query(forbidden)), forbidden).to.equal('42501');
      }
      await keeper.end();
    });
  });
});
