// The load generator, a process of its own: sends the requests of one window or of one first cycle, so many in flight,
// and reports how long each took.
import { openConnection, type Target } from './client.js';
import { runCycle, type CycleOrder } from './cycle.js';
import { createMeter, type Measured } from './meter.js';
import { requestsOf, type CaseName, type Subject } from './requests.js';

export interface WindowOrder {
  readonly order: 'window';
  readonly target: Target;
  readonly name: CaseName;
  readonly salt: string;
  readonly seconds: number;
  readonly inFlight: number;
}

export interface SubjectOrder {
  readonly order: 'subject';
  readonly subject: Subject;
}

export type Order = WindowOrder | SubjectOrder | CycleOrder;

export type Report = { readonly done: Measured } | { readonly error: string };

const state: { subject?: Subject } = {};

process.on('message', (order: Order) => {
  void obey(order).then(
    (done) => process.send?.({ done } satisfies Report),
    (error: unknown) => process.send?.({ error: String(error) } satisfies Report),
  );
});

async function obey(order: Order): Promise<Measured> {
  switch (order.order) {
    case 'subject':
      state.subject = order.subject;
      return { count: 0, seconds: 0, latencies: {}, bytes: 0 };
    case 'window':
      return runWindow(order, state.subject);
    case 'cycle':
      return runCycle(order);
  }
}

async function runWindow(order: WindowOrder, subject: Subject | undefined): Promise<Measured> {
  if (!subject) throw new Error('No subject was given');
  const { target, name, salt, seconds, inFlight } = order;
  const requests = requestsOf(name, subject, salt);
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(target)));
  const meter = createMeter();
  const started = performance.now();
  const end = started + seconds * 1000;
  const counter = { next: 0 };
  await Promise.all(
    connections.map(async (connection) => {
      // A step taken is undone: nobody stays in the group.
      for (let n = counter.next++; performance.now() < end || (inFlight === 1 && n % 2 === 1); n = counter.next++) {
        await meter.measure(connection, requests(n));
      }
      connection.close();
    }),
  );
  return meter.result((performance.now() - started) / 1000);
}
