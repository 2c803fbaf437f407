// Entra's test of the connection: a person and a group that cannot exist are looked for, and nobody may be found.
import { randomUUID } from 'node:crypto';
import { MATCHING } from '../scim/mapping.js';
import { filterBy } from '../scim/messages.js';
import { LostAnswer } from '../wire/exchange.js';
import { Refused } from '../wire/scimClient.js';
import { type Job } from './job.js';
import { resourcesOf } from './people.js';

/** The server does not answer as SCIM says: Entra puts the job into quarantine at once. */
export class ConnectionRefused extends Error {}

/** Throws ConnectionRefused with what is wrong, in words for an administrator. */
export async function testConnection(job: Job): Promise<void> {
  const { meter, watcher } = job;
  meter.begin('connection');
  watcher.phase('connection', 2);
  try {
    const attribute = MATCHING[job.matching[0] ?? 'userName'];
    await findsNobody(job, `/Users?${filterBy(attribute, randomUUID())}`);
    await findsNobody(job, `/Groups?excludedAttributes=members&${filterBy('displayName', randomUUID())}`);
  } finally {
    meter.end();
  }
}

async function findsNobody(job: Job, path: string): Promise<void> {
  job.meter.object();
  const found = await refusedAsConnection(() => ask(job, path));
  if (found.length > 0) {
    throw new ConnectionRefused(`Somebody is found by a name that nobody has: GET ${path}. The filter is not obeyed.`);
  }
  job.watcher.object();
}

async function ask({ client, meter }: Job, path: string) {
  for (let left = 4; ; left -= 1) {
    try {
      const { body } = await client.ask({ kind: 'probe', method: 'GET', path, wants: [200] });
      return resourcesOf(body, path);
    } catch (error) {
      if (!(error instanceof LostAnswer) || left === 0) throw error;
      meter.retry();
    }
  }
}

async function refusedAsConnection<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new ConnectionRefused(`${error.message}${HINTS[error.status] ?? ''}`);
  }
}

const HINTS: Readonly<Record<number, string>> = {
  403: ' (the token is good, and has no access to Users and Groups, or provisioning is switched off)',
  404: ' (Entra expects 200 and an empty list: does the Tenant URL end as it should, as in /scim/v2?)',
  406: ' (Entra sends no Accept header)',
};
