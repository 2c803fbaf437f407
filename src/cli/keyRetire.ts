// key retire: a signing key that is good for nothing any more, because it has leaked or is not needed.
import { type Command } from 'commander';
import { retireSigningKey } from '../access/keyRotation.js';
import { atWork } from './atWork.js';
import { jsonOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly kid: string;
  readonly endTokens?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function keyRetire(parent: Command): void {
  parent
    .command('retire')
    .description('Ends a signing key for good. Old keys end by themselves: this is for one that has leaked.')
    .requiredOption('--kid <id>', 'the key, as `key list` names it')
    .option('--end-tokens', 'end the tokens too that it has signed: their holders have to ask for new ones')
    .addOption(jsonOption())
    .action(retire);
}

async function retire({ kid, endTokens = false, json }: Options): Promise<void> {
  const key = await atWork(({ db }) => retireSigningKey({ pool: db.pool, now: new Date() }, kid, endTokens));
  print(json, key, `The key ${kid} is retired. Every process refuses its tokens within ten seconds.`);
}
