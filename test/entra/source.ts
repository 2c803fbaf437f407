// What an Entra ID tenant knows: people, managers, groups. Small and the same for the same seed.

export interface Person {
  readonly objectId: string;
  userPrincipalName: string;
  mail: string;
  displayName: string;
  givenName: string;
  surname: string;
  jobTitle: string;
  department: string;
  employeeId: string;
  telephoneNumber: string;
  preferredLanguage: string;
  enabled: boolean;
  /** objectId of the manager. */
  manager: string | undefined;
}

export interface SourceGroup {
  readonly objectId: string;
  displayName: string;
  readonly members: Set<string>;
}

export interface Source {
  readonly people: Map<string, Person>;
  readonly groups: Map<string, SourceGroup>;
}

const GIVEN = ['Mara', 'Jürgen', 'Zoë', 'Seán', 'Ümit', 'Łukasz', 'Aïcha', 'Bram', 'Øyvind', 'Noor'];
const SURNAMES = [
  'de Vos',
  "O'Neil",
  'Müller',
  'van den Berg',
  'Çelik',
  'Kowalski',
  'Ångström',
  'Jansen',
  'Ng',
  'Peeters',
];
const DEPARTMENTS = ['Inkoop', 'Verkoop', 'R&D', 'Finance, Legal & Risk', 'Productie'];

/** People 0 to count-1; four of five report to somebody before them. */
export function aSource(count: number, groupCount: number, domain: string): Source {
  const source: Source = { people: new Map(), groups: new Map() };
  for (let n = 0; n < count; n += 1) join(source, n, domain);
  for (let g = 0; g < groupCount; g += 1) {
    const members = [...source.people.keys()].filter((_, n) => (n * 7 + g) % groupCount < 2);
    const objectId = `00000000-0000-4000-9000-${String(g).padStart(12, '0')}`;
    source.groups.set(objectId, { objectId, displayName: `Team ${g} “Noord”`, members: new Set(members) });
  }
  return source;
}

/** A new person, number `n`. */
export function join({ people }: Source, n: number, domain: string): Person {
  const given = pick(GIVEN, n);
  const surname = pick(SURNAMES, Math.floor(n / GIVEN.length) + n);
  const name = `p${n}.${given}`.normalize('NFD').replace(/[^\w.]/g, '');
  const person: Person = {
    objectId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    userPrincipalName: `${name}@${domain}`,
    mail: `${name.toLowerCase()}@mail.${domain}`,
    displayName: `${given} ${surname} ${n}`,
    givenName: given,
    surname,
    jobTitle: `Functie ${n % 12}`,
    department: pick(DEPARTMENTS, n),
    employeeId: String(70000 + n),
    telephoneNumber: `+31 15 555 ${String(n).padStart(4, '0')}`,
    preferredLanguage: pick(['nl-NL', 'de-DE', 'en-GB'], n),
    enabled: true,
    manager:
      n > 0 && n % 5 !== 0 ? `00000000-0000-4000-8000-${String(Math.floor(n / 6)).padStart(12, '0')}` : undefined,
  };
  people.set(person.objectId, person);
  return person;
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
