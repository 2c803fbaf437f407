// Whether integrations and people may still come in, remembered so that a request asks nobody. The database tells when
// it changes (schema/postgres/0014); where that is not heard of, what is remembered is asked for again and again.
import { type Client, integrationByClientId } from '../directory/integration/client.js';
import { type PersonState, personState } from '../directory/personState.js';
import { type Pools } from '../directory/scope.js';
import { createRecentCache } from '../operation/recentCache.js';

export interface LiveState {
  /** The integration of a client id, disabled and revoked ones too. Refuses with `unavailable`. */
  client(clientId: string): Promise<Client | undefined>;
  /** Of a person (null: an unnamed one); undefined when there is no such tenant. Refuses with `unavailable`. */
  person(tenantId: string, userId: string | null): Promise<PersonState | undefined>;
  /** What the database told: `<kind> <tenant> <id>`. */
  changed(told: string): void;
  /** Whether the database is heard from now on. What was remembered may have changed unheard, and is forgotten. */
  hearing(hears: boolean): void;
}

/** SPEC section 3: tokens stop within five seconds whatever happens. Some of them are left for the request itself. */
export const HEARING_AGE_MS = 4000;
/** And within a second nearly always, also while the database is not heard. */
export const DEAF_AGE_MS = 500;
const REMEMBERED = 10_000;

export function createLiveState(pools: Pools): LiveState {
  const state = { maxAgeMs: DEAF_AGE_MS };
  const settings = { limit: REMEMBERED, maxAgeMs: () => state.maxAgeMs, patienceMs: HEARING_AGE_MS };
  const clients = createRecentCache(settings, (clientId) => integrationByClientId(pools, clientId));
  const people = createRecentCache(settings, (key) => {
    const [tenantId = '', userId = ''] = key.split(' ');
    return personState(pools, tenantId, userId === '' ? null : userId);
  });
  const clear = () => [clients, people].forEach((cache) => cache.clear());
  return {
    client: (clientId) => clients.get(clientId),
    person: (tenantId, userId) => people.get(`${tenantId} ${userId ?? ''}`),
    changed: (told) => {
      const [kind, tenantId = '', id = ''] = told.split(' ');
      if (kind === 'integration') clients.forget(id);
      else if (kind === 'person') people.forget(`${tenantId} ${id}`);
      else if (kind === 'tenant') {
        clients.forgetWhere((_, client) => client?.tenantId === tenantId);
        people.forgetWhere((key) => key.startsWith(tenantId));
      }
      // A newer version of the service may tell of more than this one understands.
      else clear();
    },
    hearing: (hears) => {
      state.maxAgeMs = hears ? HEARING_AGE_MS : DEAF_AGE_MS;
      clear();
    },
  };
}
