// The first cycle of Entra ID in an empty tenant: each person is looked for and created, then 80 % get their manager,
// then groups of 100 are made and filled in batches of 20.
import { openConnection, type Connection, type Target } from './client.js';
import { createMeter, type Measured } from './meter.js';
import { addMembers, createGroup, createUser, filterByUserName, patchManager } from './requests.js';

export interface CycleOrder {
  readonly order: 'cycle';
  readonly target: Target;
  readonly people: number;
  readonly inFlight: number;
}

const GROUP = 100;
const BATCH = 20;

export async function runCycle({ target, people, inFlight }: CycleOrder): Promise<Measured> {
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(target)));
  const meter = createMeter();
  const started = performance.now();
  const ids = await eachOf(people, connections, async (connection, n) => {
    const name = `cycle.${n}`;
    await meter.measure(connection, filterByUserName(`${name}@fabriek.example`));
    return idOf(await meter.measure(connection, createUser(name)));
  });
  const staff = ids.slice(0, Math.floor(people * 0.8));
  await eachOf(staff.length, connections, async (connection, n) => {
    const manager = n === 0 ? ids.at(-1) : ids[Math.floor((n - 1) / 10)];
    await meter.measure(connection, patchManager(staff[n] ?? '', manager ?? ''));
  });
  await eachOf(Math.floor(people / GROUP), connections, async (connection, n) => {
    const group = idOf(await meter.measure(connection, createGroup(`Group ${n}`)));
    for (let from = 0; from < GROUP; from += BATCH) {
      const members = ids.slice(n * GROUP + from, n * GROUP + from + BATCH);
      await meter.measure(connection, addMembers(group, members, 'members'));
    }
  });
  connections.forEach((connection) => connection.close());
  return meter.result((performance.now() - started) / 1000);
}

/** Does the work of 0 to count - 1, one at a time on each connection. */
async function eachOf<T>(
  count: number,
  connections: readonly Connection[],
  work: (connection: Connection, n: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const counter = { next: 0 };
  await Promise.all(
    connections.map(async (connection) => {
      for (let n = counter.next++; n < count; n = counter.next++) results[n] = await work(connection, n);
    }),
  );
  return results;
}

const idOf = (body: string): string => (JSON.parse(body) as { id: string }).id;
