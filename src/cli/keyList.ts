// key list: the keys that sign access tokens, and what each is good for.
import { type Command } from 'commander';
import { type KeyState, listSigningKeys } from '../access/keyRotation.js';
import { atWork } from './atWork.js';
import { jsonOption } from './options.js';
import { print, table } from './print.js';

const MEANS = {
  NEXT: 'published, signs later',
  SIGNING: 'signs',
  VERIFYING: 'signs no more, its tokens are good',
  ENDED: 'its time is over',
  RETIRED: 'retired',
} satisfies Record<KeyState, string>;

/** Adds the command. */
export function keyList(parent: Command): void {
  parent
    .command('list')
    .description('Lists the signing keys, old ones too. Private halves are never shown.')
    .addOption(jsonOption())
    .action(list);
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const keys = await atWork(({ db }) => listSigningKeys(db.pool, new Date()));
  const minute = (moment: Date | null) => moment?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
  const rows = keys.map((key) => [key.kid, MEANS[key.state], minute(key.signsFrom), minute(key.verifiesUntil)]);
  print(json, keys, table([['KEY', 'STATE', 'SIGNS FROM (UTC)', 'GOOD UNTIL (UTC)'], ...rows]));
}
