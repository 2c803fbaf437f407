// `npm run cli -- …`: the operator's commands. Results go to standard output, everything else to standard error.
import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { EXIT, failureOf } from '../exit.js';
import { backup } from './backup.js';
import { brakeCommands } from './brake.js';
import { errorForLog } from '../operation/errorForLog.js';
import { federationAdd } from './federationAdd.js';
import { federationList } from './federationList.js';
import { federationRemove } from './federationRemove.js';
import { integrationCreate } from './integrationCreate.js';
import { integrationList } from './integrationList.js';
import { integrationRevoke } from './integrationRevoke.js';
import { integrationRotate } from './integrationRotate.js';
import { keyList } from './keyList.js';
import { keyRetire } from './keyRetire.js';
import { keyRotate } from './keyRotate.js';
import { simulate } from './simulate/index.js';
import { restore } from './restore.js';
import { tenantCreate } from './tenantCreate.js';
import { tenantDelete } from './tenantDelete.js';
import { tenantExport } from './tenantExport.js';
import { tenantList } from './tenantList.js';
import { tenantProvisioning } from './tenantProvisioning.js';
import { tokenCreate } from './tokenCreate.js';
import { userImport } from './userImport.js';

const program = new Command('npm run --silent cli --')
  .description('Administers SpeakUp Directory, beside a running server or without one.')
  .exitOverride()
  .showHelpAfterError();

const integration = program.command('integration').description('App integrations: who may provision a tenant.');
integrationCreate(integration);
integrationList(integration);
integrationRotate(integration);
integrationRevoke(integration);
const federation = integration
  .command('federation')
  .description('External subjects that stand for an app integration.');
federationAdd(federation);
federationList(federation);
federationRemove(federation);
tokenCreate(program.command('token').description("People's tokens for GraphQL, while SpeakUp's sign-in is not there."));
const key = program.command('key').description('The keys that sign access tokens, of all tenants together.');
keyList(key);
keyRotate(key);
keyRetire(key);
const tenant = program.command('tenant').description('Tenants: SpeakUp customers.');
tenantCreate(tenant);
tenantList(tenant);
tenantProvisioning(tenant);
tenantExport(tenant);
tenantDelete(tenant);
brakeCommands(program.command('brake').description('The brake on mass deactivations by provisioning.'));
backup(program);
restore(program);
userImport(program.command('user').description('People made in SpeakUp itself.'));
simulate(program.command('simulate').description('An Entra ID to test against; works with any SCIM server.'));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Says what is wrong, where commander has not said it already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
  const failure = failureOf(error);
  console.error(failure?.message ?? errorForLog(error));
  return failure?.code ?? EXIT.failed;
}
