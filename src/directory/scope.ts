// The one door to the data. `readIn` and `writeIn` are at once the transaction, the tenant and the permission; a scope
// cannot be had in another way, and the type of a scope says what may be done with it.
//
// Statements go out as they are asked for, without waiting for earlier answers (the pool is pipelined): BEGIN, the
// tenant and the first read are one round trip, the last writes and COMMIT another.
import { type Writable } from 'node:stream';
import { type Pool, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import { randomUUID } from 'node:crypto';
import { type Gate } from '../admission/gate.js';
import { type InFlight } from '../admission/inFlight.js';
import { cancelStatement } from '../database/cancelStatement.js';
import { Refusal } from '../refusal.js';
import { type Actor, mayWrite } from './actor.js';
import { isUuid } from './id.js';
import { refusalFromDatabase, isRetryable } from './constraints.js';

/** SQL; a name makes it a prepared statement, and must always mean the same text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Which request is being answered: goes into history, logs and answers. */
export interface RequestContext {
  readonly requestId: string;
  readonly now: Date;
  /** What can be stopped when its time is up or its caller goes; absent for the service's own work. */
  readonly inFlight?: InFlight;
}

export interface ReadScope {
  readonly actor: Actor;
  readonly tenantId: string;
  readonly request: RequestContext;
  /** Sends a statement at once; statements of one scope run in the order they were sent. */
  readonly send: <Row extends QueryResultRow>(statement: Statement, params: readonly unknown[]) => Promise<Row[]>;
}

export interface WriteScope extends ReadScope {
  readonly [write]: true;
}

declare const write: unique symbol;

/** What `directory/` needs of the database: MikroORM's own pool. */
export interface Pools {
  readonly pool: Pool;
  /** Where tenants take turns; absent where nobody waits for anybody. */
  readonly gate?: Gate;
}

export const requestContext = (requestId: string = randomUUID()): RequestContext => ({ requestId, now: new Date() });

const READ_ONLY = 'begin isolation level repeatable read read only';

/** Runs reads in one snapshot that cannot write. */
export async function readIn<T>(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  work: (scope: ReadScope) => Promise<T>,
): Promise<T> {
  return inTransaction(pools, actor, request, READ_ONLY, async (scope) => {
    const value = await work(scope);
    return () => value;
  });
}

/**
 * Runs a change. The work sends its last statements without waiting for them and returns what to answer once they are
 * committed; it is repeated when PostgreSQL asks for that (deadlock, serialization), so it must not keep state outside.
 * Refuses with `forbidden` when the actor may only read.
 */
export async function writeIn<T>(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  work: (scope: WriteScope) => Promise<() => T | Promise<T>>,
): Promise<T> {
  if (!mayWrite(actor))
    throw new Refusal(
      'forbidden',
      'This token may read, not write. Give the app integration full access to users and groups.',
    );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(pools, actor, request, 'begin', (scope) => work(scope as WriteScope));
    } catch (error) {
      if (attempt >= 3 || !isRetryable(error)) throw error;
    }
  }
}

async function inTransaction<T>(
  pools: Pools,
  actor: Actor,
  request: RequestContext,
  begin: string,
  work: (scope: ReadScope) => Promise<() => T | Promise<T>>,
): Promise<T> {
  const { client, giveBack } = await connect(pools, actor, request);
  const { inFlight } = request;
  const held = inFlight?.holds(begin !== READ_ONLY, () => cancelStatement(client));
  const { run, send, failed, end } = statementsOn(client, inFlight);
  try {
    // Both are ours: the tenant's id is a UUID from the token's integration.
    void run({ text: `${begin}; set local app.tenant = '${uuid(actor.tenantId)}'` });
    const finish = await work({ actor, tenantId: actor.tenantId, request, send });
    end();
    const committed = run({ text: 'commit' });
    if (held) held.committing = true;
    const { command } = await committed;
    if (failed.first !== undefined) throw asError(failed.first);
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
    const answer = await finish();
    client.release();
    return answer;
  } catch (error) {
    end();
    // From here on it is not cancelled; a cancelling under way would hit the next statement.
    if (held) inFlight?.letGo(held);
    if (held?.cancelled) await held.cancelled;
    await leave(client, failed.first ?? error);
    throw inFlight?.over ?? asError(refusalFromDatabase(failed.first ?? error));
  } finally {
    if (held) inFlight?.letGo(held);
    giveBack();
  }
}

/** Statements of one transaction. `failed` keeps the first failure: one that nobody waited for still fails the transaction. */
function statementsOn(client: PoolClient, inFlight: InFlight | undefined) {
  const failed: { first?: unknown } = {};
  const state = { ended: false };
  const note = (error: unknown) => void (failed.first ??= error);
  const query = sender(client);
  const run = <Row extends QueryResultRow>(statement: QueryConfig) => {
    // The cancelling may have come between two statements.
    const answer = inFlight?.over ? Promise.reject<QueryResult<Row>>(inFlight.over) : query<Row>(statement);
    answer.catch(note);
    return answer;
  };
  const send = <Row extends QueryResultRow>({ name, text }: Statement, values: readonly unknown[]) => {
    if (state.ended) return tooLate<Row>();
    const rows = run<Row>({ ...(name ? { name } : {}), text, values: values as unknown[] }).then(
      (result) => result.rows,
    );
    rows.catch(note);
    return rows;
  };
  return { run, send, failed, end: () => void (state.ended = true) };
}

/** Whoever still asks when a transaction has ended must not reach the connection, which may be in another: GraphQL goes on with other fields after one that failed. */
function tooLate<Row>(): Promise<Row[]> {
  const answer = Promise.reject<Row[]>(new Error('A statement was sent after the end of its transaction'));
  // Nobody may wait for it any more.
  answer.catch(() => undefined);
  return answer;
}

/** Sends statements; those of one go leave in one write, not in one for each. */
function sender(client: PoolClient) {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  const state = { corked: false };
  const uncork = () => {
    state.corked = false;
    stream.uncork();
  };
  return <Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>> => {
    if (!state.corked) {
      state.corked = true;
      stream.cork();
      process.nextTick(uncork);
    }
    return client.query<Row>(statement);
  };
}

/** Rolls back and gives the connection back; one that cannot roll back is thrown away. */
async function leave(client: PoolClient, error: unknown): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch {
    client.release(error instanceof Error ? error : true);
  }
}

/** A connection, and what gives back the permit for it once it is released. The service's own work needs no permit. */
export async function connect(
  { pool, gate }: Pools,
  { kind, tenantId }: Actor,
  { inFlight }: Pick<RequestContext, 'inFlight'>,
) {
  if (inFlight?.over) throw inFlight.over;
  const asksGate = gate !== undefined && kind !== 'SYSTEM';
  const waits = asksGate ? gate.enter(tenantId, inFlight) : undefined;
  if (waits) await waits;
  const giveBack = asksGate ? () => gate.leave(tenantId) : () => undefined;
  try {
    return { client: await pool.connect(), giveBack };
  } catch (error) {
    giveBack();
    throw asError(refusalFromDatabase(error));
  }
}

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function uuid(text: string): string {
  if (!isUuid(text)) throw new Error('not a UUID');
  return text;
}
