import { expect } from 'chai';
import { type Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { APP_ROLE } from '../../src/database/open.js';
import { changesAfter } from '../../src/directory/history/changeFeed.js';
import { sealChanges } from '../../src/directory/history/sealer.js';
import { activityOf, countsSince, troubleOf } from '../../src/directory/integration/status.js';
import { listRows, listRowsOf } from '../../src/directory/lists.js';
import { type Source } from '../../src/directory/sources.js';
import { type ReadScope, requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { type List } from '../../src/graphql/connection.js';
import { listOfChanges, listOfEntries } from '../../src/graphql/recordLists.js';
import { withOwnerIn } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

const ROWS = 20_000;
/** Reading more rows than this for a page of 51 is reading the tenant. */
const FEW = 400;

// Of each thing there are few among many: 20 refusals, 20 deactivations, 20 entries of a second app integration.
const LOG = `insert into provisioning_entry
    (tenant_id, id, at, integration_id, request_id, method, resource_type, resource_id, status, outcome, sentence, duration_ms)
  select $1::uuid, uuid_v7(), now() - ($3::int - n) * interval '1 minute',
    case when n % 1000 = 7 then '00000000-0000-7000-8000-000000000002' else $2::uuid end, 'request-' || n, 'POST', 'User',
    lpad(to_hex(n), 32, '0')::uuid, 201, case when n % 1000 = 3 then 'REFUSED' else 'SUCCEEDED' end, 'Created user ' || n || '.', 1
  from generate_series(1, $3::int) n`;
const HISTORY = `insert into change_record
    (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, actor_id, request_id, changes)
  select $1::uuid, uuid_v7(), now() - ($3::int - n) * interval '1 minute',
    case when n % 1000 = 3 then 'DEACTIVATED' else 'CHANGED' end, 'User', lpad(to_hex(n % 5000), 32, '0')::uuid,
    case when n % 1000 = 5 then 'PERSON' else 'INTEGRATION' end, $2::uuid, 'request-' || n, '{}'
  from generate_series(1, $3::int) n`;
const noop = () => undefined;

/** What is rare in those is usual in these. */
const usual = (text: string) => text.replaceAll('n % 1000 =', 'n % 1000 <>');

describe('lists of history and of the provisioning log', function () {
  this.timeout(120_000);
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    await withOwnerIn(tenant.tenant.id, async (owner) => {
      for (const text of [LOG, HISTORY]) await owner.query(text, [tenant.tenant.id, tenant.clientId, ROWS]);
    });
    // Rare here and usual next door: what is chosen must not hang on what the statistics say of everybody.
    const { tenant: nextDoor, clientId } = await aTenant();
    await withOwnerIn(nextDoor.id, async (owner) => {
      for (const text of [LOG, HISTORY]) await owner.query(usual(text), [nextDoor.id, clientId, ROWS]);
      await owner.query('analyze provisioning_entry, change_record');
    });
  });

  const resource = '00000000-0000-0000-0000-000000000100';
  const midway = new Date(Date.now() - (ROWS / 2) * 60_000);
  const questions: Readonly<Record<string, Asked>> = {
    'the log': { list: () => listOfEntries('log', undefined), finds: 51 },
    'the log before a moment': { list: () => listOfEntries('log', { at: { lt: midway } }), finds: 51 },
    refusals: { list: () => listOfEntries('log', { outcome: { in: ['REFUSED', 'FAILED'] } }), finds: 20 },
    'one request': { list: () => listOfEntries('log', { requestId: 'request-77' }), finds: 1 },
    'requests about one resource': { list: () => listOfEntries('log', { resource }), finds: 1 },
    'the requests of one app integration': {
      list: () => listOfEntries('log', { appIntegration: '00000000-0000-7000-8000-000000000002' }),
      finds: 20,
    },
    history: { list: () => listOfChanges('history', undefined), finds: 51 },
    'history before a moment': { list: () => listOfChanges('history', { at: { lt: midway } }), finds: 51 },
    'history of a rare kind': { list: () => listOfChanges('history', { kind: { eq: 'DEACTIVATED' } }), finds: 20 },
    'what people did': { list: () => listOfChanges('history', { actor: 'PERSON' }), finds: 20 },
    'history of one resource': { list: () => listOfChanges('history', undefined, true), of: resource, finds: 4 },
  };
  for (const [name, { list, of, finds }] of Object.entries(questions)) {
    it(`read no table from end to end for ${name}`, async () => {
      const { rows, faults, lines } = await explained(tenant, await pageOf(tenant, list(), { of }));
      expect(rows, lines).to.equal(finds);
      expect(faults, lines).to.deep.equal([]);
    });
  }

  it('go on deep inside at the price of the first page', async () => {
    const list = listOfEntries('log', undefined);
    const [last] = (await rowsOf(tenant, list, undefined, 10_000)).slice(-1);
    const page = await pageOf(tenant, list, { after: last?.position as string[] });
    const { rows, faults, lines } = await explained(tenant, page);
    expect(rows, lines).to.equal(51);
    expect(faults, lines).to.deep.equal([]);
  });

  it('would be told of a condition that no index serves', async () => {
    const list = listOfEntries('log', { sentence: { contains: 'user 77.' } });
    const { faults } = await explained(tenant, await pageOf(tenant, list));
    expect(faults).not.to.be.empty;
  });

  it('are no way to read for status and support either, which read what they count and no more', async () => {
    const rare = '00000000-0000-7000-8000-000000000002';
    const hour = new Date(Date.now() - 3_600_000);
    const all = await statementsOf(tenant, async (scope) => {
      await activityOf(scope, tenant.clientId);
      for (const id of [tenant.clientId, rare]) {
        await countsSince(scope, id, hour);
        await troubleOf(scope, id);
      }
    });
    expect(all).to.have.length(11);
    for (const statement of all) {
      const { faults, lines } = await explained(tenant, statement);
      expect(faults, lines).to.deep.equal([]);
    }
  });

  it('are followed from any place by two keys', async () => {
    for (let n = 0; n < 200 && (await sealChanges(tenant.server.deps.db)) === undefined; n += 1) await sleep(5);
    const record = '00000000-0000-7000-8000-000000000003';
    for (const number of ['0', String(ROWS / 2), String(ROWS - 20)]) {
      // Nothing is found at all: that it is refused is not what is looked at.
      const following = (scope: ReadScope) => changesAfter(scope, { number, record }, 101).then(noop, noop);
      const [after, known] = await statementsOf(tenant, following);
      const { rows, faults, lines } = await explained(tenant, after as Sent);
      expect(rows, lines).to.be.within(20, 101);
      expect(faults, lines).to.deep.equal([]);
      expect((await explained(tenant, known as Sent)).faults).to.deep.equal([]);
    }
  });
});

