// Kinds of wrong credentials, and measuring how long the token endpoint takes over them, interleaved.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { makeSecret } from '../../src/directory/integration/secret.js';
import { setIntegrationEnabled } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { FORM, grantOf } from '../access/asking.js';
import { withOwnerIn } from '../support/owner.js';
import { type Credentials, type TestTenant } from '../support/tenant.js';

/** Asked for at each request: an unknown client id is another one each time. */
export type Kinds = Readonly<Record<string, () => Credentials>>;
export type Times = Readonly<Record<string, number[]>>;

/** Every kind that the endpoint must answer alike. */
export async function wrongCredentials(tenant: TestTenant): Promise<Kinds> {
  const [disabled, expired] = [await tenant.integration(), await tenant.integration()];
  const operator = systemActor(tenant.tenant.id, tenant.tenant.slug);
  await setIntegrationEnabled(tenant.server.deps.db, operator, requestContext(), disabled.clientId, false);
  await withOwnerIn(tenant.tenant.id, (owner) =>
    owner.query("update integration_secret set expires_at = now() - interval '1 day' where integration_id = $1", [
      expired.clientId,
    ]),
  );
  const { clientId } = tenant;
  return {
    'wrong secret': () => ({ clientId, clientSecret: makeSecret() }),
    'unknown client': () => ({ clientId: randomUUID(), clientSecret: makeSecret() }),
    'disabled client': () => disabled,
    'expired secret': () => expired,
  };
}

interface Measuring {
  readonly url: string;
  readonly kinds: Kinds;
  /** Requests of each kind. */
  readonly n: number;
  readonly atOnce: number;
}

/** Milliseconds from the request's writing to the answer's first byte. Each round asks once for each kind, in any order. */
export async function measure({ url, kinds, n, atOnce }: Measuring): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  const state = { rounds: 0 };
  const work = async () => {
    while (state.rounds < n) {
      state.rounds += 1;
      for (const [kind, credentials] of shuffled(Object.entries(kinds))) {
        const body = new URLSearchParams(grantOf(credentials())).toString();
        times[kind]?.push(await timeOf(agent, url, body));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  agent.destroy();
  return times;
}

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);

function timeOf(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...FORM, 'Content-Length': Buffer.byteLength(body) };
    const start = performance.now();
    const asking = request(`${url}/oauth2/token`, { method: 'POST', agent, headers }, (response) => {
      const taken = performance.now() - start;
      if (response.statusCode !== 401) reject(new Error(`It answered ${response.statusCode}`));
      response.on('end', () => resolve(taken)).resume();
    });
    asking.on('error', reject).end(body);
  });
}
