// A bad line: answers that are lost, requests that are cut, late or doubled, tokens that die. What Entra's retries must
// get over without a trace.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Random } from '../random.js';
import { type Fault, type Transport, type WireAnswer, type WireRequest } from './exchange.js';

/** Shares of the requests. */
export interface Chaos {
  /** Half of them reach the server and lose their answer, half are cut in mid-request. */
  readonly drop: number;
  /** By up to SLOWEST. */
  readonly slow: number;
  /** Sent twice at the same time; either answer may be the one that counts. */
  readonly duplicate: number;
  /** The token is no good any more. */
  readonly killToken: number;
}

export const NO_CHAOS: Chaos = { drop: 0, slow: 0, duplicate: 0, killToken: 0 };
const SLOWEST = 250;

/** The transport on a bad line. Requests for a token are spared nothing but the dead token. */
export function chaotic(transport: Transport, chaos: Chaos, random: Random): Transport {
  const send = async (request: WireRequest): Promise<WireAnswer> => {
    const fault = faultOf(chaos, random);
    if (random.chance(chaos.killToken)) return transport.send(withDeadToken(request));
    if (random.chance(chaos.duplicate)) return eitherOf(transport, request, random);
    if (fault?.kind === 'slow') await sleep(random.below(SLOWEST));
    return transport.send(fault ? { ...request, fault } : request);
  };
  return { send, close: () => transport.close() };
}

function faultOf({ drop, slow }: Chaos, random: Random): Fault | undefined {
  if (random.chance(drop)) return { kind: random.chance(0.5) ? 'loseAnswer' : 'cutRequest' };
  return random.chance(slow) ? { kind: 'slow', ms: random.below(SLOWEST) } : undefined;
}

function withDeadToken(request: WireRequest): WireRequest {
  const { Authorization } = request.headers;
  if (!Authorization?.startsWith('Bearer ')) return request;
  return { ...request, headers: { ...request.headers, Authorization: `${Authorization.slice(0, -8)}AAAAAAAA` } };
}

/** Waits for both, so that the next change of the same person cannot be overtaken by the double of this one. */
async function eitherOf(transport: Transport, request: WireRequest, random: Random): Promise<WireAnswer> {
  const both = await Promise.allSettled([transport.send(request), transport.send(request)]);
  const chosen = random.pick(both);
  if (chosen.status === 'rejected') throw chosen.reason;
  return chosen.value;
}
