// integration revoke: ends an app integration and its tokens, or one of its secrets.
import { type Command, Option } from 'commander';
import { revokeIntegration, revokeSecret } from '../directory/integration/integrations.js';
import { requestContext } from '../directory/scope.js';
import { atWork, operatorOf } from './atWork.js';
import { clientOption, jsonOption, uuid } from './options.js';
import { print } from './print.js';

interface Options {
  readonly clientId: string;
  readonly secret?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function integrationRevoke(parent: Command): void {
  parent
    .command('revoke')
    .description('Ends an app integration for good, with its tokens. People and groups stay as they are.')
    .addOption(clientOption())
    .addOption(new Option('--secret <id>', 'end only this secret (see list); tokens go on').argParser(uuid))
    .addOption(jsonOption())
    .action(revoke);
}

async function revoke({ clientId, secret, json }: Options): Promise<void> {
  await atWork(async (deps) => {
    const actor = await operatorOf(clientId, deps);
    if (secret === undefined) await revokeIntegration(deps.db, actor, requestContext(), clientId);
    else await revokeSecret(deps.db, actor, requestContext(), clientId, secret);
  });
  const words = secret === undefined ? `App integration ${clientId} is revoked.` : `Secret ${secret} is revoked.`;
  print(json, { clientId, ...(secret === undefined ? {} : { secretId: secret }), revoked: true }, words);
}
