// What is read of history and of the provisioning log: lists like those of people, newest first.
import { type QueryResultRow } from 'pg';
import { type PersonRow, type Source } from '../sources.js';
import { type ReadScope } from '../scope.js';
import { userColumns } from '../user/userRow.js';
import { type ActorKind, type ChangedResource, type ChangeKind } from './ChangeRecord.js';
import { type Outcome } from './ProvisioningEntry.js';

/** A record of history. */
export interface ChangeRow {
  readonly id: string;
  readonly at: Date;
  readonly kind: ChangeKind;
  readonly resourceType: ChangedResource;
  readonly resourceId: string;
  readonly actorKind: ActorKind;
  readonly actorId: string | null;
  readonly requestId: string;
  /** `{attribute: {before, after}}`; `members` is `{added, removed}`, ids of people. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** An entry of the provisioning log. */
export interface EntryRow {
  readonly id: string;
  readonly at: Date;
  readonly integrationId: string;
  readonly requestId: string;
  readonly method: string;
  readonly resourceType: 'User' | 'Group' | null;
  readonly resourceId: string | null;
  readonly status: number;
  readonly outcome: Outcome;
  readonly sentence: string;
  readonly scimType: string | null;
  readonly detail: string | null;
  readonly leniencies: readonly string[] | null;
  readonly ignoredAttributes: readonly string[] | null;
  readonly durationMs: number;
}

/** The columns of a row `r`. */
export const CHANGE_COLUMNS = `r.id, r.at, r.kind, r.resource_type as "resourceType", r.resource_id as "resourceId",
  r.actor_kind as "actorKind", r.actor_id as "actorId", r.request_id as "requestId", r.changes`;

/** The columns of a row `e`. */
export const ENTRY_COLUMNS = `e.id, e.at, e.integration_id as "integrationId", e.request_id as "requestId", e.method,
  e.resource_type as "resourceType", e.resource_id as "resourceId", e.status, e.outcome, e.sentence,
  e.scim_type as "scimType", e.detail, e.leniencies, e.ignored_attributes as "ignoredAttributes",
  e.duration_ms as "durationMs"`;

/** The history of the tenant; of each resource with `ofResource`. Where kinds or actors are given, of these only. */
export function changeRecords(
  kinds: readonly ChangeKind[] | undefined,
  actorKind: ActorKind | undefined,
  ofResource = false,
): Source<ChangeRow> {
  const live = [...oneOf('r.kind', kinds), ...oneOf('r.actor_kind', actorKind && [actorKind])].join(' and ');
  const parent = ofResource ? { parent: 'r.resource_id' } : {};
  return {
    type: { table: 'change_record' },
    row: 'r',
    columns: CHANGE_COLUMNS,
    from: 'change_record r',
    live: live === '' ? undefined : live,
    ...parent,
  };
}

/** The provisioning log; entries of these outcomes only, where any are given. */
export function logEntries(outcomes: readonly Outcome[] | undefined): Source<EntryRow> {
  const [live] = oneOf('e.outcome', outcomes);
  return {
    type: { table: 'provisioning_entry' },
    row: 'e',
    columns: ENTRY_COLUMNS,
    from: 'provisioning_entry e',
    live,
  };
}

/** Our own words, as literals: from parameters PostgreSQL could not see that an index of the rare has them all. */
const oneOf = (column: string, words: readonly string[] | undefined): string[] =>
  words === undefined
    ? []
    : [words.length === 0 ? 'false' : `${column} in (${words.map((word) => `'${word}'`).join(', ')})`];

/** People by id, deleted ones too: history speaks of them all. */
export async function everybodyById({ send, tenantId }: ReadScope, ids: readonly string[]) {
  const rows = await send<PersonRow & { displayName: string | null } & QueryResultRow>(EVERYBODY, [tenantId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

const EVERYBODY = {
  name: 'everybody_by_id',
  text: `select ${userColumns('u')} from directory_user u where u.tenant_id = $1 and u.id = any ($2::uuid[])`,
};
