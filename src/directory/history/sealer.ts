// Gives committed changes their place in the order in which they can be followed (schema/postgres/0009). Every process
// asks; the database lets one at a time do it.
import { type QueryResult } from 'pg';
import { type Pools } from '../scope.js';

/** How long a change waits for its place, at most, while the database keeps up. */
export const SEAL_EVERY_MS = 500;
/** After an import of a million people there is much to place at once. */
const LONGEST_MS = 300_000;

const SEAL = `begin; set local statement_timeout = ${LONGEST_MS}; select seal_changes() as sealed; commit`;

/** Seals what is committed; answers how many records that were, undefined where another process is at it. */
export async function sealChanges({ pool }: Pools): Promise<number | undefined> {
  const client = await pool.connect();
  try {
    const query = { text: SEAL, query_timeout: LONGEST_MS + 5000 };
    const results = (await client.query(query)) as unknown as readonly QueryResult<{ sealed: string | null }>[];
    client.release();
    const sealed = results[2]?.rows[0]?.sealed ?? null;
    return sealed === null ? undefined : Number(sealed);
  } catch (error) {
    // It may be inside a transaction that failed, or still at work.
    client.release(true);
    throw error;
  }
}
