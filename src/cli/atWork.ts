// Opens the directory for one command, beside a running server or without one, and closes it again.
import { configFromProcess } from '../config.js';
import { type Deps } from '../deps.js';
import { integrationByClientId } from '../directory/integration/client.js';
import { type Actor } from '../directory/actor.js';
import { findTenant } from '../directory/tenant/tenants.js';
import { systemActor } from '../directory/unitOfWork.js';
import { createLog } from '../operation/logging.js';
import { openDirectory } from '../openDirectory.js';
import { knownPublicUrl } from '../publicUrl.js';
import { Refusal } from '../refusal.js';

/** Runs a command's work and returns what it returns, once everything is closed. */
export async function atWork<T>(work: (deps: Deps) => Promise<T>): Promise<T> {
  const config = configFromProcess();
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel, process.stderr);
  const directory = await openDirectory({
    config: { ...config, poolSize: 2 },
    log,
    publicUrl: (pool) => knownPublicUrl(pool, config),
  });
  try {
    return await work(directory.deps);
  } finally {
    await directory.close();
  }
}

/** The operator in a tenant that is there. Refuses with `notFound`. */
export async function operatorIn(slug: string, { db }: Deps): Promise<Actor> {
  const tenant = await findTenant(db, slug);
  if (!tenant)
    throw new Refusal('notFound', `There is no tenant "${slug}". Make it with: tenant create --tenant ${slug}`);
  return systemActor(tenant.id, tenant.slug);
}

/** The operator in the tenant of an app integration. Refuses with `notFound`. */
export async function operatorOf(clientId: string, { db }: Deps): Promise<Actor> {
  const client = await integrationByClientId(db, clientId);
  if (!client) throw new Refusal('notFound', `There is no app integration with the client id ${clientId}.`);
  return systemActor(client.tenantId, client.tenantSlug);
}
