// `npm run bench -- graphql`: how long GraphQL's questions about an organisation of a hundred thousand people take, one
// after the other, over HTTP.
import { type Json } from '../../support/tenant.js';
import { tableOf, median, type CaseFigures, type Verdict, verdictLine } from '../figures.js';
import { aTenant, setGround, type Closers, type Ground, type Settings } from '../ground.js';
import { FULL, QUICK, type Extent } from '../measure.js';
import { personToken } from '../programs.js';
import { rateVerdicts } from '../verdicts.js';
import { measureAgainstBare } from './bare.js';
import { populateOrganisation } from './population.js';
import { type Question, QUESTIONS, type Walk, WALKS } from './questions.js';

export interface GraphqlExtent extends Extent {
  readonly people: number;
  readonly rounds: number;
}
export const FULL_GRAPHQL: GraphqlExtent = { ...FULL, people: 100_000, rounds: 15 };
export const QUICK_GRAPHQL: GraphqlExtent = { ...QUICK, people: 20_000, rounds: 5 };

/** How much dearer the last pages of a list may be than the first ones. */
const MOST_BY_DEPTH = 1.3;

export interface GraphqlFigures {
  readonly extent: GraphqlExtent;
  readonly lines: readonly string[];
  readonly cases: readonly CaseFigures[];
  readonly verdicts: readonly Verdict[];
}

interface Asking {
  readonly url: string;
  readonly tokens: Readonly<Record<'analyst' | 'frontend', string>>;
}

/** Measures, and says what was measured. */
export async function benchGraphql(
  extent: GraphqlExtent,
  say: (text: string) => void,
  settings: Settings,
  closers: Closers,
): Promise<GraphqlFigures> {
  const ground = await setGround(settings, closers);
  const tenant = await aTenant(ground);
  settings.say(`making ${extent.people} people`);
  const took = await populateOrganisation(ground.owner, tenant.id, extent.people);
  say([...took].map(([name, ms]) => `${name} ${Math.round(ms)} ms`).join(', '));
  const asking = await askingIn(ground, tenant.slug);
  const lines: string[] = [];
  const verdicts: Verdict[] = [];
  for (const question of QUESTIONS) {
    const ms = await measure(asking, question, extent);
    lines.push(`${question.name}: ${ms.toFixed(1)} ms`);
    const { mostMs } = question;
    if (mostMs !== undefined) {
      verdicts.push({ target: `${question.name}: under ${mostMs} ms`, figure: ms.toFixed(1), met: ms < mostMs });
    }
  }
  for (const list of WALKS) {
    const { pages, first, last } = await walk(asking, list);
    lines.push(
      `${list.name}: ${pages} pages of 200, the first ${first.toFixed(1)} ms each, the last ${last.toFixed(1)} ms`,
    );
    const target = `${list.name}: the last pages at most ${MOST_BY_DEPTH} of the first`;
    verdicts.push({ target, figure: (last / first).toFixed(2), met: last / first <= MOST_BY_DEPTH });
  }
  const cases = [await measureAgainstBare(ground, tenant, asking.tokens.frontend, extent, closers)];
  verdicts.push(...rateVerdicts(cases));
  lines.forEach(say);
  say(`\n${tableOf(cases)}\n`);
  verdicts.forEach((verdict) => say(verdictLine(verdict)));
  return { extent, lines, cases, verdicts };
}

async function askingIn({ environment, service: { port } }: Ground, slug: string): Promise<Asking> {
  const [analyst, frontend] = [
    await personToken(environment, slug, 'analyst'),
    await personToken(environment, slug, 'frontend'),
  ];
  return { url: `http://127.0.0.1:${port}/graphql`, tokens: { analyst, frontend } };
}

/** The median, after two that do not count. */
async function measure(asking: Asking, { name, query, expected }: Question, extent: GraphqlExtent): Promise<number> {
  const times: number[] = [];
  const [path, value] = expected(extent.people);
  for (let round = -2; round < extent.rounds; round += 1) {
    const { ms, data } = await ask(asking, query);
    const found = path.split('.').reduce<Json>((at: Json, step) => at?.[step], data);
    if (found !== value) throw new Error(`${name}: ${path} is ${String(found)}, not ${String(value)}`);
    if (round >= 0) times.push(ms);
  }
  return median(times);
}

/** From end to end; the times are the medians of twenty pages. */
async function walk(asking: Asking, { query, path }: Walk) {
  const times: number[] = [];
  const state: { after: string | null } = { after: null };
  for (let more = true; more;) {
    const { ms, data } = await ask(asking, query, state);
    const { pageInfo } = path.reduce<Json>((at: Json, step) => at[step], data);
    times.push(ms);
    state.after = pageInfo.endCursor as string;
    more = pageInfo.hasNextPage as boolean;
  }
  // The first of all opens things, the last may be short.
  const pages = times.slice(2, -1);
  return { pages: times.length, first: median(pages.slice(0, 20)), last: median(pages.slice(-20)) };
}

async function ask({ url, tokens }: Asking, query: string, variables: Record<string, unknown> = {}) {
  const token = tokens[query.includes('analytics') ? 'analyst' : 'frontend'];
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const start = performance.now();
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const body = (await answer.json()) as Json;
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return { ms: performance.now() - start, data: body.data };
}
