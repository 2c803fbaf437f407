// `npm run test:timing`: whether wrong credentials of one kind can be told from another by the time of the answer. Ends
// with exit code 1 when they can, or when a difference planted on purpose is not found.
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import Koa from 'koa';
import { tokenEndpoint } from '../../src/access/tokenEndpoint.js';
import { type Deps } from '../../src/deps.js';
import { stopEverything } from '../support/server.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { type Kinds, measure, type Times, wrongCredentials } from './clients.js';
import { greatestT, moments, TELLS } from './welch.js';

const { values } = parseArgs({ options: { n: { type: 'string', default: '20000' } } });
const n = Number(values.n);
const atOnce = 8;

/** The same endpoint without the grid of time, and where told, one that returns early for a client that it does not find. */
async function withoutGrid(
  deps: Deps,
  early: boolean,
  knownIds: readonly string[],
): Promise<{ url: string; close: () => void }> {
  const known = new Set<unknown>(knownIds);
  const pool = Object.create(deps.db.pool) as typeof deps.db.pool;
  pool.query = ((statement: { readonly values?: readonly unknown[] }, ...rest: never[]) => {
    const id = statement.values?.[0];
    const isLookup = JSON.stringify(statement).includes('integration_by_client');
    if (early && isLookup && !known.has(id)) return Promise.resolve({ rows: [] });
    return deps.db.pool.query(statement as never, ...rest);
  }) as never;
  const endpoint = tokenEndpoint({ ...deps, db: { ...deps.db, pool }, evenly: () => Promise.resolve() });
  const answer = new Koa().use(endpoint).callback();
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Prints how each kind compares with the first; returns the greatest |t|. */
function compare(title: string, times: Times): number {
  const [[firstKind, first] = ['', []], ...others] = Object.entries(times);
  console.log(`\n${title} (n = ${first.length} of each kind)`);
  console.log(`  ${firstKind.padEnd(16)} ${moments(first).mean.toFixed(3)} ms`);
  const all = others.map(([kind, sample]) => {
    const t = greatestT(sample, first);
    console.log(`  ${kind.padEnd(16)} ${moments(sample).mean.toFixed(3)} ms  t = ${t.toFixed(2)}`);
    return Math.abs(t);
  });
  return Math.max(...all);
}

/** The client ids that are there: an unknown one is another one each time. */
const idsOf = (kinds: Kinds): string[] =>
  Object.values(kinds)
    .map((credentials) => [credentials().clientId, credentials().clientId])
    .flatMap(([one = '', again]) => (one === again ? [one] : []));

async function control(tenant: TestTenant, kinds: Kinds, early: boolean, title: string): Promise<number> {
  const { url, close } = await withoutGrid(tenant.server.deps, early, idsOf(kinds));
  try {
    return compare(title, await measure({ url, kinds, n: Math.min(n, 4000), atOnce: 4 }));
  } finally {
    close();
  }
}

try {
  const tenant = await aTenant();
  const kinds = await wrongCredentials(tenant);
  const { url } = tenant.server;
  await measure({ url, kinds, n: 500, atOnce });
  const shipped = compare('As it is', await measure({ url, kinds, n, atOnce }));
  await control(tenant, kinds, false, 'For comparison, without the grid of time');
  const planted = await control(tenant, kinds, true, 'Control: an early return for a client that is not found');
  const passed = shipped < TELLS && planted > TELLS;
  console.log(
    `\n|t| ${shipped.toFixed(2)} must be below ${TELLS}; of the planted difference, ${planted.toFixed(2)} must be above`,
  );
  console.log(passed ? 'passed' : 'failed');
  process.exitCode = passed ? 0 : 1;
} finally {
  await stopEverything();
}
