// integration rotate: a second secret, so that the old one can be replaced without a break.
import { type Command } from 'commander';
import { rotateSecret } from '../directory/integration/integrations.js';
import { requestContext } from '../directory/scope.js';
import { atWork, operatorOf } from './atWork.js';
import { clientOption, jsonOption, secretYearsOption } from './options.js';
import { credentialsInWords, credentialsOf, print } from './print.js';

interface Options {
  readonly clientId: string;
  readonly revokeOthers?: boolean;
  readonly secretYears: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function integrationRotate(parent: Command): void {
  parent
    .command('rotate')
    .description('Adds a client secret; the old one goes on working. Two may live at once. Tokens are not ended.')
    .addOption(clientOption())
    .option('--revoke-others', 'end the old secrets at once')
    .addOption(secretYearsOption())
    .addOption(jsonOption())
    .action(rotate);
}

async function rotate({ clientId, revokeOthers, secretYears, json }: Options): Promise<void> {
  const { secret, publicUrl } = await atWork(async (deps) => {
    const actor = await operatorOf(clientId, deps);
    const choice = { revokeOthers, secretYears: Number(secretYears) };
    const secret = await rotateSecret(deps.db, actor, requestContext(), clientId, choice);
    return { secret, publicUrl: deps.publicUrl };
  });
  const shown = credentialsOf(secret, publicUrl);
  const old = revokeOthers ? 'The old secrets have ended' : 'The old secret goes on working until it is revoked';
  print(json, shown, `A new client secret. ${old}.\n\n${credentialsInWords(shown, secret)}`);
}
