// Options of a bad line.
import { type Command } from 'commander';
import { type Chaos, NO_CHAOS } from '../../simulator/wire/chaos.js';
import { share } from './options.js';

export interface ChaosOptions {
  readonly drop?: number;
  readonly slow?: number;
  readonly duplicate?: number;
  readonly killToken?: number | true;
}

/** Where --kill-token has no share. */
export const DEAD_TOKENS = 0.005;

/** Adds the options, with these shares where none is given. */
export const withChaos = (command: Command, usual: Partial<Chaos> = {}): Command =>
  command
    .option('--drop <share>', 'requests that are cut, or lose their answer', share, usual.drop)
    .option('--slow <share>', 'requests that come late, in two parts', share, usual.slow)
    .option('--duplicate <share>', 'requests that are sent twice at the same time', share, usual.duplicate)
    .option('--kill-token [share]', 'requests whose token is no good any more', share, usual.killToken);

/** Undefined for a good line. */
export function chaosFrom({ drop, slow, duplicate, killToken }: ChaosOptions): Chaos | undefined {
  const dead = killToken === true ? DEAD_TOKENS : killToken;
  const given = { drop, slow, duplicate, killToken: dead };
  const shares = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return Object.keys(shares).length === 0 ? undefined : { ...NO_CHAOS, ...shares };
}
