// The statements the service sends for a request, heard on its way to the database: its own handlers run once, in this
// process, on a pool that listens. The bare program and the plans take their SQL from here, so that none can drift.
import { type Pool, type PoolClient } from 'pg';
import { type Deps } from '../../src/deps.js';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { requestContext } from '../../src/directory/scope.js';
import { newNotes } from '../../src/scim/notes.js';
import { route } from '../../src/scim/router.js';
import { type Texts } from './bareTransactions.js';
import { type BenchRequest } from './requests.js';

export interface Sent {
  /** Absent where the service does not name the statement. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What an integration of the tenant is to the service. */
export const actorOf = (tenantId: string, id: string): IntegrationActor => ({
  kind: 'INTEGRATION',
  id,
  tenantId,
  tenantSlug: 'bench',
  name: 'Benchmark',
  usersAndGroups: 'FULL',
  issues: 'NONE',
  compatibility: 'ENTRA',
  provisioningEnabled: true,
  groupAdoptionAllowed: false,
});

/** Answers a request with the service's handler, for real, and returns the statements that took. */
export async function statementsOf(
  pool: Pool,
  actor: IntegrationActor,
  { method, path, body, status }: BenchRequest,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const { pathname, searchParams } = new URL(path, 'http://bench');
  const { handle } = route(method, pathname.split('/').slice(1));
  const answer = await handle({
    // The handlers of SCIM touch nothing else of it.
    deps: { db: { pool: listening(pool, sent) } } as unknown as Deps,
    actor,
    request: requestContext(),
    renewActor: () => Promise.resolve(actor),
    reading: { lenient: true, notes: newNotes() },
    method,
    query: searchParams,
    body: body === undefined ? undefined : (JSON.parse(body) as unknown),
    ifMatch: undefined,
    ifNoneMatch: undefined,
    base: 'http://bench/scim/v2',
    started: performance.now(),
  });
  if (answer.status !== status) throw new Error(`${method} ${path} was answered with ${answer.status}`);
  return sent;
}

/** The texts of the named statements. */
export const textsOf = (sent: readonly Sent[]): Texts =>
  Object.fromEntries(sent.flatMap(({ name, text }) => (name === undefined ? [] : [[name, text]])));

/** The named statements in the order they were sent: what the bare program must send too. */
export const namesOf = (sent: readonly Sent[]): readonly string[] =>
  sent.flatMap(({ name }) => (name === undefined ? [] : [name]));

type Query = string | { readonly name?: string; readonly text: string; readonly values?: readonly unknown[] };

function listening(pool: Pool, sent: Sent[]): Pool {
  const queryOn = (on: Pool | PoolClient) => (query: Query) => {
    const { name, text, values = [] } = typeof query === 'string' ? { text: query } : query;
    sent.push({ ...(name === undefined ? {} : { name }), text, values });
    return on.query(query as string);
  };
  // All else is as it was.
  const heard = <On extends Pool | PoolClient>(on: On, own: object): On =>
    Object.assign(Object.create(on) as On, { query: queryOn(on) }, own);
  const connect = async () => {
    const client = await pool.connect();
    return heard(client, { release: (error?: Error | boolean) => client.release(error) });
  };
  return heard(pool, { connect });
}
