// The few statements that set the tenant themselves, in a function of the database: one round trip, no transaction around
// it. What is asked and written most often goes this way.
import { type QueryResultRow } from 'pg';
import { cancelStatement } from '../database/cancelStatement.js';
import { type Actor } from './actor.js';
import { refusalFromDatabase } from './constraints.js';
import { asError, connect, type Pools, type RequestContext, type Statement } from './scope.js';

/** For the service itself, and for who is asking. */
export async function readWalled<Row extends QueryResultRow>(
  { pool }: Pools,
  statement: Required<Statement>,
  params: readonly unknown[],
): Promise<Row[]> {
  try {
    return (await pool.query<Row>({ ...statement, values: params as unknown[] })).rows;
  } catch (error) {
    throw asError(refusalFromDatabase(error));
  }
}

/** `readWalled` for a request: it waits for its tenant's turn, and can be stopped. */
export const readWalledIn = <Row extends QueryResultRow>(...given: WalledIn): Promise<Row[]> =>
  walledIn<Row>(false, ...given);

/** The same for the few that write: a caller who goes does not stop them. */
export const writeWalledIn = <Row extends QueryResultRow>(...given: WalledIn): Promise<Row[]> =>
  walledIn<Row>(true, ...given);

type WalledIn = [
  pools: Pools,
  actor: Actor,
  request: Pick<RequestContext, 'inFlight'>,
  statement: Required<Statement>,
  params: readonly unknown[],
];

async function walledIn<Row extends QueryResultRow>(
  writes: boolean,
  ...[pools, actor, request, statement, params]: WalledIn
): Promise<Row[]> {
  const { client, giveBack } = await connect(pools, actor, request);
  const { inFlight } = request;
  const held = inFlight?.holds(writes, () => cancelStatement(client));
  const failed: { error?: Error } = {};
  try {
    return (await client.query<Row>({ ...statement, values: params as unknown[] })).rows;
  } catch (error) {
    failed.error = asError(error);
    throw inFlight?.over ?? asError(refusalFromDatabase(error));
  } finally {
    if (held) inFlight?.letGo(held);
    if (held?.cancelled) await held.cancelled;
    client.release(failed.error);
    giveBack();
  }
}
