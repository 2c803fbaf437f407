// brake show, release, reject, configure: the deactivation brake of a tenant.
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  BOUNDS,
  type Brake,
  brakeOf,
  type BrakeSettings,
  configureBrake,
  rejectBrake,
  releaseBrake,
  releasedUntil,
} from '../directory/brake/brake.js';
import { requestContext, writeIn, type WriteScope } from '../directory/scope.js';
import { atWork, operatorIn } from './atWork.js';
import { jsonOption, tenantOption } from './options.js';
import { print } from './print.js';

interface Options {
  readonly tenant: string;
  readonly json?: boolean;
}

interface Settings extends Options {
  readonly share?: number;
  readonly least?: number;
  readonly minutes?: number;
  readonly on?: boolean;
  readonly off?: boolean;
}

/** Adds the commands. */
export function brakeCommands(parent: Command): void {
  const command = (name: string, description: string) =>
    parent.command(name).description(description).addOption(tenantOption()).addOption(jsonOption());
  command('show', 'Shows the state of the brake, its settings, and how many people it holds.').action(
    (options: Options) => withBrake(options, () => Promise.resolve()),
  );
  command('release', 'Lets deactivations and deletions by provisioning through for 24 hours.').action(
    (options: Options) => withBrake(options, releaseBrake),
  );
  command('reject', 'Goes on refusing the deactivations that are held: they are a mistake.').action(
    (options: Options) => withBrake(options, rejectBrake),
  );
  command('configure', 'Changes the settings; what is not given stays.')
    .addOption(whole('--share <percent>', 'the share of managed people', BOUNDS.sharePercent))
    .addOption(whole('--least <people>', 'so many people are always let through', BOUNDS.leastPeople))
    .addOption(whole('--minutes <minutes>', 'within how many minutes is counted', BOUNDS.windowMinutes))
    .addOption(new Option('--on', 'watch').conflicts('off'))
    .addOption(new Option('--off', 'let everything through'))
    .action((options: Settings) => withBrake(options, (scope) => configureBrake(scope, settingsOf(options))));
}

const whole = (flags: string, description: string, [least, most]: readonly [number, number]) =>
  new Option(flags, `${description}: ${least} to ${most}`).argParser((text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  });

function settingsOf({ share, least, minutes, on, off }: Settings): Partial<BrakeSettings> {
  return {
    ...(share === undefined ? {} : { sharePercent: share }),
    ...(least === undefined ? {} : { leastPeople: least }),
    ...(minutes === undefined ? {} : { windowMinutes: minutes }),
    ...(on ? { enabled: true } : {}),
    ...(off ? { enabled: false } : {}),
  };
}

/** Does something to the brake of a tenant, and prints how it is then. */
async function withBrake({ tenant, json }: Options, work: (scope: WriteScope) => Promise<void>): Promise<void> {
  const brake = await atWork(async (deps) =>
    writeIn(deps.db, await operatorIn(tenant, deps), requestContext(), async (scope) => {
      await work(scope);
      const now = await brakeOf(scope);
      return () => now;
    }),
  );
  const shown = { slug: tenant, ...brake, releasedUntil: releasedUntil(brake) };
  print(json, shown, inWords(tenant, brake));
}

function inWords(tenant: string, brake: Brake): string {
  const { sharePercent, leastPeople, windowMinutes, held, pulledAt, pulledCount, pulledBase } = brake;
  const pulled =
    pulledAt === null
      ? []
      : [
          `Last pulled ${moment(pulledAt)}: ${pulledCount} of ${pulledBase} managed people had been deactivated or deleted.`,
        ];
  return [
    `Deactivation brake of tenant ${tenant}: ${stateInWords(brake)}.`,
    `It lets ${sharePercent} % of the managed people through within ${windowMinutes} minutes, and ${leastPeople} people in any case.`,
    ...pulled,
    `People held: ${held}.`,
  ].join('\n');
}

function stateInWords(brake: Brake): string {
  switch (brake.state) {
    case 'OFF':
      return 'off';
    case 'WATCHING':
      return 'watching';
    case 'PULLED':
      return 'pulled, deactivations are refused until somebody decides (brake release, brake reject)';
    case 'RELEASED':
      return `released until ${moment(releasedUntil(brake) ?? '')}`;
    case 'REJECTED':
      return 'rejected, deactivations are refused';
  }
}

const moment = (at: string | Date): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
