// tenant create: a SpeakUp customer.
import { type Command } from 'commander';
import { requestContext } from '../directory/scope.js';
import { openTenant } from '../directory/tenant/tenants.js';
import { atWork } from './atWork.js';
import { jsonOption, tenantOption } from './options.js';
import { print } from './print.js';

/** Adds the command. */
export function tenantCreate(parent: Command): void {
  parent
    .command('create')
    .description('Makes a tenant, with SCIM provisioning on. One that is there stays as it is.')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(create);
}

async function create({ tenant: slug, json }: { readonly tenant: string; readonly json?: boolean }): Promise<void> {
  const { tenant, created } = await atWork(({ db }) => openTenant(db, slug, requestContext()));
  const { id, provisioningEnabled } = tenant;
  const words = created ? `Tenant ${slug} is there.` : `Tenant ${slug} was there already.`;
  print(json, { id, slug, provisioningEnabled, created }, words);
}
