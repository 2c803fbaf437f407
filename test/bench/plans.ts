// The plans of the hot statements, as the application's role behind the wall: the plan a connection uses once it has
// run the statement a few times, when PostgreSQL may have changed to one that suits any value.
import { type Pool, type PoolClient } from 'pg';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { ENTERPRISE } from '../../src/simulator/scim/paths.js';
import { median } from './figures.js';
import { type UnknownSubject } from './population.js';
import {
  addMembers,
  type BenchRequest,
  createUser,
  DEPARTMENT,
  filterByUserName,
  matchGroup,
  patchUser,
  probeManager,
  removeMember,
} from './requests.js';
import { statementsOf, type Sent } from './statements.js';

export interface Plan {
  readonly title: string;
  /** Asked again and again while provisioning: it must not read a whole tenant, nor a whole group. */
  readonly isHot: boolean;
  readonly lines: readonly string[];
  /** Medians of what PostgreSQL says it took. */
  readonly executionMs: number;
  readonly planningMs: number;
  readonly indexes: readonly string[];
  /** What reads more than it should; empty when all is well. */
  readonly faults: readonly string[];
}

/** More rows thrown away than this is reading a tenant or a big group from end to end. */
const MOST_ROWS_FILTERED = 1000;
/** PostgreSQL looks for a plan that suits any value from the sixth run on. */
const RUNS = 7;

/** Runs the requests once with the service's handlers, then explains the statements they took. */
export async function plansOf(pool: Pool, actor: IntegrationActor, subject: UnknownSubject): Promise<readonly Plan[]> {
  const found = new Map<string, Sent>();
  for (const [title, request] of requestsToExplain(subject)) {
    const sent = (await statementsOf(pool, actor, request)).filter(({ text }) => isPlanned(text));
    if (title === undefined) continue;
    for (const one of sent) {
      const name = one.name === undefined || one.name === 'change_members' ? title : one.name;
      if (!found.has(name)) found.set(name, one);
    }
  }
  const plans: Plan[] = [];
  for (const [title, sent] of found)
    plans.push(await explain(pool, actor.tenantId, sent, { title, isHot: title !== REPORTS }));
  return plans;
}

/** What inserts values has nothing to choose. */
export const isPlanned = (text: string): boolean =>
  !/^(begin|commit|select add_|insert into \S+ \([^)]*\)\s+values)/.test(text);

/** Without a title: puts back what was changed, so that the explained statement has something to do. */
function requestsToExplain({
  people,
  outsiders,
  group,
}: UnknownSubject): readonly (readonly [string | undefined, BenchRequest])[] {
  const [report, person] = [people[40] ?? NOBODY, people[Math.floor(people.length / 2)] ?? NOBODY];
  // The number the population made this person by.
  const number = /\d+/.exec(person.userName)?.[0] ?? '';
  const outsider = outsiders.at(-1) ?? '';
  const find = (type: string, filter: string): BenchRequest => ({
    method: 'GET',
    path: `/${type}?filter=${encodeURIComponent(filter)}&excludedAttributes=members`,
    status: 200,
    kind: '',
  });
  return [
    ['get by id', { method: 'GET', path: `/Users/${person.id}`, status: 200, kind: '' }],
    ['userName eq', filterByUserName(person.userName)],
    ['emails.value eq', find('Users', `emails.value eq "${person.userName}"`)],
    ['emails[type eq "work" and value eq]', find('Users', `emails[type eq "work" and value eq "${person.userName}"]`)],
    ['externalId eq', find('Users', `externalId eq "entra-${number}"`)],
    ['employeeNumber eq', find('Users', `${ENTERPRISE}:employeeNumber eq "E-${number}"`)],
    ['id eq and manager eq', probeManager(report.id, person.id)],
    [REPORTS, find('Users', `manager eq "${person.id}"`)],
    ['group displayName eq', matchGroup('Everybody of 1000')],
    ['group externalId eq', find('Groups', 'externalId eq "entra-group-1000"')],
    ['group id eq and members eq', find('Groups', `id eq "${group}" and members eq "${person.id}"`)],
    ['create user', createUser('explained')],
    ['update user', patchUser(person.id, DEPARTMENT, 'Explained', '')],
    ['add one to the group', addMembers(group, [outsider], '')],
    [undefined, removeMember(group, outsider)],
    ['remove one from the group', removeMember(group, person.id)],
    [undefined, addMembers(group, [person.id], '')],
  ];
}

