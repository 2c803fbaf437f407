// Times requests, by kind.
import { type Connection } from './client.js';
import { type BenchRequest, GRAPHQL } from './requests.js';

export interface Measured {
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds, by kind of request. */
  readonly latencies: Readonly<Record<string, readonly number[]>>;
  /** Of the last answer. */
  readonly bytes: number;
}

export interface Meter {
  /** Sends and times; throws for any other status than the expected one. */
  measure(connection: Connection, request: BenchRequest): Promise<string>;
  result(seconds: number): Measured;
}

export function createMeter(): Meter {
  const latencies: Record<string, number[]> = {};
  const seen = { count: 0, bytes: 0 };
  return {
    async measure(connection, { method, path, body, status, kind }) {
      const sent = performance.now();
      const reply = await connection.send(method, path === GRAPHQL ? path : `/scim/v2${path}`, body);
      (latencies[kind] ??= []).push(performance.now() - sent);
      if (reply.status !== status) throw new Error(`${method} ${path}: ${reply.status} ${reply.body.slice(0, 500)}`);
      seen.count += 1;
      seen.bytes = reply.body.length;
      return reply.body;
    },
    result: (seconds) => ({ ...seen, seconds, latencies }),
  };
}
