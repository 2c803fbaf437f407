// When app integrations fetched tokens and sent requests, for the integration's status.
import { type Pools } from '../scope.js';
import { readWalled } from '../walledStatement.js';

/** What the service notes; the others (USER, GROUP, MEMBER, CHANGE) are noted where changes are sealed. */
export type NotedActivity = 'TOKEN' | 'REQUEST' | 'LOOKUP';
/** The use of a secret, by its hash in hex. */
export type SecretUse = `SECRET ${string}`;

export interface Times {
  readonly first: Date;
  readonly last: Date;
}

/** Of an integration that is there: notes are some seconds old, and its tenant may have been deleted since. */
const NOTE = {
  name: 'note_integration_activity',
  text: 'select note_integration_activity($1, $2, $3) from integration_by_client($2)',
};

/** Adds to what is known: the earliest first time and the latest last time stay. */
export async function writeActivity(
  pools: Pools,
  tenantId: string,
  integrationId: string,
  did: ReadonlyMap<NotedActivity | SecretUse, Times>,
): Promise<void> {
  await readWalled(pools, NOTE, [tenantId, integrationId, JSON.stringify(Object.fromEntries(did))]);
}
