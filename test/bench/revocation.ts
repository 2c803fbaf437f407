// `npm run bench -- revocation`: how long a token still works in one process after its integration was revoked, or its
// person locked, through another. The control says how long when nobody tells.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { temporaryFolder } from '../support/database.js';
import { aUser } from '../support/builders.js';
import { startServer } from '../support/server.js';
import { aTenant, send, tokenOf, type Json, type TestTenant } from '../support/tenant.js';
import { quantile, type Verdict, verdictLine } from './figures.js';
import { aDatabase, type Closers } from './ground.js';
import { startService } from './programs.js';

const INTEGRATIONS = 250;
const PEOPLE = 100;
const CONTROLS = 20;
/** SPEC section 3. */
const MOST_P99_MS = 1000;
const MOST_MS = 5000;
const GIVE_UP_MS = 10_000;

interface Scene {
  readonly acme: TestTenant;
  readonly admin: string;
  /** Where revocations are asked for, and where the tokens are tried. */
  readonly writer: string;
  readonly asker: string;
}

/** A token, how it is tried, and what ends it. */
interface Subject {
  readonly ask: () => Promise<number>;
  readonly end: () => Promise<void>;
}

export interface RevocationFigures {
  readonly lines: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/** Measures, and says what was measured: from the moment the revocation was sent to the answer that refused the token. */
export async function benchRevocation(say: (text: string) => void, closers: Closers): Promise<RevocationFigures> {
  const { scene, owner } = await setScene(closers);
  const integrations = await measure(await many(INTEGRATIONS, () => anIntegration(scene)));
  const people = await measure(await many(PEOPLE, () => aPerson(scene)));
  // Its secrets end with an integration, and tell too.
  await owner.query(`alter table integration disable trigger integration_tells;
    alter table integration_secret disable trigger integration_secret_tells`);
  const control = await Promise.all((await many(CONTROLS, () => anIntegration(scene))).map(timeToEnd));
  const told = [...integrations, ...people];
  const lines = [
    inWords(`${INTEGRATIONS} integrations revoked`, integrations),
    inWords(`${PEOPLE} people locked`, people),
    inWords(`${CONTROLS} integrations revoked and nobody told`, control),
  ];
  const p99 = quantile(told, 0.99);
  const most = Math.max(...told, ...control);
  const fastest = Math.min(...control);
  const verdicts: Verdict[] = [
    { target: `99 of 100 within ${MOST_P99_MS} ms`, figure: p99.toFixed(1), met: p99 <= MOST_P99_MS },
    { target: `all within ${MOST_MS} ms, told or not`, figure: most.toFixed(1), met: most <= MOST_MS },
    { target: 'the control is slower than 99 of 100', figure: fastest.toFixed(1), met: fastest > p99 },
  ];
  lines.forEach(say);
  verdicts.forEach((verdict) => say(verdictLine(verdict)));
  return { lines, verdicts };
}

async function setScene(closers: Closers): Promise<{ readonly scene: Scene; readonly owner: Client }> {
  const { environment: where, url } = await aDatabase(closers);
  const environment = { ...where, MASTER_KEY: randomBytes(32).toString('base64') };
  const folder = await temporaryFolder();
  closers.push(() => rm(folder, { recursive: true, force: true }));
  // Makes tenants and tokens; the two others are measured.
  const maker = await startServer(environment);
  closers.push(() => maker.stop());
  const [writer = '', asker = ''] = await many(2, async () => {
    const service = await startService(environment, join(folder, 'service.log'));
    closers.push(() => service.stop());
    return `http://127.0.0.1:${service.port}`;
  });
  const owner = new Client(url);
  await owner.connect();
  closers.push(() => owner.end());
  const acme = await aTenant({}, maker);
  return { scene: { acme, admin: await acme.personToken(), writer, asker }, owner };
}

async function anIntegration({ acme, admin, writer, asker }: Scene): Promise<Subject> {
  const credentials = await acme.integration();
  const headers = bearer(await tokenOf(acme.server.url, credentials));
  return {
    ask: async () => (await send(`${asker}/scim/v2/ServiceProviderConfig`, 'GET', undefined, headers)).status,
    end: () => mutate(writer, admin, 'revokeAppIntegration', `clientId: "${credentials.clientId}"`),
  };
}

async function aPerson({ acme, admin, writer, asker }: Scene): Promise<Subject> {
  const { id } = (await acme.scim('POST', '/Users', aUser())).body as { id: string };
  const headers = bearer(await acme.personToken({ role: 'FRONTEND', userId: id }));
  const globalId = Buffer.from(`User:${id}`).toString('base64url');
  return {
    ask: async () => (await send(`${asker}/graphql`, 'POST', { query: '{ __typename }' }, headers)).status,
    end: () => mutate(writer, admin, 'lockUser', `id: "${globalId}"`),
  };
}

async function mutate(url: string, admin: string, mutation: string, input: string): Promise<void> {
  const query = `mutation { ${mutation}(input: { ${input} }) { userErrors { code } } }`;
  const { body } = await send(`${url}/graphql`, 'POST', { query }, bearer(admin));
  const payload = (body as { data?: Record<string, { userErrors: Json[] }> }).data?.[mutation];
  if (payload?.userErrors.length !== 0) throw new Error(`${mutation} was refused: ${JSON.stringify(body)}`);
}

/** One after the other. */
async function measure(subjects: readonly Subject[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const subject of subjects) times.push(await timeToEnd(subject));
  return times;
}

/** Milliseconds from sending the revocation to the end of the first answer that refuses the token. */
async function timeToEnd({ ask, end }: Subject): Promise<number> {
  if ((await ask()) !== 200) throw new Error('A token was refused before it was revoked');
  const start = performance.now();
  const ended = end();
  while ((await ask()) !== 401) {
    if (performance.now() - start > GIVE_UP_MS) throw new Error(`Not refused within ${GIVE_UP_MS} ms`);
  }
  const ms = performance.now() - start;
  await ended;
  if ((await ask()) !== 401) throw new Error('A revoked token was accepted again');
  return ms;
}

async function many<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) made.push(await make());
  return made;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' });

function inWords(what: string, times: readonly number[]): string {
  const at = (share: number) => quantile(times, share).toFixed(1);
  return `${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${Math.max(...times).toFixed(1)} ms`;
}
