// What options of the simulator may be, as commander's parsers: what does not fit is wrong usage.
import { InvalidArgumentError } from 'commander';
import { LOCALES, type Locale } from '../../simulator/organisation/organisation.js';

/** A whole number from `least` to `most`. */
export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(number >= least && number <= most)) throw new InvalidArgumentError(`From ${least} to ${most}.`);
    return number;
  };

/** `1%`, `0.2 %`, `0.01`: a share from 0 to 1. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(%?)$/.exec(text);
  const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : NaN;
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('A share such as 2% or 0.02, at most 100%.');
  return value;
}

/** `nl,de,en`. */
export function locales(text: string): readonly Locale[] {
  const names = text.split(',').map((name) => LOCALES.find((locale) => locale === name.trim()));
  if (names.includes(undefined)) throw new InvalidArgumentError(`Some of ${LOCALES.join(', ')}, with commas.`);
  return names.flatMap((name) => name ?? []);
}
