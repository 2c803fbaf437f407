// Numbers about load: who waits, who is refused, who is too slow.
import { Counter, Gauge, type Registry } from 'prom-client';
import { type Gate } from '../admission/gate.js';
import { type RequestsInFlight } from '../admission/requestsInFlight.js';

export interface AdmissionMetrics {
  /** Where requests take turns. */
  watchGate(name: string, gate: Gate): void;
  watchRequests(requests: RequestsInFlight): void;
  /** Requests that were refused because the process is overloaded. */
  readonly countShed: (requestClass: string) => void;
  /** Of how many classes requests are refused. */
  readonly setShedding: (level: number) => void;
}

export function admissionMetrics(registry: Registry): AdmissionMetrics {
  const registers = [registry];
  const gates = new Map<string, Gate>();
  const requests = new Set<RequestsInFlight>();
  watchQueues(gates, registers);
  const shed = new Counter({
    name: 'requests_shed_total',
    help: 'Requests refused with 503 because the process was overloaded, by class.',
    labelNames: ['class'],
    registers,
  });
  const help = 'Of how many classes requests are refused because of overload: 0 to 5.';
  const level = new Gauge({ name: 'shedding_level', help, registers, aggregator: 'max' });
  new Gauge({
    name: 'requests_ended_early',
    help: 'Since the start: requests stopped because their time was up, and requests whose caller went away.',
    labelNames: ['why'],
    registers,
    collect() {
      for (const { figures } of requests) {
        this.set({ why: 'time' }, figures.timedOut);
        this.set({ why: 'caller' }, figures.left);
      }
    },
  });
  return {
    watchGate: (name, gate) => void gates.set(name, gate),
    watchRequests: (inFlight) => void requests.add(inFlight),
    countShed: (requestClass) => shed.inc({ class: requestClass }),
    setShedding: (now) => level.set(now),
  };
}

function watchQueues(gates: ReadonlyMap<string, Gate>, registers: Registry[]): void {
  const labelNames = ['pool', 'what'];
  const gauge = (name: string, help: string, figuresOf: (gate: Gate) => Readonly<Record<string, number>>) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        for (const [pool, gate] of gates)
          for (const [what, figure] of Object.entries(figuresOf(gate))) this.set({ pool, what }, figure);
      },
    });
  gauge('queue_requests', 'Requests that hold a permit for a connection, and that wait for one.', ({ figures }) => ({
    running: figures.running(),
    waiting: figures.waiting(),
  }));
  gauge(
    'queue_since_start',
    'Since the start: requests that waited and were served, their seconds of waiting, and requests refused because their tenant asked for more than its share (429) or could not be served in time (503).',
    ({ figures }) => ({
      waited: figures.waited.count,
      seconds: figures.waited.milliseconds / 1000,
      'refused over share': figures.refused.share,
      'refused overload': figures.refused.overload,
    }),
  );
}
