// The one door to the data. `readIn` and `writeIn` are at once the transaction, the tenant and the permission; a scope
// cannot be had in another way, and the type of a scope says what may be done with it.
//
// Statements go out as they are asked for, without waiting for earlier answers (the pool is pipelined): BEGIN, the
// tenant and the first read are one round trip, the last writes and COMMIT another.
import { type Writable } from 'node:stream';
import { type Pool, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import { randomUUID } from 'node:crypto';
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
}

export const requestContext = (requestId: string = randomUUID()): RequestContext => ({ requestId, now: new Date() });

/** Runs reads in one snapshot that cannot write. */
export async function readIn<T>(
  { pool }: Pools,
  actor: Actor,
  request: RequestContext,
  work: (scope: ReadScope) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, actor, request, 'begin isolation level repeatable read read only', async (scope) => {
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
  { pool }: Pools,
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
      return await inTransaction(pool, actor, request, 'begin', (scope) => work(scope as WriteScope));
    } catch (error) {
      if (attempt >= 3 || !isRetryable(error)) throw error;
    }
  }
}

async function inTransaction<T>(
  pool: Pool,
  actor: Actor,
  request: RequestContext,
  begin: string,
  work: (scope: ReadScope) => Promise<() => T | Promise<T>>,
): Promise<T> {
  const client = await connect(pool);
  let failure: unknown;
  // A statement that nobody waited for still fails the transaction.
  const note = (error: unknown) => void (failure ??= error);
  const run = sender(client, note);
  try {
    // Both are ours: the tenant's id is a UUID from the token's integration.
    void run({ text: `${begin}; set local app.tenant = '${uuid(actor.tenantId)}'` });
    const finish = await work({
      actor,
      tenantId: actor.tenantId,
      request,
      send: <Row extends QueryResultRow>({ name, text }: Statement, values: readonly unknown[]) => {
        const rows = run<Row>({ ...(name ? { name } : {}), text, values: values as unknown[] }).then(
          (result) => result.rows,
        );
        rows.catch(note);
        return rows;
      },
    });
    const { command } = await run({ text: 'commit' });
    if (failure !== undefined) throw asError(failure);
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
    const answer = await finish();
    client.release();
    return answer;
  } catch (error) {
    await leave(client, failure ?? error);
    throw asError(refusalFromDatabase(failure ?? error));
  }
}

/** Sends statements; those of one go leave in one write, not in one for each. Each failure is noted, waited for or not. */
function sender(client: PoolClient, note: (error: unknown) => void) {
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
    const answer = client.query<Row>(statement);
    answer.catch(note);
    return answer;
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

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asError(refusalFromDatabase(error));
  }
}

/** For the few statements that set the tenant themselves (`user_by_id`): one round trip, no transaction around it. */
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

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function uuid(text: string): string {
  if (!isUuid(text)) throw new Error('not a UUID');
  return text;
}