const scopeOf = ({ tenant }: TestTenant, send: ReadScope['send']): ReadScope => ({
  actor: systemActor(tenant.id, tenant.slug),
  tenantId: tenant.id,
  request: requestContext(),
  send,
});

interface Sent {
  readonly text: string;
  readonly params: readonly unknown[];
}

/** What some work sends, caught on its way to the database. */
async function statementsOf(tenant: TestTenant, work: (scope: ReadScope) => Promise<void>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const scope = scopeOf(tenant, ({ text }, params) => {
    sent.push({ text, params: [...params] });
    // An answer, so that nobody asks why there is none.
    return Promise.resolve([{}] as never);
  });
  await work(scope);
  return sent;
}

interface Asked {
  readonly list: () => List<{ id: string }>;
  /** Whose list it is, where it is not the tenant's. */
  readonly of?: string;
  readonly finds: number;
}

interface PageAsked {
  readonly of?: string | undefined;
  readonly after?: string[] | undefined;
  readonly limit?: number;
}

async function pageOf<Row>(
  tenant: TestTenant,
  list: List<Row>,
  { of, after, limit = 51 }: PageAsked = {},
): Promise<Sent> {
  const query = { ...list, after, limit };
  const source: Source<Row> = list.source;
  const [statement] = await statementsOf(tenant, async (scope) => {
    if (of === undefined) await listRows(scope, source, query);
    else await listRowsOf(scope, source, [of], query);
  });
  if (!statement) throw new Error('nothing was sent');
  return statement;
}

/** Lends a connection of the application's role in the tenant. */
async function asApplication<T>({ server, tenant }: TestTenant, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await server.deps.db.pool.connect();
  try {
    await client.query(`begin; set local app.tenant = '${tenant.id}'`);
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    expect(rows[0]?.role).to.equal(APP_ROLE);
    return await work(client);
  } finally {
    await client.query('rollback; deallocate all');
    client.release(true);
  }
}

async function rowsOf<Row>(tenant: TestTenant, list: List<Row>, after: string[] | undefined, limit: number) {
  const { text, params } = await pageOf(tenant, list, { after, limit });
  return asApplication(tenant, async (client) => (await client.query<{ position: unknown }>(text, [...params])).rows);
}

async function explained(tenant: TestTenant, { text, params }: Sent) {
  return asApplication(tenant, async (client) => {
    const { rows } = await client.query(text, [...params]);
    // Prepared, because a statement that is explained with its values at once gets another plan than one that is run.
    await client.query(`prepare asked as ${text}`);
    const literal = (value: unknown): string => {
      if (value === null) return 'null';
      if (value instanceof Date) return `'${value.toISOString()}'`;
      return Array.isArray(value)
        ? `array[${value.map(literal).join(', ')}]::uuid[]`
        : client.escapeLiteral(`${value as string}`);
    };
    const plan = await client.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off) execute asked (${params.map(literal).join(', ')})`,
    );
    const lines = plan.rows.map((row) => row['QUERY PLAN']);
    return { rows: rows.length, faults: faultsIn(lines), lines: `${text}\n${lines.join('\n')}` };
  });
}

/** A table read from end to end, or rows read in vain, or to be sorted first. */
function faultsIn(lines: readonly string[]): string[] {
  const found = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.slice(1, 2) ?? []);
  const counted = [
    ...found(/Rows Removed by (?:Filter|Index Recheck): (\d+)/),
    ...found(/Scan.*actual [^)]*rows=(\d+)/),
  ].filter((rows) => Number(rows) > FEW);
  return [...found(/Seq Scan on (\w+)/), ...counted.map((rows) => `${rows} rows`)];
}
