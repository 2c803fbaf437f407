// People made in SpeakUp itself: what an administrator, or a line of a file, says of one becomes values of attributes. The
// identity provider's people are edited at their source.
import { fold } from '../../attribute/attributeType.js';
import { type Values } from '../../attribute/change.js';
import { Refusal } from '../../refusal.js';
import { FieldRefusal, fieldText, requiredFieldText } from '../fieldRefusal.js';
import { type ReadScope, type WriteScope } from '../scope.js';
import { chosenEmail, isAddress, matchKeys, soughtKeys } from './matching.js';
import { peopleByKeys } from './peopleByKeys.js';
import { provisionUser } from './provisionUser.js';
import { type UserRow } from './userRow.js';
import { lockUser } from './users.js';

/** Texts of a person, each with the path of its attribute. */
export const LOCAL_TEXTS = {
  displayName: 'displayName',
  title: 'title',
  userType: 'userType',
  preferredLanguage: 'preferredLanguage',
  employeeNumber: 'employeeNumber',
  costCenter: 'costCenter',
  division: 'division',
  department: 'department',
} as const;
export const LOCAL_NAMES = { givenName: 'name.givenName', familyName: 'name.familyName' } as const;

type Text = 'userName' | 'email' | keyof typeof LOCAL_TEXTS | keyof typeof LOCAL_NAMES;

/** What is said of a person. Null and blank are unassigned; what is absent is not spoken of. */
export type LocalInput = { readonly [Name in Text]?: string | null } & {
  readonly active?: boolean | null;
  readonly protected?: boolean | null;
};

/** The values of a new person. Refuses with FieldRefusals. */
export const valuesOfNew = (input: LocalInput): Values => ({
  ...valuesOf(undefined, input),
  userName: requiredFieldText('userName', input.userName),
  active: input.active ?? true,
});

/** The values that an input changes of a person. Refuses with FieldRefusals. */
export const valuesOfChange = (current: UserRow, input: LocalInput): Values => ({
  ...valuesOf(current, input),
  ...(input.userName === undefined ? {} : { userName: requiredFieldText('userName', input.userName) }),
});

/** Makes a person of origin SPEAKUP. Refuses by field with TAKEN what somebody has. */
export async function makeLocalUser(scope: WriteScope, values: Values): Promise<() => Promise<UserRow>> {
  await refuseTaken(scope, values);
  const { user, how, saved } = await provisionUser(scope, values, 'SPEAKUP');
  // Somebody else made the same person in this moment.
  if (how === 'ADOPTED') throw new Refusal('uniqueness', `"${user.userName}" is in the directory already.`);
  return async () => ({ ...user, ...(await saved)[0] });
}

/** A person made in SpeakUp, locked. Refuses with `notFound`, and with `managedByScim` the identity provider's people. */
export async function lockLocalUser(scope: WriteScope, id: string): Promise<UserRow> {
  const user = await lockUser(scope, id);
  if (user.origin === 'SPEAKUP') return user;
  throw new Refusal('managedByScim', `"${user.userName}" is managed by the identity provider: edit the person there.`);
}

/**
 * Refuses by field with TAKEN what somebody else has: userName and e-mail address are compared crosswise, as when the
 * identity provider's people are matched.
 */
export async function refuseTaken(scope: ReadScope, values: Values, except?: string): Promise<void> {
  const keys = matchKeys(values);
  const found = await peopleByKeys(scope, soughtKeys(keys));
  const other = found.find(({ id }) => id !== except);
  if (!other) return;
  const byName = [fold(other.userName), other.matchEmailKey].includes(keys.userName);
  const [field, value] = byName ? ['userName', keys.userName] : ['email', keys.email];
  throw new FieldRefusal('TAKEN', [field], takenBy(value));
}

/** What is said of a userName or an e-mail address that somebody has. */
export const takenBy = (value: string | null): string => `"${value}" belongs to somebody of this tenant already.`;

function valuesOf(current: UserRow | undefined, input: LocalInput): Values {
  const texts = (Object.keys(LOCAL_TEXTS) as (keyof typeof LOCAL_TEXTS)[])
    .filter((name) => input[name] !== undefined)
    .map((name) => [name, fieldText(name, input[name])] as const);
  return {
    ...Object.fromEntries(texts),
    ...nameOf(current, input),
    ...emailsOf(current, input),
    ...(typeof input.protected === 'boolean' ? { protected: input.protected } : {}),
  };
}

function nameOf(current: UserRow | undefined, input: LocalInput): Values {
  const given = (Object.keys(LOCAL_NAMES) as (keyof typeof LOCAL_NAMES)[]).filter((name) => input[name] !== undefined);
  if (given.length === 0) return {};
  const before = (current?.name ?? {}) as Readonly<Record<string, string>>;
  const after = { ...before, ...Object.fromEntries(given.map((name) => [name, fieldText(name, input[name])])) };
  const name = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null));
  return { name: Object.keys(name).length > 0 ? name : null };
}

/** The address takes the place of the one the person is matched by; no address removes all of them. */
function emailsOf(current: UserRow | undefined, { email: given }: LocalInput): Values {
  if (given === undefined) return {};
  const email = fieldText('email', given);
  if (email === null) return { emails: null };
  if (!isAddress(email)) throw new FieldRefusal('INVALID', ['email'], `"${email}" is no e-mail address.`);
  const emails = current?.emails ?? [];
  const chosen = chosenEmail(emails);
  if (!chosen) return { emails: [{ value: email, type: 'work', primary: true }] };
  return { emails: emails.map((one) => (one === chosen ? { ...one, value: email } : one)) };
}
