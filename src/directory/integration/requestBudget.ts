// The budget of requests of an app integration, where an administrator has given it one: spent in the database, because all
// processes together count. Without one nobody is asked.
import { Refusal } from '../../refusal.js';
import { type Actor, type IntegrationActor } from '../actor.js';
import { FieldRefusal } from '../fieldRefusal.js';
import { type Pools, type RequestContext } from '../scope.js';
import { writeWalledIn } from '../walledStatement.js';
import { type Orm } from '../unitOfWork.js';
import { updateIntegration } from './integrations.js';
import { type RequestBudget } from './Integration.js';

/** Least and most; the burst is at least what comes in a second. */
export const BOUNDS = { requestsPerSecond: [1, 10_000], burst: [1, 100_000] } as const;

const SPEND = { name: 'spend_request', text: 'select spend_request($1, $2, $3, $4, $5) as "left"' };

/**
 * Takes one request from a budget. Answers the response headers of draft-ietf-httpapi-ratelimit-headers; refuses with
 * `rateLimited` when none is left.
 */
export async function spendRequest(
  pools: Pools,
  actor: IntegrationActor,
  { requestsPerSecond, burst }: RequestBudget,
  request: RequestContext,
): Promise<Readonly<Record<string, string>>> {
  const values = [actor.tenantId, actor.id, requestsPerSecond, burst, request.now.getTime()];
  // Not as the request: that has not begun with it, and may still be refused when its turn does not come.
  const [row] = await writeWalledIn<{ left: number | null }>(pools, actor, {}, SPEND, values);
  const left = row?.left ?? 0;
  const seconds = (requests: number) => Math.max(1, Math.ceil(requests / requestsPerSecond));
  const headers = {
    'RateLimit-Policy': `"requests";q=${burst};w=${seconds(burst)}`,
    RateLimit: `"requests";r=${Math.floor(left / 1000)};t=${seconds(burst - left / 1000)}`,
  };
  if (row && row.left !== null) return headers;
  throw new Refusal(
    'rateLimited',
    `The app integration "${actor.name}" has used up its budget: ${requestsPerSecond} requests a second, at most ${burst} at once. An administrator of SpeakUp can change it. Microsoft Entra repeats the request by itself; other clients should wait as long as Retry-After says.`,
    // One a second comes back at least.
    { ...headers, 'Retry-After': '1' },
  );
}

/**
 * Gives an integration a budget, or none (null); every process heeds it within seconds. Refuses with `notFound`, and with
 * `invalidValue` a number out of bounds or a revoked integration.
 */
export async function setRequestBudget(
  orm: Orm,
  actor: Actor,
  request: RequestContext,
  id: string,
  budget: RequestBudget | null,
): Promise<void> {
  if (budget) refuseOutOfBounds(budget);
  const { requestsPerSecond, burst } = budget ?? { requestsPerSecond: null, burst: null };
  await updateIntegration(orm, actor, request, id, { requestsPerSecond, burst });
}

function refuseOutOfBounds({ requestsPerSecond, burst }: RequestBudget): void {
  refuse('requestsPerSecond', requestsPerSecond, BOUNDS.requestsPerSecond);
  refuse('burst', burst, BOUNDS.burst);
  if (burst < requestsPerSecond) {
    throw wrong('burst', 'burst must be at least requestsPerSecond: as many come in the first moment.');
  }
}

function refuse(field: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw wrong(field, `${field} must be a whole number from ${least} to ${most}.`);
}

const wrong = (field: string, message: string) => new FieldRefusal('INVALID', ['budget', field], message);
