// What is sent to the database, to count it.
import pg from 'pg';

export interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The options of the connection, its role among them. */
  readonly options: string;
}

/** Repeated work, and how the listener for revocations sees every two seconds that its connection lives. */
const BESIDE =
  /seal_changes|note_integration_activity|^delete from (graphql_budget|token_failure) |(from|into) (service_state|signing_key) |delete_old_|^select 1$/;

/** What any connection of this process sends while `work` runs; not what the service does beside the requests. */
export async function sentWhile(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const original: unknown = Reflect.get(pg.Client.prototype, 'query');
  function query(this: pg.Client, ...args: [string | { text: string; values?: unknown[] }, ...unknown[]]): unknown {
    const { options = '' } = (this as unknown as { connectionParameters: { options?: string } }).connectionParameters;
    const { text, values = [] } = typeof args[0] === 'string' ? { text: args[0] } : args[0];
    sent.push({ text, values, options });
    return Reflect.apply(original as typeof query, this, args);
  }
  Reflect.set(pg.Client.prototype, 'query', query);
  try {
    await work();
  } finally {
    Reflect.set(pg.Client.prototype, 'query', original);
  }
  return sent.filter(({ text }) => !BESIDE.test(text));
}
