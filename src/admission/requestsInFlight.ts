// All requests of a process that are under way, and the one timer that ends those whose time is up.
import { type ServerResponse } from 'node:http';
import { Refusal } from '../refusal.js';
import { InFlight, type Limit } from './inFlight.js';
import { retryAfter } from './refusals.js';

export interface RequestsInFlight {
  /** A request that has begun; it ends with its response, or when its caller goes without one. */
  begin(limit: Limit, response: ServerResponse): InFlight;
  count(): number;
  /** For the metrics. */
  readonly figures: { readonly timedOut: number; readonly left: number };
}

const LOOK_MS = 250;

const took = (seconds: number, more: string): string =>
  `This took longer than ${seconds} seconds and was stopped. ${more}`;

/** How long requests of each face may take. What is slow on the caller's side does not count. */
export const LIMITS = {
  scim: {
    ms: 10_000,
    refusal: () =>
      new Refusal('unavailable', took(10, 'Microsoft Entra repeats it by itself.'), { 'Retry-After': retryAfter() }),
  },
  graphql: {
    ms: 5000,
    refusal: () => new Refusal('tooMany', took(5, 'Ask for less at a time, or try again later.')),
  },
} as const satisfies Record<string, Limit>;

export function createRequestsInFlight(): RequestsInFlight {
  const requests = new Set<InFlight>();
  /** Their callers have gone; a change that was begun goes on, and its time is up as any other's. */
  const abandoned = new Set<InFlight>();
  const state: { timer?: NodeJS.Timeout } = {};
  const figures = { timedOut: 0, left: 0 };
  const gone = () => new Refusal('unavailable', 'The caller has gone.');
  const look = () => {
    const now = performance.now();
    for (const request of [...requests, ...abandoned]) if (request.look(now)) figures.timedOut += 1;
    for (const request of abandoned) if (request.isDone(now)) abandoned.delete(request);
    if (requests.size + abandoned.size === 0) {
      clearInterval(state.timer);
      delete state.timer;
    }
  };
  return {
    begin: (limit, response) => {
      const request = new InFlight(limit, gone);
      const left = () => {
        figures.left += 1;
        request.left();
      };
      // While it was being looked at who asks; its end would never be heard of.
      if (response.destroyed) {
        left();
        return request;
      }
      requests.add(request);
      state.timer ??= setInterval(look, LOOK_MS).unref();
      response.once('close', () => {
        requests.delete(request);
        if (response.writableFinished) return;
        abandoned.add(request);
        left();
      });
      return request;
    },
    count: () => requests.size,
    figures,
  };
}
