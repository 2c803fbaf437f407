// Following changes: in the order they were sealed in, from any place on.
import { type QueryResultRow } from 'pg';
import { Refusal } from '../../refusal.js';
import { type ReadScope } from '../scope.js';
import { CHANGE_COLUMNS, type ChangeRow } from './records.js';

/** A change and its place: counted per tenant from 1, as text because it may be large. */
export interface PlacedChange extends ChangeRow {
  readonly place: string;
}

/** Where a follower is: a number, and whose it was. */
export interface Place {
  readonly number: string;
  /** Undefined before the first change. */
  readonly record: string | undefined;
}

export const BEGINNING: Place = { number: '0', record: undefined };

// Each record by its key: as a join, a tenant not yet in the statistics would be read whole.
const AFTER = {
  name: 'changes_after',
  text: `select p.position::text as place, found.* from (
      select position, record_id, at from change_position where tenant_id = $1 and position > $2::bigint
      order by position limit $3
    ) p cross join lateral (
      select ${CHANGE_COLUMNS} from change_record r where r.tenant_id = $1 and r.at = p.at and r.id = p.record_id limit 1
    ) found order by p.position`,
};

const KNOWN = {
  name: 'change_position_known',
  text: 'select exists (select from change_position where tenant_id = $1 and position = $2::bigint and record_id = $3) as known',
};

/**
 * The changes after a place, in order. Refuses with `expiredCursor` a place that does not exist any more, or is another
 * change's now: the database was restored from a backup, and whoever follows has seen changes that it does not have.
 */
export async function changesAfter(
  { send, tenantId }: ReadScope,
  { number, record }: Place,
  limit: number,
): Promise<readonly PlacedChange[]> {
  const [rows, [last]] = await Promise.all([
    send<PlacedChange & QueryResultRow>(AFTER, [tenantId, number, limit]),
    record === undefined ? [{ known: true }] : send<{ known: boolean }>(KNOWN, [tenantId, number, record]),
  ]);
  if (last?.known) return rows;
  throw new Refusal(
    'expiredCursor',
    'The directory does not have the changes up to this cursor any more: it was restored from a backup. Begin again without after.',
  );
}
