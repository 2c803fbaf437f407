// What an app integration did so far and lately, and why it fails: for its administrator and for support.
import { type QueryResultRow } from 'pg';
import { ENTRY_COLUMNS, type EntryRow } from '../history/records.js';
import { type ReadScope, type Statement } from '../scope.js';
import { type NotedActivity } from './activity.js';

export type Activity = NotedActivity | 'USER' | 'GROUP' | 'MEMBER' | 'CHANGE';

export interface ActivityRow {
  readonly activity: Activity;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly deactivated: number;
  readonly deleted: number;
  readonly failed: number;
}

export interface Trouble {
  /** The last request that was not done. */
  readonly last: EntryRow | undefined;
  readonly lastSuccessAt: string | undefined;
  /** The requests that were not done since the last that was, oldest first, and how many they are; none while all is well. */
  readonly failingSince: string | undefined;
  readonly failures: number;
  /** Of the requests that were not done, the newest first, ten at most. */
  readonly requestIds: readonly string[];
}

const ACTIVITY: Statement = {
  name: 'integration_activity',
  text: `select activity, first_at as "firstAt", last_at as "lastAt" from integration_activity
    where tenant_id = $1 and integration_id = $2`,
};

/** What is known of it; what it never did is missing. */
export const activityOf = ({ send, tenantId }: ReadScope, integrationId: string): Promise<ActivityRow[]> =>
  send<ActivityRow & QueryResultRow>(ACTIVITY, [tenantId, integrationId]);

/** The moment is a literal: from a parameter PostgreSQL could not see that it chooses few rows. */
const changedSince = (since: Date): Statement => ({
  text: `select count(*) filter (where kind in ('CREATED', 'ADOPTED', 'REVIVED'))::int as created,
      count(*) filter (where kind in ('CHANGED', 'REACTIVATED'))::int as updated,
      count(*) filter (where kind = 'DEACTIVATED')::int as deactivated,
      count(*) filter (where kind = 'DELETED')::int as deleted
    from change_record where tenant_id = $1 and at >= '${since.toISOString()}' and actor_id = $2
      and actor_kind = 'INTEGRATION'`,
});
const failedSince = (since: Date): Statement => ({
  text: `select count(*)::int as failed from provisioning_entry
    where tenant_id = $1 and integration_id = $2 and at >= '${since.toISOString()}' and outcome <> 'SUCCEEDED'`,
});

/** What it did since a moment, in changes of people and groups, and how many requests were not done. */
export async function countsSince({ send, tenantId }: ReadScope, integrationId: string, since: Date): Promise<Counts> {
  const params = [tenantId, integrationId];
  const [[changed], [failures]] = await Promise.all([
    send<Omit<Counts, 'failed'> & QueryResultRow>(changedSince(since), params),
    send<Pick<Counts, 'failed'> & QueryResultRow>(failedSince(since), params),
  ]);
  const { created = 0, updated = 0, deactivated = 0, deleted = 0 } = changed ?? {};
  return { created, updated, deactivated, deleted, failed: failures?.failed ?? 0 };
}

const NEWEST_FIRST = 'order by e.at desc, e.id desc';
/** A range of one, in the order of the index of integrations: else the entries of all others would be read first. */
const LAST_SUCCESS: Statement = {
  name: 'integration_last_success',
  text: `select e.at from provisioning_entry e
    where e.tenant_id = $1 and e.integration_id between $2 and $2 and e.outcome = 'SUCCEEDED'
    order by e.integration_id desc, e.at desc, e.id desc limit 1`,
};
const FAILURES: Statement = {
  name: 'integration_last_failures',
  text: `select ${ENTRY_COLUMNS} from provisioning_entry e
    where e.tenant_id = $1 and e.integration_id = $2 and e.outcome <> 'SUCCEEDED' ${NEWEST_FIRST} limit 10`,
};
const FAILING: Statement = {
  name: 'integration_failing',
  text: `select min(e.at) as since, count(*)::int as failures from provisioning_entry e
    where e.tenant_id = $1 and e.integration_id = $2 and e.outcome <> 'SUCCEEDED' and e.at > coalesce($3, '-infinity'::timestamptz)`,
};

/** The last failures, and since when it fails: since the first after the last request that was done. */
export async function troubleOf({ send, tenantId }: ReadScope, integrationId: string): Promise<Trouble> {
  const params = [tenantId, integrationId];
  const [[success], failures] = await Promise.all([
    send<{ at: string }>(LAST_SUCCESS, params),
    send<EntryRow & QueryResultRow>(FAILURES, params),
  ]);
  const lastSuccessAt = success?.at;
  const [failing] = await send<{ since: string | null; failures: number }>(FAILING, [...params, lastSuccessAt ?? null]);
  return {
    last: failures[0],
    lastSuccessAt,
    failingSince: failing?.since ?? undefined,
    failures: failing?.failures ?? 0,
    requestIds: failures.map(({ requestId }) => requestId),
  };
}

const MANAGED: Statement = {
  name: 'managed_people',
  text: `select count(*)::int as people from directory_user
    where tenant_id = $1 and origin = 'SCIM' and status <> 'DELETED'`,
};

/** How many people of the tenant the identity provider manages, deactivated ones too. */
export async function countManaged({ send, tenantId }: ReadScope): Promise<number> {
  const [row] = await send<{ people: number }>(MANAGED, [tenantId]);
  return row?.people ?? 0;
}
