// integration federation remove: an external subject does not stand for an app integration any more.
import { type Command, Option } from 'commander';
import { removeFederatedCredential } from '../directory/integration/federatedCredentials.js';
import { requestContext } from '../directory/scope.js';
import { atWork, operatorOf } from './atWork.js';
import { clientOption, jsonOption, uuid } from './options.js';
import { print } from './print.js';

interface Options {
  readonly clientId: string;
  readonly credentialId: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function federationRemove(parent: Command): void {
  parent
    .command('remove')
    .description('Ends a federated credential. Access tokens that were issued here for it go on for their hour.')
    .addOption(clientOption())
    .addOption(
      new Option('--credential-id <id>', 'as "integration federation list" shows it')
        .makeOptionMandatory()
        .argParser(uuid),
    )
    .addOption(jsonOption())
    .action(remove);
}

async function remove({ clientId, credentialId, json }: Options): Promise<void> {
  await atWork(async (deps) => {
    const actor = await operatorOf(clientId, deps);
    await removeFederatedCredential(deps.db, actor, requestContext(), clientId, credentialId);
  });
  print(json, { clientId, credentialId, removed: true }, `Federated credential ${credentialId} is removed.`);
}
