// How far a run may go: to which hosts, how many requests, how long. The simulator writes whatever it made up, so it
// stays on this machine unless it is told otherwise.
import { SimulatorError } from '../simulatorError.js';
import { type Transport } from './exchange.js';

export interface Bounds {
  /** Hosts beyond this machine that may be written to. */
  readonly allowHosts: readonly string[];
  readonly maxRequests?: number;
  readonly maxSeconds?: number;
  /** Ends the run when somebody interrupts it. */
  readonly signal?: AbortSignal;
}

/** A bound was reached: the run ends in order, and can be continued. */
export class BoundReached extends Error {}

/** Refuses (wrong usage) an address beyond this machine that was not allowed by name. */
export function assertAllowed(url: string, { allowHosts }: Bounds): void {
  const parsed = URL.parse(url);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new SimulatorError('wrongUsage', `"${url}" is not a URL that begins with http:// or https://.`);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (isLoopback(host) || allowHosts.includes(host)) return;
  throw new SimulatorError(
    'wrongUsage',
    `${host} is another machine. People and groups that are made up would be written there: add --allow-host ${host} if that is what you want.`,
  );
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Counts what is sent, and ends the run in time. */
export function bounded(
  transport: Transport,
  { maxRequests = Infinity, maxSeconds = Infinity, signal }: Bounds,
): Transport {
  const counted = { requests: 0 };
  const end = performance.now() + maxSeconds * 1000;
  return {
    async send(request) {
      if (signal?.aborted) throw new BoundReached('it was interrupted');
      if (counted.requests >= maxRequests) throw new BoundReached(`the limit of ${maxRequests} requests was reached`);
      if (performance.now() > end) throw new BoundReached(`the limit of ${maxSeconds} seconds was reached`);
      counted.requests += 1;
      return transport.send(request);
    },
    close: () => transport.close(),
  };
}
