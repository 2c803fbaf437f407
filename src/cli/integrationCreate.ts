// integration create: a new OAuth client of a tenant, with its first secret.
import { type Command, Option } from 'commander';
import { createIntegration } from '../directory/integration/integrations.js';
import { requestContext } from '../directory/scope.js';
import { openTenant } from '../directory/tenant/tenants.js';
import { systemActor } from '../directory/unitOfWork.js';
import { atWork } from './atWork.js';
import { jsonOption, secretYearsOption, tenantOption } from './options.js';
import { credentialsInWords, credentialsOf, print } from './print.js';

interface Options {
  readonly tenant: string;
  readonly name: string;
  readonly usersAndGroups: keyof typeof LEVELS;
  readonly issues: keyof typeof ISSUES;
  readonly compatibility: keyof typeof PROFILES;
  readonly secretYears: string;
  readonly json?: boolean;
}

export const LEVELS = { full: 'FULL', 'read-only': 'READ_ONLY', none: 'NONE' } as const;
const ISSUES = { access: 'ACCESS', none: 'NONE' } as const;
const PROFILES = { entra: 'ENTRA', rfc: 'RFC' } as const;

/** Adds the command. */
export function integrationCreate(parent: Command): void {
  const level = new Option('--users-and-groups <level>', 'access to users and groups').choices(Object.keys(LEVELS));
  const issues = new Option('--issues <level>', 'access to issues').choices(Object.keys(ISSUES)).default('none');
  const profile = new Option('--compatibility <profile>', "how requests are read: with Entra ID's habits, or strictly");
  parent
    .command('create')
    .description('Makes an app integration, and the tenant if need be. Shows the client secret this once.')
    .addOption(tenantOption())
    .requiredOption('--name <name>', 'what administrators call it')
    .addOption(level.makeOptionMandatory())
    .addOption(issues)
    .addOption(profile.choices(Object.keys(PROFILES)).default('entra'))
    .addOption(secretYearsOption())
    .addOption(jsonOption())
    .action(create);
}

async function create(options: Options): Promise<void> {
  const request = requestContext();
  const { secret, publicUrl } = await atWork(async ({ db, publicUrl }) => {
    const { tenant } = await openTenant(db, options.tenant, request);
    const secret = await createIntegration(db, systemActor(tenant.id, tenant.slug), request, {
      name: options.name,
      usersAndGroups: LEVELS[options.usersAndGroups],
      issues: ISSUES[options.issues],
      compatibility: PROFILES[options.compatibility],
      secretYears: Number(options.secretYears),
    });
    return { secret, publicUrl };
  });
  const shown = credentialsOf(secret, publicUrl);
  const words = `App integration "${options.name}" of tenant ${options.tenant}:\n\n${credentialsInWords(shown, secret)}`;
  print(options.json, shown, words);
}
