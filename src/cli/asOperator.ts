// Lends a command the owner's connection to the database, brought up to this version.
import { configFromProcess } from '../config.js';
import { migrate } from '../database/open.js';
import { asOwner, type Owner, withOwnersUrl } from '../database/owner.js';
import { createLog } from '../operation/logging.js';
import { Refusal } from '../refusal.js';

export async function asOperator<T>(work: (owner: Owner) => Promise<T>): Promise<T> {
  const config = configFromProcess();
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel, process.stderr);
  return withOwnersUrl(
    config,
    (message) => log.info(message),
    async (url) => {
      await migrate(url);
      return asOwner(url, work);
    },
  );
}

/** The tenant of a slug. Refuses with `notFound`. */
export async function tenantOfSlug(
  owner: Owner,
  slug: string,
): Promise<{ readonly id: string; readonly slug: string }> {
  const { rows } = await owner.query<{ id: string; slug: string }>('select id, slug from tenant where slug = $1', [
    slug,
  ]);
  if (!rows[0]) throw new Refusal('notFound', `There is no tenant "${slug}".`);
  return rows[0];
}
