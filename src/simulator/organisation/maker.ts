// Makes people up: names, addresses and telephone numbers by faker, the same for the same seed.
import { type Faker } from '@faker-js/faker';
import { type Random, randomFrom } from '../random.js';
import { type Locale, type Organisation, type Person } from './organisation.js';

/** Where people work. */
export interface Office {
  readonly name: string;
  readonly locale: Locale;
  readonly streetAddress: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
}

export interface Maker {
  readonly domain: string;
  readonly random: Random;
  readonly offices: readonly Office[];
  fakerOf(locale: Locale): Faker;
  /** The name itself, or with a number where somebody has it. */
  unusedName(name: string): string;
}

/** A language is loaded when it is asked for: all of them together are big. */
const LOADERS: Readonly<Record<Locale, () => Promise<{ readonly faker: Faker }>>> = {
  nl: () => import('@faker-js/faker/locale/nl'),
  de: () => import('@faker-js/faker/locale/de'),
  en: () => import('@faker-js/faker/locale/en_GB'),
  fr: () => import('@faker-js/faker/locale/fr'),
  pl: () => import('@faker-js/faker/locale/pl'),
};

const COUNTRIES: Readonly<Record<Locale, string>> = { nl: 'NL', de: 'DE', en: 'GB', fr: 'FR', pl: 'PL' };

/**
 * Makers of an organisation: the n-th is the same each time, and its offices are those of the others. Nobody gets the
 * name of somebody in it, nor of who was in it before.
 */
export async function openMakers(
  organisation: Omit<Organisation, 'groups'>,
  former: readonly Person[] = [],
): Promise<(n: number) => Maker> {
  const { seed, locales, domain, people } = organisation;
  const fakers = new Map<Locale, Faker>();
  for (const locale of locales) fakers.set(locale, (await LOADERS[locale]()).faker);
  const fakerOf = (locale: Locale) => {
    const faker = fakers.get(locale);
    if (!faker) throw new Error(`The organisation has no people of the language ${locale}`);
    return faker;
  };
  const start = (n: number) => locales.forEach((locale) => fakerOf(locale).seed(seed * 1000 + n));
  start(0);
  const offices = drawOffices(locales, fakerOf);
  const taken = new Set([...people.values(), ...former].flatMap(namesOf));
  return (n) => {
    start(n);
    return { domain, random: randomFrom(seed, n), offices, fakerOf, unusedName: (name) => unused(name, taken) };
  };
}

const namesOf = ({ mailNickname, userPrincipalName }: Person): readonly string[] => [
  mailNickname,
  userPrincipalName.split('@')[0] ?? '',
];

/** Five per language. */
const drawOffices = (locales: readonly Locale[], fakerOf: (locale: Locale) => Faker): readonly Office[] =>
  locales.flatMap((locale) =>
    Array.from({ length: 5 }, (_, n): Office => {
      const { location } = fakerOf(locale);
      const city = location.city();
      return {
        name: `${city} ${'ABCDE'[n] ?? ''}`,
        locale,
        streetAddress: location.streetAddress(),
        city,
        state: location.state(),
        postalCode: location.zipCode(),
        country: COUNTRIES[locale],
      };
    }),
  );

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name}${n}`;
  taken.add(free);
  return free;
}
