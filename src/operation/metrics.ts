// Numbers for Prometheus, on a port of their own: requests, connections to the database, event loop, memory.
import { createServer, type Server } from 'node:http';
import { type Pool } from 'pg';
import { admissionMetrics, type AdmissionMetrics } from './admissionMetrics.js';
import { type BrakeCounts } from './brakeCounts.js';
import { type Crew } from './crew.js';
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics extends AdmissionMetrics {
  readonly registry: Registry;
  /** `route` is a path without values: it must take few different ones. */
  readonly observeRequest: (method: string, route: string, status: number, seconds: number) => void;
  watchPool(name: string, pool: Pool): void;
  watchBrakes(counts: BrakeCounts): void;
  /** Rows that were deleted because they had been kept long enough. */
  readonly countDeleted: (table: string, rows: number) => void;
}

/** What is served. */
type Readable = Pick<Registry, 'contentType' | 'metrics'>;

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  const deleted = new Counter({
    name: 'retention_deleted_rows_total',
    help: 'Rows deleted because they had been kept long enough, by table.',
    labelNames: ['table'],
    registers: [registry],
  });
  const pools = new Map<string, Pool>();
  new Gauge({
    name: 'database_connections',
    help: 'Connections of a pool to the database: busy, idle, and requests that wait for one.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        this.set({ pool, state: 'busy' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
  return {
    ...admissionMetrics(registry),
    registry,
    observeRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    watchPool: (name, pool) => void pools.set(name, pool),
    watchBrakes: (counts) => brakeCounters(registry, counts),
    countDeleted: (table, rows) => deleted.inc({ table }, rows),
  };
}

function brakeCounters(registry: Registry, counts: BrakeCounts): void {
  const counter = (name: string, help: string, of: keyof BrakeCounts) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(counts[of]);
      },
    });
  counter('deactivation_brake_pulled_total', 'Deactivation brakes that were pulled.', 'pulled');
  counter('deactivations_held_total', 'Deactivations and deletions that a brake refused.', 'held');
}

/** Lets the primary ask this worker. */
export function shareMetrics({ registry }: Metrics): void {
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry();
}

/** Of all workers together, and how many there are. */
export function crewMetrics({ state }: Pick<Crew, 'state'>): Readable {
  const own = new Registry();
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [own],
      collect() {
        this.set(value());
      },
    });
  gauge('workers_serving', 'Workers that serve.', () => state().serving);
  gauge('workers_replaced', 'Workers that ended and were replaced.', () => state().replaced);
  const workers = new AggregatorRegistry();
  return {
    contentType: own.contentType,
    metrics: async () => `${await own.metrics()}\n${await workers.clusterMetrics()}`,
  };
}

/** Serves /metrics. Rejects when the port is taken. */
export async function serveMetrics(metrics: Readable, port: number, host: string): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    metrics.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return server;
}
