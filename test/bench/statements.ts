// The statements the service sends for a request, heard on its way to the database: its own handlers run once, in this
// process, on a pool that listens. The bare program and the plans take their SQL from here, so that none can drift.
import { type Pool, type PoolClient } from 'pg';
import { type MasterKey } from '../../src/access/masterKey.js';
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
  budget: null,
});

/** Answers a request with the service's handler, for real, and returns the statements that took. Cursors need the key. */
export async function statementsOf(
  pool: Pool,
  actor: IntegrationActor,
  { method, path, body, status }: BenchRequest,
  masterKey?: MasterKey,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const { pathname, searchParams } = new URL(path, 'http://bench');
  const { handle } = route(method, pathname.split('/').slice(1));
  const answer = await handle({
    // The handlers of SCIM touch nothing else of it.
    deps: { db: { pool: listening(pool, sent) }, masterKey } as unknown as Deps,
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

/** How reading transactions begin. */
export const BEGIN_READING = 'begin reading';

/** The texts by name; a statement without one is called by the kind of the request and its number among such. */
export function textsOf(sent: readonly Sent[], kind: string): Texts {
  const begins = sent.flatMap(({ text }) => (text.startsWith('begin') && text.includes('read only') ? [text] : []));
  return {
    ...Object.fromEntries(begins.map((text) => [BEGIN_READING, text.replace(/;.*/s, '')])),
    ...Object.fromEntries(called(sent, kind).map(({ name, text }) => [name, text])),
  };
}

/** The statements in the order they were sent, without BEGIN and COMMIT: what the bare program must send too. */
export const namesOf = (sent: readonly Sent[], kind: string): readonly string[] =>
  called(sent, kind).map(({ name }) => name);

function called(sent: readonly Sent[], kind: string): readonly (Sent & { readonly name: string })[] {
  let unnamed = 0;
  return sent
    .filter(({ text }) => !/^(begin|commit)/.test(text))
    .map((one) => ({ ...one, name: one.name ?? `${kind} ${(unnamed += 1)}` }));
}

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
