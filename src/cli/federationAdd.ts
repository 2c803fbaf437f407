// integration federation add: an external issuer's subject stands for an app integration, instead of a client secret.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addFederatedCredential } from '../directory/integration/federatedCredentials.js';
import { requestContext } from '../directory/scope.js';
import { Refusal } from '../refusal.js';
import { atWork, operatorOf } from './atWork.js';
import { clientOption, jsonOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly clientId: string;
  readonly as: keyof typeof USES;
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string;
  readonly json?: boolean;
}

const USES = { 'client-assertion': 'CLIENT_ASSERTION', 'access-token': 'ACCESS_TOKEN' } as const;

/** Adds the command. */
export function federationAdd(parent: Command): void {
  parent
    .command('add')
    .description("Lets an external issuer's subject stand for an app integration. docs/issuers.md explains both ways.")
    .addOption(clientOption())
    .addOption(
      new Option('--as <way>', 'exchanged at the token endpoint, or accepted as it is')
        .choices(Object.keys(USES))
        .makeOptionMandatory(),
    )
    .requiredOption('--issuer <url>', 'the "iss" of its tokens, exactly', exactText)
    .requiredOption('--subject <sub>', 'the "sub" of its tokens, exactly', exactText)
    .option('--audience <aud>', 'the "aud" of its tokens, exactly (of client assertions)', exactText)
    .addOption(jsonOption())
    .action(add);
}

async function add({ clientId, as, issuer, subject, audience, json }: Options, command: Command): Promise<void> {
  const use = USES[as];
  if ((use === 'CLIENT_ASSERTION') !== (audience !== undefined)) {
    command.error('error: give --audience with --as client-assertion, and with it only (see docs/issuers.md)');
  }
  const credential = { use, issuer, subject, audience: audience ?? null };
  const id = await atWork(async (deps) => {
    if (!deps.issuers.trusts(use, issuer)) {
      throw new Refusal(
        'invalidValue',
        `TRUSTED_ISSUERS_FILE does not trust ${issuer} for this. Add it there first (docs/issuers.md), for the server and for this command.`,
      );
    }
    return addFederatedCredential(deps.db, await operatorOf(clientId, deps), requestContext(), clientId, credential);
  });
  print(json, { credentialId: id, clientId, as, issuer, subject, audience }, `Added federated credential ${id}.`);
}

function exactText(text: string): string {
  if (text === '' || text !== text.trim() || text.length > 600) {
    throw new InvalidArgumentError('It is a text of 600 characters at most, without spaces around it.');
  }
  return text;
}
