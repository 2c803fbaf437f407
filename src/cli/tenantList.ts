// tenant list: every tenant, by slug.
import { type Command } from 'commander';
import { listTenants } from '../directory/tenant/tenants.js';
import { atWork } from './atWork.js';
import { jsonOption } from './options.js';
import { print, table } from './print.js';

/** Adds the command. */
export function tenantList(parent: Command): void {
  parent.command('list').description('Lists the tenants.').addOption(jsonOption()).action(list);
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const tenants = await atWork(({ db }) => listTenants(db));
  const rows = tenants.map(({ slug, id, provisioningEnabled, createdAt }) => [
    slug,
    provisioningEnabled ? 'on' : 'off',
    createdAt.toISOString().slice(0, 10),
    id,
  ]);
  const words = tenants.length === 0 ? 'No tenants yet.' : table([['TENANT', 'SCIM', 'SINCE', 'ID'], ...rows]);
  print(json, tenants, words);
}
