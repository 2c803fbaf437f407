// integration list: a tenant's app integrations and the state of their secrets.
import { type Command } from 'commander';
import { type ListedIntegration, listIntegrations } from '../directory/integration/integrations.js';
import { requestContext } from '../directory/scope.js';
import { atWork, operatorIn } from './atWork.js';
import { jsonOption, tenantOption } from './options.js';
import { print, table } from './print.js';

/** Adds the command. */
export function integrationList(parent: Command): void {
  parent
    .command('list')
    .description("Lists a tenant's app integrations, revoked ones too.")
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(list);
}

async function list({ tenant, json }: { readonly tenant: string; readonly json?: boolean }): Promise<void> {
  const found = await atWork(async (deps) =>
    listIntegrations(deps.db, await operatorIn(tenant, deps), requestContext()),
  );
  const now = new Date();
  const rows = found.map((each) => [
    each.id,
    each.name,
    inOptionWords(each.usersAndGroups),
    inOptionWords(each.issues),
    inOptionWords(each.compatibility),
    stateOf(each),
    secretsOf(each, now),
  ]);
  const head = ['CLIENT ID', 'NAME', 'USERS AND GROUPS', 'ISSUES', 'COMPATIBILITY', 'STATE', 'SECRETS'];
  print(json, found.map(listed), found.length === 0 ? 'No app integrations yet.' : table([head, ...rows]));
}

function listed({ id, usersAndGroups, issues, compatibility, ...rest }: ListedIntegration) {
  return {
    clientId: id,
    ...rest,
    usersAndGroups: inOptionWords(usersAndGroups),
    issues: inOptionWords(issues),
    compatibility: inOptionWords(compatibility),
  };
}

/** As it is said on the command line: `READ_ONLY` is `read-only`. */
const inOptionWords = (value: string): string => value.toLowerCase().replaceAll('_', '-');

function stateOf({ revokedAt, disabledAt }: ListedIntegration): string {
  if (revokedAt) return 'revoked';
  return disabledAt ? 'disabled' : 'enabled';
}

function secretsOf({ secrets }: ListedIntegration, now: Date): string {
  const live = secrets.filter(({ revokedAt, expiresAt }) => !revokedAt && expiresAt > now);
  if (live.length === 0) return 'none live';
  return live.map(({ id, expiresAt }) => `${id} until ${expiresAt.toISOString().slice(0, 10)}`).join(', ');
}
