// What is said to those who are not served: why, that it is not for ever, and when to come back.
import { Refusal } from '../refusal.js';
import { type Reason } from './lane.js';

const AGAIN = 'Microsoft Entra repeats the request by itself; other clients should wait as long as Retry-After says.';

export const OVER_SHARE = `This tenant has more requests under way than its share of the service, which other tenants use too. ${AGAIN}`;
export const OVERLOADED = `The service is overloaded just now. ${AGAIN}`;

/** What a request that is not served is told: 429 whose tenant asks for more than its share, else 503. */
export function refusalOf(why: Reason): Refusal {
  const retryLater = { 'Retry-After': retryAfter() };
  const refusal =
    why === 'share'
      ? new Refusal('rateLimited', OVER_SHARE, retryLater)
      : new Refusal('unavailable', OVERLOADED, retryLater);
  return Object.assign(refusal, wholeAnswer(why === 'share' ? 429 : 503, retryLater['Retry-After']));
}

/** GraphQL shows an error in a field with status 200; that nothing was done is told by the status (Apollo's `extensions.http`). */
export const wholeAnswer = (status: number, seconds: string) => ({
  extensions: { http: { status, headers: new Map([['retry-after', seconds]]) } },
});

/** Whole seconds, 2 to 5 at random: those refused together do not come back together. */
export const retryAfter = (): string => String(2 + Math.floor(Math.random() * 4));
