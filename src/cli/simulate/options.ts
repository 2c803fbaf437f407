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

/** One of these words. */
export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`One of ${words.join(', ')}.`);
    return word;
  };

/** Some of these words, with commas, in this order. */
export const someOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): readonly T[] =>
    text.split(',').map((word) => oneOf(words)(word.trim()));

/** `90s`, `40m`, `6h`, `30d`, in seconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text.trim());
  const seconds = Number(match?.[1]) * (UNITS[match?.[2] as keyof typeof UNITS] ?? NaN);
  if (!(seconds > 0)) throw new InvalidArgumentError('A length of time such as 90s, 40m, 6h or 30d.');
  return seconds;
}

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `40m=2s`: so much of the organisation's time in so much of ours. */
export function speed(text: string): Speed {
  const [simulated = '', real = '', ...more] = text.split('=');
  if (more.length > 0) throw new InvalidArgumentError('Such as 40m=2s.');
  return { interval: duration(simulated) / 60, seconds: duration(real) };
}

export interface Speed {
  /** Simulated minutes from cycle to cycle. */
  readonly interval: number;
  /** How long that takes at least. */
  readonly seconds: number;
}

/** Adds a value to those before. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
