// integration federation list: which external subjects stand for an app integration.
import { type Command } from 'commander';
import { listFederatedCredentials } from '../directory/integration/federatedCredentials.js';
import { requestContext } from '../directory/scope.js';
import { atWork, operatorOf } from './atWork.js';
import { clientOption, jsonOption } from './options.js';
import { print, table } from './print.js';

/** Adds the command. */
export function federationList(parent: Command): void {
  parent
    .command('list')
    .description('Lists the federated credentials of an app integration.')
    .addOption(clientOption())
    .addOption(jsonOption())
    .action(list);
}

async function list({ clientId, json }: { readonly clientId: string; readonly json?: boolean }): Promise<void> {
  const credentials = await atWork(async (deps) =>
    listFederatedCredentials(deps.db, await operatorOf(clientId, deps), requestContext(), clientId),
  );
  const shown = credentials.map(({ id, use, issuer, subject, audience }) => ({
    credentialId: id,
    as: use.toLowerCase().replaceAll('_', '-'),
    issuer,
    subject,
    ...(audience === null ? {} : { audience }),
  }));
  const rows = shown.map(({ credentialId, as, issuer, subject, audience = '-' }) => [
    credentialId,
    as,
    issuer,
    subject,
    audience,
  ]);
  const head = ['CREDENTIAL ID', 'AS', 'ISSUER', 'SUBJECT', 'AUDIENCE'];
  print(json, shown, rows.length === 0 ? 'No federated credentials.' : table([head, ...rows]));
}
