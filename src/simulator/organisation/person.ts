// One made-up person for a place in the tree. A fixed share of them is awkward, as in every real directory: guests,
// people without a mailbox, other scripts, values as long as Entra allows, accounts that are switched off.
import { type Locale, type Person } from './organisation.js';
import { type Maker, type Office } from './maker.js';
import { type Post } from './structure.js';
import { OTHER_SCRIPTS, ROLES, SENIORITIES } from './words.js';

/** One in so many of those who lead nobody is one of these. */
const AWKWARD = { guest: 33, withoutMailbox: 50, otherScript: 41, long: 97, switchedOff: 89, apostrophe: 29 } as const;
type Awkward = keyof typeof AWKWARD;

/** Numbers the awkward apart, so that one person is one thing. */
function awkwardOf(n: number, leads: boolean): Awkward | undefined {
  if (leads) return undefined;
  const names = Object.keys(AWKWARD) as Awkward[];
  return names.find((name, at) => n % AWKWARD[name] === 7 + at);
}

/** The n-th person, for a post; `manager` is an objectId. */
export function drawPerson(maker: Maker, n: number, post: Post, manager: string | undefined, leads = false): Person {
  const awkward = awkwardOf(n, leads);
  const office = maker.random.pick(maker.offices);
  const person: Person = {
    objectId: maker.random.uuid(),
    ...named(maker, office.locale, awkward),
    ...(awkward === 'guest' ? {} : employment(maker, n, post)),
    ...placed(maker, office),
    employeeType: awkward === 'guest' ? 'Guest' : maker.random.chance(0.1) ? 'Contractor' : 'Employee',
    accountEnabled: awkward !== 'switchedOff',
    ...(manager === undefined || awkward === 'guest' ? {} : { manager }),
  };
  if (awkward === 'withoutMailbox') delete person.mail;
  if (awkward === 'long') stretch(person);
  return person;
}

/** The title of a level; the head's and the leaders' say what they lead. */
export function titleOf({ level, division, department }: Post, maker: Maker): string {
  if (level === 0) return 'Chief Executive Officer';
  if (level === 1) return `Director ${division}`;
  if (level === 2) return `Head of ${department}`;
  if (level === 3) return `Teamleider ${department}`;
  return `${maker.random.pick(SENIORITIES)}${maker.random.pick(ROLES)}`;
}

type Named = Pick<
  Person,
  'userPrincipalName' | 'mail' | 'mailNickname' | 'displayName' | 'givenName' | 'surname' | 'preferredLanguage'
>;

function named(maker: Maker, locale: Locale, awkward: Awkward | undefined): Named {
  const { person } = maker.fakerOf(locale);
  const other = awkward === 'otherScript' ? maker.random.pick(OTHER_SCRIPTS) : undefined;
  const givenName = other?.given ?? person.firstName();
  const surname = other?.surname ?? (awkward === 'apostrophe' ? `O'${person.lastName()}` : person.lastName());
  const mailNickname = maker.unusedName(nicknameOf(givenName, surname));
  return {
    ...addressesOf(mailNickname, maker.domain, awkward === 'guest'),
    mailNickname,
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    preferredLanguage: `${locale}-${locale === 'en' ? 'GB' : locale.toUpperCase()}`,
  };
}

/** A guest's address is that of another company, and stands in the name Entra gives them here. */
function addressesOf(nickname: string, domain: string, guest: boolean): Pick<Person, 'userPrincipalName' | 'mail'> {
  if (!guest) return { userPrincipalName: `${nickname}@${domain}`, mail: `${nickname}@${domain}` };
  return {
    userPrincipalName: `${nickname}_partner.example#EXT#@${domain}`,
    mail: `${nickname}@partner.example`,
  };
}

/** What Entra allows in a userPrincipalName; who has no such letters is called by a word. */
export function nicknameOf(givenName: string, surname: string): string {
  const plain = (text: string) =>
    text
      .replaceAll('ß', 'ss')
      .replace(/[Łł]/g, 'l')
      .replaceAll('ı', 'i')
      .normalize('NFD')
      .replace(/[^\w'-]/g, '')
      .toLowerCase();
  return [plain(givenName) || 'user', plain(surname) || 'name'].join('.');
}

const employment = (maker: Maker, n: number, post: Post) => ({
  jobTitle: titleOf(post, maker),
  department: post.department,
  division: post.division,
  costCenter: String(4000 + (hash(post.department) % 900)),
  employeeId: String(70_000 + n),
});

function placed(maker: Maker, { name, locale, streetAddress, city, state, postalCode, country }: Office) {
  const { phone } = maker.fakerOf(locale);
  const { random } = maker;
  return {
    physicalDeliveryOfficeName: name,
    streetAddress,
    city,
    state,
    postalCode,
    country,
    ...(random.chance(0.8) ? { telephoneNumber: phone.number({ style: 'international' }) } : {}),
    ...(random.chance(0.6) ? { mobile: phone.number() } : {}),
    ...(random.chance(0.02) ? { facsimileTelephoneNumber: phone.number({ style: 'human' }) } : {}),
  };
}

/** Values of the lengths Entra allows at most. */
function stretch(person: Person): void {
  person.displayName = `${person.displayName} ${'van der Langenaam-'.repeat(20)}`.slice(0, 256);
  person.jobTitle = `${person.jobTitle ?? ''} ${'für besondere Aufgaben '.repeat(9)}`.slice(0, 128).trim();
  person.streetAddress = `${'Ångströmsvägen '.repeat(70)}1`.slice(0, 1024).trim();
}

const hash = (text: string): number => [...text].reduce((sum, one) => (sum * 31 + (one.codePointAt(0) ?? 0)) % 9973, 7);
