// The first cycle of Entra ID in an empty tenant, by the simulator: everybody is looked for and created, then the groups,
// then managers and members.
import { connect } from '../../src/simulator/connect.js';
import { runCycle as runSimulated } from '../../src/simulator/cycle/runCycle.js';
import { newState } from '../../src/simulator/cycle/state.js';
import { generateOrganisation } from '../../src/simulator/organisation/generate.js';
import { type Transport } from '../../src/simulator/wire/exchange.js';
import { openConnection, type Connection, type Target } from './client.js';
import { createMeter, type Measured, type Meter } from './meter.js';

export interface CycleOrder {
  readonly order: 'cycle';
  readonly target: Target;
  readonly people: number;
  readonly inFlight: number;
}

/** One group for so many people. */
const GROUP = 100;

export async function runCycle({ target, people, inFlight }: CycleOrder): Promise<Measured> {
  const groups = Math.floor(people / GROUP);
  const organisation = await generateOrganisation({ people, groups, seed: 42, locales: ['nl', 'de', 'en'] });
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(target)));
  const meter = createMeter();
  const base = `http://${target.host}:${target.port}`;
  const job = connect({
    // The connections send the token themselves.
    target: { tenantUrl: `${base}/scim/v2`, credentials: { token: '' } },
    state: newState(organisation),
    inFlight,
    transport: transportOver(connections, meter, base.length),
  });
  const started = performance.now();
  const end = await runSimulated(job, 'initial');
  const seconds = (performance.now() - started) / 1000;
  job.close();
  const { refusals } = job.meter.figures();
  if (end.kind === 'completed' && refusals.length === 0) return meter.result(seconds);
  throw new Error(`The first cycle failed: ${JSON.stringify([end, ...refusals])}`);
}

/** Each connection carries one request at a time; the simulator never has more under way. */
function transportOver(connections: readonly Connection[], meter: Meter, path: number): Transport {
  const free = [...connections];
  return {
    async send({ method, url, body }) {
      const connection = free.pop();
      if (!connection) throw new Error('More requests are under way than there are connections');
      const reply = await meter.exchange(connection, 'first cycle', method, url.slice(path), body);
      free.push(connection);
      return { ...reply, body: Buffer.from(reply.body, 'latin1').toString('utf8'), headers: {} };
    },
    close: () => connections.forEach((connection) => connection.close()),
  };
}