const NOBODY = { id: '', userName: '' };
/** Nobody's hot question: Entra asks about one person's manager at a time. */
const REPORTS = 'manager eq';

/** Explains a statement that was heard. */
export async function explain(
  pool: Pool,
  tenantId: string,
  sent: Sent,
  about: Pick<Plan, 'title' | 'isHot'>,
): Promise<Plan> {
  const client = await pool.connect();
  try {
    const runs = await explained(client, tenantId, await insideFunction(client, sent));
    const lines = runs.at(-1) ?? [];
    const took = (what: string) =>
      median(runs.map((run) => Number(new RegExp(`^${what} Time: ([\\d.]+) ms`, 'm').exec(run.join('\n'))?.[1])));
    return { ...about, lines, executionMs: took('Execution'), planningMs: took('Planning'), ...judged(lines) };
  } finally {
    client.release(true);
  }
}

/** The statement inside a function that sets the tenant itself: EXPLAIN shows only the call. */
async function insideFunction(client: PoolClient, sent: Sent): Promise<Sent> {
  const [, name] = /from (user_by_\w+)\(/.exec(sent.text) ?? [];
  if (name === undefined) return sent;
  const { rows } = await client.query<{ body: string; arguments: string[] }>(
    'select prosrc as body, proargnames as arguments from pg_proc where proname = $1',
    [name],
  );
  const [found] = rows;
  const [, query = ''] = /return query\s([\s\S]*?);\s*end/.exec(found?.body ?? '') ?? [];
  const [tenant = '', key = ''] = found?.arguments ?? [];
  const text = query
    .replaceAll(new RegExp(`\\b${tenant}\\b`, 'g'), '$1')
    .replaceAll(new RegExp(`\\b${key}\\b`, 'g'), '$2');
  return { name, text, values: sent.values };
}

/** What each run says. */
async function explained(
  client: PoolClient,
  tenantId: string,
  { name, text, values }: Sent,
): Promise<readonly (readonly string[])[]> {
  const execute = `execute hot${values.length > 0 ? `(${values.map(literal).join(', ')})` : ''}`;
  await client.query(`set app.tenant = '${tenantId}'`);
  const runs: string[][] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    // Prepared as the driver prepares it: the types of parameters are PostgreSQL's guess. Without a name: each time anew.
    if (run === 1 || name === undefined) await client.query(`prepare hot as ${text}`);
    await client.query('begin');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers, costs off) ${execute}`);
    await client.query('rollback');
    runs.push(rows.map((row) => row['QUERY PLAN']));
    if (name === undefined) await client.query('deallocate hot');
  }
  return runs;
}

function judged(lines: readonly string[]): Pick<Plan, 'indexes' | 'faults'> {
  const found = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.slice(1, 2) ?? []);
  const scanned = found(/Seq Scan on (directory_\w+|membership|user_email)/).map((table) => `reads all of ${table}`);
  const filtered = found(/Rows Removed by (?:Index Recheck|Filter): (\d+)/)
    .filter((rows) => Number(rows) > MOST_ROWS_FILTERED)
    .map((rows) => `reads ${rows} rows for nothing`);
  const indexes = found(/(?:Index Scan|Index Only Scan|Bitmap Index Scan)(?: Backward)?(?: using| on) (\w+)/);
  return { indexes: [...new Set(indexes)], faults: [...scanned, ...filtered] };
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `'${textOf(value).replaceAll("'", "''")}'`;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((element) => JSON.stringify(element)).join(',')}}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** For people. */
export function printPlan({ title, lines, indexes, faults }: Plan): string {
  const judgement = faults.length > 0 ? `FAULT: ${faults.join('; ')}` : `by ${indexes.join(', ') || 'no table'}`;
  return `\n── ${title}: ${judgement}\n${lines.map((line) => `   ${line}`).join('\n')}`;
}
