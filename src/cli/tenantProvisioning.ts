// tenant provisioning on|off: the switch "SCIM provisioning enabled".
import { Argument, type Command } from 'commander';
import { requestContext } from '../directory/scope.js';
import { setProvisioningEnabled } from '../directory/tenant/tenants.js';
import { atWork, operatorIn } from './atWork.js';
import { jsonOption, tenantOption } from './options.js';
import { print } from './print.js';

/** Adds the command. */
export function tenantProvisioning(parent: Command): void {
  parent
    .command('provisioning')
    .description('Switches SCIM provisioning of a tenant on or off. People and groups stay as they are.')
    .addArgument(new Argument('<switch>', 'on or off').choices(['on', 'off']))
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(provisioning);
}

async function provisioning(
  onOrOff: string,
  { tenant, json }: { readonly tenant: string; readonly json?: boolean },
): Promise<void> {
  const enabled = onOrOff === 'on';
  await atWork(async (deps) =>
    setProvisioningEnabled(deps.db, await operatorIn(tenant, deps), requestContext(), enabled),
  );
  print(json, { slug: tenant, provisioningEnabled: enabled }, `SCIM provisioning of tenant ${tenant} is ${onOrOff}.`);
}
