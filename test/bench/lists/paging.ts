// Walking the large tenant by cursor: a page near the end against the second page, which counts nothing either, and
// against the first, which counts; and a walk to the end.
import { openConnection, type Connection, type Target } from '../client.js';
import { median, type Verdict } from '../figures.js';
import { createMeter } from '../meter.js';
import { type BenchRequest } from '../requests.js';
import { type Ground, type Tenant } from '../ground.js';
import { cursorNearEnd } from './places.js';

const PAGE = 100;
/** Left after the page near the end. */
const LEFT = 50;
const MOST_BY_DEPTH = 1.2;
export const ORDERS = [undefined, 'userName', 'displayName'] as const;

export interface Paging {
  readonly sortBy: string;
  /** Median milliseconds of a page. */
  readonly first: number;
  readonly second: number;
  readonly nearEnd: number;
}

interface ListPage {
  readonly totalResults: number;
  readonly nextCursor?: string;
  readonly Resources: readonly { readonly id: string }[];
}

/** The three pages take turns, so many times. Throws when the page near the end is not where it should be. */
export async function measurePaging(
  ground: Ground,
  tenant: Tenant,
  sortBy: string | undefined,
  rounds: number,
): Promise<Paging> {
  const page = (kind: string, cursor: string): BenchRequest => ({
    method: 'GET',
    path: `/Users?count=${PAGE}${sortBy === undefined ? '' : `&sortBy=${sortBy}`}&cursor=${cursor}`,
    status: 200,
    kind,
  });
  return withConnection(tenant.target, async (connection) => {
    const ask = async (cursor: string) => pageFrom(await createMeter().measure(connection, page('', cursor)));
    const { nextCursor = '' } = await ask('');
    const nearEnd = await cursorNearEnd(ground, tenant, sortBy, PAGE + LEFT);
    await assertNearEnd(ask, nearEnd);
    const meter = createMeter();
    for (let round = 0; round < rounds; round += 1) {
      for (const [kind, cursor] of [
        ['first', ''],
        ['second', nextCursor],
        ['nearEnd', nearEnd],
      ] as const)
        await meter.measure(connection, page(kind, cursor));
    }
    const { latencies } = meter.result(0);
    const ms = (kind: string) => median(latencies[kind] ?? []);
    return { sortBy: sortBy ?? 'creation', first: ms('first'), second: ms('second'), nearEnd: ms('nearEnd') };
  });
}

async function assertNearEnd(ask: (cursor: string) => Promise<ListPage>, cursor: string): Promise<void> {
  const page = await ask(cursor);
  const last = await ask(page.nextCursor ?? '');
  if (page.Resources.length === PAGE && last.Resources.length === LEFT && last.nextCursor === undefined) return;
  throw new Error(`not near the end: ${page.Resources.length} people, then ${last.Resources.length}`);
}

export interface Walk {
  readonly people: number;
  readonly pages: number;
  readonly seconds: number;
}

/** To the end in pages of a thousand. Throws when somebody was missing, or came twice or out of order. */
export const walk = (target: Target): Promise<Walk> =>
  withConnection(target, async (connection) => {
    const meter = createMeter();
    const started = performance.now();
    const at = { people: 0, last: '', total: 0 };
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const path = `/Users?attributes=id&count=1000&cursor=${cursor}`;
      const page = pageFrom(await meter.measure(connection, { method: 'GET', path, status: 200, kind: '' }));
      for (const { id } of page.Resources) {
        if (id <= at.last) throw new Error(`${id} came after ${at.last}`);
        at.last = id;
      }
      at.people += page.Resources.length;
      at.total = page.totalResults;
      cursor = page.nextCursor;
    }
    if (at.people !== at.total) throw new Error(`walked past ${at.people} of ${at.total} people`);
    const { count: pages } = meter.result(0);
    return { people: at.people, pages, seconds: (performance.now() - started) / 1000 };
  });

const pageFrom = (body: string): ListPage => JSON.parse(body) as ListPage;

async function withConnection<T>(target: Target, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await openConnection(target);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

export const pagingVerdicts = (pagings: readonly Paging[]): readonly Verdict[] =>
  pagings.map(({ sortBy, second, nearEnd }) => ({
    target: `a page near the end by ${sortBy}: at most ${MOST_BY_DEPTH} times the second page`,
    figure: `${(nearEnd / second).toFixed(2)} (${nearEnd.toFixed(2)} ms against ${second.toFixed(2)} ms)`,
    met: nearEnd <= second * MOST_BY_DEPTH,
  }));

export const pagingLines = (pagings: readonly Paging[], { people, pages, seconds }: Walk): readonly string[] => [
  ...pagings.map(
    ({ sortBy, first, second, nearEnd }) =>
      `pages of ${PAGE} by ${sortBy}: first ${first.toFixed(1)} ms (counts all), second ${second.toFixed(1)} ms, near the end ${nearEnd.toFixed(1)} ms`,
  ),
  `walked past ${people} people in ${pages} pages in ${seconds.toFixed(1)} s`,
];
