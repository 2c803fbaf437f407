// What the service is measured against: `node:http` and `pg`, the statements the service sends and nothing around them.
// It trusts every caller and every value. Plain Node runs it; nothing of ours is loaded, the statements come by message.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import pg from 'pg';
import { BARE, createBareTransactions, GRAPHQL, type Run, type Sender, type Texts } from './bareTransactions.js';

export interface BareSettings {
  readonly url: string;
  /** What the service's connections are opened with: role and time limits. */
  readonly options: string;
  readonly poolSize: number;
  readonly statements: Texts;
  readonly actorId: string;
}

// As in the service, moments stay the text PostgreSQL prints.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text: string) => text);

process.once('message', (settings: BareSettings) => serve(settings));

function serve({ url, options, poolSize, statements, actorId }: BareSettings): void {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    options,
    pipeline: true,
    keepAlive: true,
    application_name: BARE,
  });
  const work = createBareTransactions(statements, actorId);
  const untraced = runOn(pool, statements);
  const server = http.createServer((request, response) => {
    const trace: string[] | undefined = request.headers['x-trace'] === undefined ? undefined : [];
    const run = trace ? runOn(pool, statements, trace) : untraced;
    answer(work, run, request, response, trace).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

async function answer(
  work: ReturnType<typeof createBareTransactions>,
  run: Run,
  request: IncomingMessage,
  response: ServerResponse,
  trace: string[] | undefined,
): Promise<void> {
  const { method, url = '', headers } = request;
  const tenant = String(headers['x-tenant']);
  const [path = '', query] = url.slice('/scim/v2/'.length).split('?');
  const [type, id = ''] = path.split('/');
  // Trusted, as everything here is.
  const body = (method === 'GET' ? undefined : await bodyOf(request)) as never;
  const result = await resultOf();
  if (trace) response.setHeader('X-Statements', trace.join(','));
  if (result === undefined) return void response.writeHead(204).end();
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  const status = method === 'POST' && url !== GRAPHQL ? 201 : 200;
  response.writeHead(status, { 'Content-Type': 'application/scim+json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);

  function resultOf(): Promise<unknown> {
    if (url === GRAPHQL) return work.peopleOverGraphql(run, tenant);
    if (method === 'GET') return query === undefined ? work.getUser(run, tenant, id) : found(query);
    if (type === 'Users') return id ? work.patchUser(run, tenant, id, body) : work.createUser(run, tenant, body);
    return id ? work.patchGroup(run, tenant, id, body) : work.createGroup(run, tenant, body);
  }

  function found(query: string): Promise<unknown> {
    const [, subject = '', , second = ''] = decodeURIComponent(query.replaceAll('+', ' ')).split('"');
    if (query.startsWith('filter=userName')) return work.findUser(run, tenant, subject);
    if (query.startsWith('filter=id')) return work.probeManager(run, tenant, subject, second);
    if (type === 'Groups') return work.matchGroup(run, tenant, subject);
    const [, after] = query.split('&after=');
    return after === undefined ? work.listByIndex(run, tenant) : work.listByCursor(run, tenant, after);
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Sends the service's statements by name; `trace` hears which. */
function runOn(pool: pg.Pool, texts: Texts, trace?: string[]): Run {
  const senderOn =
    (on: pg.Pool | pg.PoolClient): Sender =>
    async (name, values) => {
      trace?.push(name);
      const text = texts[name] ?? '';
      const named = name.includes(' ') ? {} : { name };
      return (await on.query<Record<string, unknown>>({ ...named, text, values: [...values] })).rows;
    };
  return {
    alone: senderOn(pool),
    transaction: (tenant, work) => inTransaction(pool, 'begin', senderOn, tenant, work),
    reading: (tenant, work) => inTransaction(pool, texts['begin reading'] ?? '', senderOn, tenant, work),
  };
}

/** BEGIN with the tenant, what the work sends, COMMIT; nothing is waited for but what the work waits for. */
async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  senderOn: (client: pg.PoolClient) => Sender,
  tenant: string,
  work: (send: Sender) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const failed: unknown[] = [];
  const note = (error: unknown) => void failed.push(error);
  const send = senderOn(client);
  try {
    client.query(`${begin}; set local app.tenant = '${tenant}'`).catch(note);
    const result = await work((name, values) => {
      const rows = send(name, values);
      rows.catch(note);
      return rows;
    });
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error(`${command}: ${String(failed[0])}`);
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
