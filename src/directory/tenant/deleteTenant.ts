// Deletes a tenant and everything of it, for good. In pieces: a tenant of a million people must not hold up the others.
// It may be interrupted at any moment, and goes on when it is asked for again.
import { setTimeout as sleep } from 'node:timers/promises';
import { isOfTenants, tables } from '../../database/catalogue.js';
import { inTransaction, type Owner } from '../../database/owner.js';
import { isRetryable } from '../constraints.js';

export interface DeletedTenant {
  /** Rows deleted, by table. */
  readonly deleted: Readonly<Record<string, number>>;
}

const ROWS_AT_ONCE = 5000;
const MOST_ATTEMPTS = 5;
/** A process that noted something of the tenant in the last moment has written it by then. */
const LAST_WORDS_MS = 1000;

/** The owner's connection, and the tables of tenants, those that refer to others first. */
interface Clearing {
  readonly owner: Owner;
  readonly tenantId: string;
  readonly tables: readonly string[];
  readonly deleted: Record<string, number>;
}

export async function deleteTenant(owner: Owner, tenantId: string): Promise<DeletedTenant> {
  // An owner who is no superuser is behind the wall too.
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  const ofTenants = (await tables(owner)).filter(isOfTenants).map(({ name }) => name);
  const clearing: Clearing = { owner, tenantId, tables: ofTenants.reverse(), deleted: {} };
  await close(clearing);
  for (const table of clearing.tables) {
    if (table === 'directory_user') await forgetManagers(clearing);
    await clear(clearing, table, ROWS_AT_ONCE);
  }
  await withoutDeadlock(() => inTransaction(owner, 'begin', () => removeLast(clearing)));
  await sleep(LAST_WORDS_MS);
  for (const table of clearing.tables) await clear(clearing, table, ROWS_AT_ONCE);
  return { deleted: clearing.deleted };
}

/** From now on no app integration comes in: every process is told. */
async function close({ owner, tenantId }: Clearing): Promise<void> {
  await inTransaction(owner, 'begin', async () => {
    await owner.query('update tenant set provisioning_enabled = false where id = $1', [tenantId]);
    for (const table of ['integration', 'integration_secret']) {
      const revoke = `update ${table} set revoked_at = now() where tenant_id = $1 and revoked_at is null`;
      await owner.query(revoke, [tenantId]);
    }
  });
}

/** A person may be deleted before those who report to the person. */
async function forgetManagers({ owner, tenantId }: Clearing): Promise<void> {
  const forget = `update directory_user set manager_id = null where ctid = any (array(
    select ctid from directory_user where tenant_id = $1 and manager_id is not null limit ${ROWS_AT_ONCE}))`;
  while ((await owner.query(forget, [tenantId])).rowCount === ROWS_AT_ONCE);
}

async function clear({ owner, tenantId, deleted }: Clearing, table: string, atOnce: number): Promise<void> {
  const some = `delete from ${table} where tenant_id = $1 and ctid = any (array(
    select ctid from ${table} where tenant_id = $1 limit ${atOnce}))`;
  let count: number;
  do {
    count = (await owner.query(some, [tenantId])).rowCount ?? 0;
    deleted[table] = (deleted[table] ?? 0) + count;
  } while (count === atOnce);
}

/**
 * What was written since, and the tenant itself. Everything written refers to the tenant, by itself or by its history:
 * while its row is locked nothing comes in, and afterwards nothing can. The order of changes does not refer to it; who
 * writes that waits.
 */
async function removeLast(clearing: Clearing): Promise<void> {
  const { owner, tenantId, deleted } = clearing;
  await owner.query("select pg_advisory_xact_lock(hashtext('speakup-directory change feed'))");
  await owner.query('select from tenant where id = $1 for update', [tenantId]);
  await forgetManagers(clearing);
  for (const table of clearing.tables) await clear(clearing, table, ROWS_AT_ONCE);
  deleted.tenant = (await owner.query('delete from tenant where id = $1', [tenantId])).rowCount ?? 0;
}

/** A request that writes at this moment may wait for us, and we for it. */
async function withoutDeadlock(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MOST_ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}
