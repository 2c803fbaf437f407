// Whether the process lives (/livez) and whether it can serve (/readyz): for load balancers and orchestrators.
import { type Context, type Middleware } from 'koa';
import { type Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerError } from './errorAnswer.js';
import { createRecentCache } from './recentCache.js';

export type Readiness = 'ready' | 'starting' | 'draining' | 'database not reachable';

const CHECK_AGE_MS = 1000;
const CHECK_TIMEOUT_MS = 2000;

/** Answers /livez and /readyz, and passes everything else on. */
export function health(readiness: () => Promise<Readiness>): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/livez' && ctx.path !== '/readyz') {
      await next();
      return;
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      return answerError(ctx, 405, 'Health can only be read.', { Allow: 'GET, HEAD' });
    }
    ctx.set('Cache-Control', 'no-store');
    if (ctx.path === '/livez') return answer(ctx, 200, 'alive');
    const status = await readiness();
    if (status !== 'ready') ctx.set('Retry-After', '1');
    answer(ctx, status === 'ready' ? 200 : 503, status);
  };
}

/** Asks the database, at most once a second however many ask. */
export function databaseCheck(pool: Pool): () => Promise<boolean> {
  const check = createRecentCache({ maxAgeMs: () => CHECK_AGE_MS, limit: 1 }, () => answersInTime(pool));
  return () => check.get('');
}

async function answersInTime(pool: Pool): Promise<boolean> {
  const answered = pool.query('select 1').then(
    () => true,
    () => false, // the reason is logged by the pool and by the requests that meet it
  );
  return Promise.race([answered, sleep(CHECK_TIMEOUT_MS, false, { ref: false })]);
}

function answer(ctx: Context, status: number, text: string): void {
  ctx.status = status;
  ctx.body = { status: text };
}
