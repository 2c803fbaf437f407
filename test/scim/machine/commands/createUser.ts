// POST /Users: somebody new, somebody whose name or address is taken, who is adopted, who comes back, or who has no
// address at all.
import fc from 'fast-check';
import { type Machine, ask, tenantOf } from '../ask.js';
import { type Draft, draft, givenFrom, userBody } from '../bodies.js';
import { type Kind, type Where, at, kindOf, writing } from '../command.js';
import { type Given, type Person, assigned, deletedOnes, matchEmail, profileOf, visible } from '../model.js';
import { createPerson } from '../people.js';
import { makeLocalUser } from './local.js';

const post = (machine: Machine, { which, caller }: Where, given: Given) =>
  ask(machine, { which, caller, method: 'POST', path: '/Users', body: userBody(given, caller) }, (newId) =>
    createPerson(tenantOf(machine, which), profileOf(caller), given, newId),
  );

/** Creates the drawn person, made alike to one of `people`, where there is any. */
const alike = (
  name: string,
  people: (machine: Machine, where: Where) => readonly Person[],
  make: (given: Given, person: Person, how: number) => Given,
  weight = 3,
): Kind =>
  kindOf(
    name,
    writing<{ draft: Draft; at: number; how: number }>({ draft, at, how: fc.nat(3) }),
    (drawn, machine) => {
      const given = givenFrom(machine.model, drawn.which, drawn.draft);
      const list = people(machine, drawn);
      const person = list[drawn.at % Math.max(1, list.length)];
      return post(machine, drawn, assigned(person ? make(given, person, drawn.how) : given));
    },
    { weight },
  );

const here = (machine: Machine, { which }: Where) => visible(tenantOf(machine, which));
const local = (machine: Machine, where: Where) => here(machine, where).filter(({ origin }) => origin === 'SPEAKUP');
const gone = (machine: Machine, { which }: Where) => deletedOnes(tenantOf(machine, which));
const mail = (value: string) => [{ value, type: 'work' }];

export const createUser = kindOf(
  'create user',
  writing<{ draft: Draft }>({ draft }),
  (drawn, machine) => post(machine, drawn, givenFrom(machine.model, drawn.which, drawn.draft)),
  { weight: 14 },
);

export const createTakenUserName = alike('create user with a userName taken', here, (given, { attributes }) => ({
  ...given,
  userName: attributes.userName.toUpperCase(),
}));

export const createTakenEmail = alike('create user with an e-mail address taken', here, (given, { attributes }) => ({
  ...given,
  emails: mail(matchEmail(attributes)?.toUpperCase() ?? 'nobody@fabriek.example'),
}));

/** By userName, by e-mail address, or crosswise. */
export const createAdopted = alike('create user whom SpeakUp knows', local, (given, { attributes }, how) => {
  const email = matchEmail(attributes);
  if (how === 0 || email === undefined) return { ...given, userName: attributes.userName };
  if (how === 1) return { ...given, emails: mail(email) };
  return how === 2 ? { ...given, userName: email } : { ...given, emails: mail(attributes.userName) };
});

/** The userName of one and the address of another; where there are not two, they are made first. */
export const createOfTwo = kindOf(
  'create user who could be two whom SpeakUp knows',
  writing<{ draft: Draft; at: number }>({ draft, at }),
  async (drawn, machine) => {
    for (const name of ['one', 'other']) {
      if (local(machine, drawn).length >= 2) break;
      await makeLocalUser(machine, drawn.which, { userName: `${name}${drawn.at}@fabriek.example` });
    }
    const known = local(machine, drawn);
    const [one, other] = [0, 1].map((next) => known[(drawn.at + next) % Math.max(1, known.length)]?.attributes);
    const given = givenFrom(machine.model, drawn.which, drawn.draft);
    const emails = (other && mail(matchEmail(other) ?? other.userName)) ?? given.emails;
    return post(machine, drawn, assigned({ ...given, userName: one?.userName ?? given.userName, emails }));
  },
  { weight: 5 },
);

/** By the same userName with this or that externalId, or by externalId and address under another userName. */
export const createRevived = alike(
  'create user who was deleted',
  gone,
  (given, { attributes }, how) => {
    const { userName, externalId, emails } = attributes;
    if (how === 0) return { ...given, userName };
    if (how === 1) return { ...given, externalId, emails };
    return { ...given, userName: userName.toUpperCase(), externalId: how === 2 ? externalId : undefined };
  },
  12,
);

export const createWithoutEmail = kindOf(
  'create user without an e-mail address',
  writing<{ draft: Draft }>({ draft }),
  (drawn, machine) => {
    const given = givenFrom(machine.model, drawn.which, { ...drawn.draft, emails: undefined });
    return post(machine, drawn, assigned({ ...given, userName: given.userName.split('@')[0] ?? '' }));
  },
);
