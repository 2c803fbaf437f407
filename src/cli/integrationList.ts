// integration list: the app integrations of one tenant or of all, and the state of their secrets.
import { type Command } from 'commander';
import { listIntegrations } from '../directory/integration/integrations.js';
import { type ListedIntegration } from '../directory/integration/listedIntegrations.js';
import { requestContext } from '../directory/scope.js';
import { listTenants } from '../directory/tenant/tenants.js';
import { systemActor } from '../directory/unitOfWork.js';
import { type Deps } from '../deps.js';
import { atWork, operatorIn } from './atWork.js';
import { budgetInWords } from './integrationBudget.js';
import { anyTenantOption, jsonOption } from './options.js';
import { print, table } from './print.js';

/** Adds the command. */
export function integrationList(parent: Command): void {
  parent
    .command('list')
    .description('Lists app integrations, revoked ones too.')
    .addOption(anyTenantOption('only those of this tenant'))
    .addOption(jsonOption())
    .action(list);
}

async function list({ tenant, json }: { readonly tenant?: string; readonly json?: boolean }): Promise<void> {
  const found = await atWork((deps) => findIntegrations(deps, tenant));
  const now = new Date();
  const rows = found.map((each) => [
    each.tenant,
    each.id,
    each.name,
    inOptionWords(each.usersAndGroups),
    inOptionWords(each.issues),
    inOptionWords(each.compatibility),
    stateOf(each),
    each.budget ? budgetInWords(each.budget) : 'none',
    secretsOf(each, now),
  ]);
  const head = [
    'TENANT',
    'CLIENT ID',
    'NAME',
    'USERS AND GROUPS',
    'ISSUES',
    'COMPATIBILITY',
    'STATE',
    'BUDGET',
    'SECRETS',
  ];
  print(json, found.map(listed), found.length === 0 ? 'No app integrations yet.' : table([head, ...rows]));
}

type Found = ListedIntegration & { readonly tenant: string };

/** Tenant by tenant: nothing reads across the wall. */
async function findIntegrations(deps: Deps, tenant: string | undefined): Promise<readonly Found[]> {
  const actors =
    tenant === undefined
      ? (await listTenants(deps.db)).map(({ id, slug }) => systemActor(id, slug))
      : [await operatorIn(tenant, deps)];
  const found: Found[] = [];
  for (const actor of actors) {
    const integrations = await listIntegrations(deps.db, actor, requestContext());
    found.push(...integrations.map((each) => ({ ...each, tenant: actor.tenantSlug })));
  }
  return found;
}

function listed({ id, usersAndGroups, issues, compatibility, ...rest }: Found) {
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
