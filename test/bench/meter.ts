// Times requests, by kind.
import { type Connection, type Reply } from './client.js';
import { GRAPHQL } from './bareTransactions.js';
import { type BenchRequest } from './requests.js';

export interface Measured {
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds, by kind of request. */
  readonly latencies: Readonly<Record<string, readonly number[]>>;
  /** Of the last answer. */
  readonly bytes: number;
}

export interface Meter {
  /** Sends and times. */
  exchange(connection: Connection, kind: string, method: string, path: string, body?: string): Promise<Reply>;
  /** The same; throws for any other status than the expected one. */
  measure(connection: Connection, request: BenchRequest): Promise<string>;
  result(seconds: number): Measured;
}

export function createMeter(): Meter {
  const latencies: Record<string, number[]> = {};
  const seen = { count: 0, bytes: 0 };
  const exchange: Meter['exchange'] = async (connection, kind, method, path, body) => {
    const sent = performance.now();
    const reply = await connection.send(method, path, body);
    (latencies[kind] ??= []).push(performance.now() - sent);
    seen.count += 1;
    seen.bytes = reply.body.length;
    return reply;
  };
  return {
    exchange,
    async measure(connection, { method, path, body, status, kind }) {
      const url = path === GRAPHQL ? path : `/scim/v2${path}`;
      const reply = await exchange(connection, kind, method, url, body);
      if (reply.status !== status) throw new Error(`${method} ${path}: ${reply.status} ${reply.body.slice(0, 500)}`);
      return reply.body;
    },
    result: (seconds) => ({ ...seen, seconds, latencies }),
  };
}
