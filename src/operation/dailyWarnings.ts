// Once a day the log says which client secrets end soon, and which old ones are still used. Of all processes one says it.
import { listIntegrations } from '../directory/integration/integrations.js';
import { secretWarnings } from '../directory/integration/secretWarnings.js';
import { type Pools, requestContext } from '../directory/scope.js';
import { listTenants } from '../directory/tenant/tenants.js';
import { systemActor } from '../directory/unitOfWork.js';
import { type Log } from './logging.js';

interface Settings {
  readonly db: Parameters<typeof listTenants>[0];
  readonly log: Log;
  readonly clock: () => Date;
}

/** How often it is asked whether the day has begun. */
export const WARN_EVERY_MS = 10 * 60_000;

/** Writes the day's warnings, unless that is done. Goes tenant by tenant: nothing reads across the wall. */
export async function warnOfSecrets({ db, log, clock }: Settings): Promise<void> {
  const now = clock();
  if (!(await takeDay(db, now))) return;
  for (const { id, slug } of await listTenants(db)) {
    for (const integration of await listIntegrations(db, systemActor(id, slug), requestContext())) {
      for (const { kind, message, secretId, daysLeft } of secretWarnings(integration, now)) {
        log.warn({ tenant: slug, integrationId: integration.id, kind, secretId, daysLeft }, message);
      }
    }
  }
}

/** Whether this process is the first of this day (UTC). */
async function takeDay({ pool }: Pools, now: Date): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into service_state (name, value) values ('secrets warned of', $1)
     on conflict (name) do update set value = excluded.value where service_state.value < excluded.value`,
    [now.toISOString().slice(0, 10)],
  );
  return rowCount === 1;
}
