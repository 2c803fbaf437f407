// tenant delete: a customer who has left. Everything of the tenant goes, for good.
import { type Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { deleteTenant } from '../directory/tenant/deleteTenant.js';
import { Refusal } from '../refusal.js';
import { asOperator, tenantOfSlug } from './asOperator.js';
import { jsonOption, tenantArgument } from './options.js';
import { print } from './print.js';

interface Options {
  readonly confirm?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function tenantDelete(parent: Command): void {
  parent
    .command('delete')
    .description('Deletes a tenant with its people, groups, integrations, history and logs. Nothing brings it back.')
    .addArgument(tenantArgument())
    .option('--confirm <tenant>', "the tenant's name again; asked for when it is missing")
    .addOption(jsonOption())
    .action(remove);
}

async function remove(slug: string, { confirm, json }: Options): Promise<void> {
  const { deleted } = await asOperator(async (owner) => {
    const tenant = await tenantOfSlug(owner, slug);
    if ((confirm ?? (await typedAgain(slug))) !== slug) {
      throw new Refusal('invalidValue', `Nothing was deleted. To delete it, give the name again: --confirm ${slug}`);
    }
    return deleteTenant(owner, tenant.id);
  });
  const rows = Object.values(deleted).reduce((sum, count) => sum + count, 0);
  print(json, { tenant: slug, deleted }, `Tenant ${slug} is deleted: ${rows} rows.`);
}

/** Undefined where nobody is there to be asked. */
async function typedAgain(slug: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Everything of ${slug} will be deleted for good. Type the name of the tenant: `);
  } finally {
    terminal.close();
  }
}
