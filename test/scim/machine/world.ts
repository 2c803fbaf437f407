// The service as the machine sees it: two tenants over HTTP, each with integrations of every access level and an
// administrator. Whatever is asked goes through one function, so that a test can stand in between and answer wrongly.
import { requestContext } from '../../../src/directory/scope.js';
import { setProvisioningEnabled } from '../../../src/directory/tenant/tenants.js';
import { systemActor } from '../../../src/directory/unitOfWork.js';
import { type Answer, type Json, type TestTenant, aTenant, send, tokenOf } from '../../support/tenant.js';
import { type Model, type Which, newTenant } from './model.js';

/** Whose token a request carries: integrations by profile and level, and an administrator of SpeakUp. */
export type Caller = 'entra' | 'rfc' | 'reader' | 'none' | 'admin';

export interface Request {
  readonly which: Which;
  readonly caller: Caller;
  readonly method: string;
  /** Below /scim/v2; for the administrator below the root. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Transport = (request: Request) => Promise<Answer<Json>>;
/** Stands between the machine and the service. */
export type Layer = (next: Transport) => Transport;

export interface World {
  readonly send: Transport;
  readonly tenants: readonly [TestTenant, TestTenant];
  /** The address of the SCIM face. */
  readonly base: string;
  /** How often each command was done and each outcome met, over all runs. */
  readonly met: Map<string, number>;
  /** Switches provisioning of a tenant; answers the id under which history knows it. */
  switchTo(which: Which, enabled: boolean): Promise<string>;
}

const LEVELS = {
  entra: {},
  rfc: { compatibility: 'RFC' },
  reader: { usersAndGroups: 'READ_ONLY' },
  none: { usersAndGroups: 'NONE', issues: 'ACCESS' },
} as const;

/** Two new tenants, and a model in which they are empty. Integrations are made when they are first used. */
export async function aWorld(met: Map<string, number>, layer: Layer): Promise<{ model: Model; world: World }> {
  const tenants = await Promise.all([aTenant(), aTenant()]);
  const tokens = tenants.map(({ token }) => new Map<Caller, Promise<string>>([['entra', Promise.resolve(token)]]));
  const { url, deps } = tenants[0].server;
  const tokenFor = (which: Which, caller: Caller): Promise<string> => {
    const known = tokens[which]?.get(caller);
    const token = known ?? newToken(tenants[which], caller);
    tokens[which]?.set(caller, token);
    return token;
  };
  const transport: Transport = async ({ which, caller, method, path, body, headers }) =>
    send(`${url}${caller === 'admin' ? '' : '/scim/v2'}${path}`, method, body, {
      Authorization: `Bearer ${await tokenFor(which, caller)}`,
      ...(body === undefined
        ? {}
        : { 'Content-Type': caller === 'admin' ? 'application/json' : 'application/scim+json' }),
      ...headers,
    });
  const world: World = {
    send: layer(transport),
    tenants,
    base: `${url}/scim/v2`,
    met,
    async switchTo(which, enabled) {
      const { tenant } = tenants[which];
      const request = requestContext();
      await setProvisioningEnabled(deps.db, systemActor(tenant.id, tenant.slug), request, enabled);
      // The state of an integration may be half a second old; of one that was never used it is not.
      tokens[which]?.clear();
      return request.requestId;
    },
  };
  return { model: { tenants: [newTenant(tenants[0].tenant.id), newTenant(tenants[1].tenant.id)] }, world };
}

const newToken = async (tenant: TestTenant, caller: Caller): Promise<string> =>
  caller === 'admin' ? tenant.personToken() : tokenOf(tenant.server.url, await tenant.integration(LEVELS[caller]));

/** Counts that a command or an outcome was met. */
export const meet = ({ met }: World, what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);
