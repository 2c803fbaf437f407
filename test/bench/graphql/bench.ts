// `npm run bench -- graphql`: how long GraphQL's questions about an organisation of a hundred thousand people take, one
// after the other, over HTTP.
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/database/embedded.js';
import { freshDatabase } from '../../support/database.js';
import { startServer } from '../../support/server.js';
import { aTenant, type Json, type TestTenant } from '../../support/tenant.js';
import { median, type Verdict, verdictLine } from '../figures.js';
import { type Closers } from '../ground.js';
import { measureAgainstBare } from './bare.js';
import { populateOrganisation } from './population.js';
import { type Question, QUESTIONS, type Walk, WALKS } from './questions.js';

export interface GraphqlExtent {
  readonly people: number;
  readonly rounds: number;
}
export const FULL_GRAPHQL: GraphqlExtent = { people: 100_000, rounds: 15 };
export const QUICK_GRAPHQL: GraphqlExtent = { people: 20_000, rounds: 5 };

/** How much dearer the last pages of a list may be than the first ones. */
const MOST_BY_DEPTH = 1.3;

export interface GraphqlFigures {
  readonly extent: GraphqlExtent;
  readonly lines: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/** Measures, and says what was measured. */
export async function benchGraphql(
  extent: GraphqlExtent,
  say: (text: string) => void,
  closers: Closers,
): Promise<GraphqlFigures> {
  const tenant = await anOrganisation(extent.people, say, closers);
  const lines: string[] = [];
  const verdicts: Verdict[] = [];
  for (const question of QUESTIONS) {
    const ms = await measure(tenant, question, extent);
    lines.push(`${question.name}: ${ms.toFixed(1)} ms`);
    const { mostMs } = question;
    if (mostMs !== undefined) {
      verdicts.push({ target: `${question.name}: under ${mostMs} ms`, figure: ms.toFixed(1), met: ms < mostMs });
    }
  }
  for (const list of WALKS) {
    const { pages, first, last } = await walk(tenant, list);
    lines.push(
      `${list.name}: ${pages} pages of 200, the first ${first.toFixed(1)} ms each, the last ${last.toFixed(1)} ms`,
    );
    const target = `${list.name}: the last pages at most ${MOST_BY_DEPTH} of the first`;
    verdicts.push({ target, figure: (last / first).toFixed(2), met: last / first <= MOST_BY_DEPTH });
  }
  const [line, verdict] = await measureAgainstBare(tenant, extent.rounds * 10);
  lines.push(line);
  verdicts.push(verdict);
  lines.forEach(say);
  verdicts.forEach((verdict) => say(verdictLine(verdict)));
  return { extent, lines, verdicts };
}

async function anOrganisation(people: number, say: (text: string) => void, closers: Closers): Promise<TestTenant> {
  const database = await freshDatabase();
  closers.push(() => database.remove());
  const server = await startServer(database.environment);
  closers.push(() => server.stop());
  const tenant = await aTenant({}, server);
  const { DATABASE_URL, DATA_DIR = '' } = database.environment;
  const embedded = DATABASE_URL ? undefined : await startEmbeddedPostgres(DATA_DIR, () => undefined);
  const owner = new Client(DATABASE_URL ?? embedded?.url);
  await owner.connect();
  try {
    say(`… making ${people} people`);
    const took = await populateOrganisation(owner, tenant.tenant.id, people);
    say([...took].map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(', '));
  } finally {
    await owner.end();
    await embedded?.stop();
  }
  return tenant;
}

/** The median, after two that do not count. */
async function measure(
  tenant: TestTenant,
  { name, query, expected }: Question,
  extent: GraphqlExtent,
): Promise<number> {
  const times: number[] = [];
  const [path, value] = expected(extent.people);
  for (let round = -2; round < extent.rounds; round += 1) {
    const { ms, data } = await ask(tenant, query);
    const found = path.split('.').reduce<Json>((at: Json, step) => at?.[step], data);
    if (found !== value) throw new Error(`${name}: ${path} is ${String(found)}, not ${String(value)}`);
    if (round >= 0) times.push(ms);
  }
  return median(times);
}

/** From end to end; the times are the medians of twenty pages. */
async function walk(tenant: TestTenant, { query, path }: Walk) {
  const times: number[] = [];
  const state: { after: string | null } = { after: null };
  for (let more = true; more;) {
    const { ms, data } = await ask(tenant, query, state);
    const { pageInfo } = path.reduce<Json>((at: Json, step) => at[step], data);
    times.push(ms);
    state.after = pageInfo.endCursor as string;
    more = pageInfo.hasNextPage as boolean;
  }
  // The first of all opens things, the last may be short.
  const pages = times.slice(2, -1);
  return { pages: times.length, first: median(pages.slice(0, 20)), last: median(pages.slice(-20)) };
}

async function ask(tenant: TestTenant, query: string, variables: Record<string, unknown> = {}) {
  const role = query.includes('analytics') ? 'ANALYST' : 'FRONTEND';
  const start = performance.now();
  const { body } = await tenant.graphql(query, variables, { role });
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return { ms: performance.now() - start, data: body.data };
}
