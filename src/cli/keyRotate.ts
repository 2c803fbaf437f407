// key rotate: the next signing key, published before it signs.
import { type Command } from 'commander';
import { rotateSigningKey } from '../access/keyRotation.js';
import { atWork } from './atWork.js';
import { jsonOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly soon?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function keyRotate(parent: Command): void {
  parent
    .command('rotate')
    .description('Makes the next signing key. It signs from the next day on; tokens of the old one stay good.')
    .option('--soon', 'let it sign in ten minutes, also one that is waiting already')
    .addOption(jsonOption())
    .action(rotate);
}

async function rotate({ soon = false, json }: Options): Promise<void> {
  const key = await atWork(({ db, masterKey }) =>
    rotateSigningKey({ pool: db.pool, masterKey, now: new Date() }, soon),
  );
  const words = `The key ${key.kid} is published, and signs from ${key.signsFrom.toISOString()} on. Nothing else is to be done: tokens of the old key stay good until they end.`;
  print(json, key, words);
}
