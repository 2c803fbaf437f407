// Entra's default attribute mapping of a SCIM app, and the four attributes that SpeakUp's guide has an administrator add.
import { isEnabled, type Person } from '../organisation/organisation.js';
import { type Json } from '../wire/scimClient.js';
import { ENTERPRISE, placeOf, readAt } from './paths.js';

export type Value = string | boolean;

interface Mapping {
  /** The target, as it stands in the portal and in PATCH. */
  readonly path: string;
  readonly place: ReturnType<typeof placeOf>;
  /** Undefined: nothing is sent; Entra provisions no nulls. */
  readonly source: (person: Person) => Value | undefined;
}

const mapped = (path: string, source: Mapping['source']): Mapping => ({ path, place: placeOf(path), source });

export const MAPPINGS: readonly Mapping[] = [
  // Entra leaves out the mark of a guest.
  mapped('userName', ({ userPrincipalName }) => userPrincipalName.replace('#EXT#', '')),
  mapped('active', isEnabled),
  mapped('displayName', ({ displayName }) => displayName),
  mapped('title', ({ jobTitle }) => jobTitle),
  mapped('emails[type eq "work"].value', ({ mail }) => mail),
  mapped('preferredLanguage', ({ preferredLanguage }) => preferredLanguage),
  mapped('name.givenName', ({ givenName }) => givenName),
  mapped('name.familyName', ({ surname }) => surname),
  mapped('name.formatted', ({ givenName, surname }) => `${givenName} ${surname}`),
  mapped('addresses[type eq "work"].formatted', ({ physicalDeliveryOfficeName }) => physicalDeliveryOfficeName),
  mapped('addresses[type eq "work"].streetAddress', ({ streetAddress }) => streetAddress),
  mapped('addresses[type eq "work"].locality', ({ city }) => city),
  mapped('addresses[type eq "work"].region', ({ state }) => state),
  mapped('addresses[type eq "work"].postalCode', ({ postalCode }) => postalCode),
  mapped('addresses[type eq "work"].country', ({ country }) => country),
  mapped('phoneNumbers[type eq "work"].value', ({ telephoneNumber }) => telephoneNumber),
  mapped('phoneNumbers[type eq "mobile"].value', ({ mobile }) => mobile),
  mapped('phoneNumbers[type eq "fax"].value', ({ facsimileTelephoneNumber }) => facsimileTelephoneNumber),
  mapped('externalId', ({ mailNickname }) => mailNickname),
  mapped('userType', ({ employeeType }) => employeeType),
  mapped(`${ENTERPRISE}:employeeNumber`, ({ employeeId }) => employeeId),
  mapped(`${ENTERPRISE}:department`, ({ department }) => department),
  mapped(`${ENTERPRISE}:division`, ({ division }) => division),
  mapped(`${ENTERPRISE}:costCenter`, ({ costCenter }) => costCenter),
];

/** The reference, which is provisioned after everybody. */
export const MANAGER = `${ENTERPRISE}:manager`;

/** Attributes that people can be matched by; each is asked for by itself. */
export const MATCHING = {
  userName: 'userName',
  email: 'emails[type eq "work"].value',
  externalId: 'externalId',
} as const;
export type Matching = keyof typeof MATCHING;

/** What the mapping makes of a person, by path. */
export const mappedValues = (person: Person): ReadonlyMap<string, Value> =>
  new Map(
    MAPPINGS.flatMap(({ path, source }): [string, Value][] => {
      const value = source(person);
      return value === undefined ? [] : [[path, value]];
    }),
  );

/** What a resource has of it, by path. */
export const shownValues = (resource: Json): ReadonlyMap<string, unknown> =>
  new Map(
    MAPPINGS.flatMap(({ path, place }): [string, unknown][] => {
      const value = readAt(resource, place);
      return value === undefined ? [] : [[path, value]];
    }),
  );

/** `{"manager": {"value": "id"}}` below the URN; the id alone where a server shows that. */
export function shownManager(resource: Json): string | undefined {
  const manager = readAt(resource, placeOf(MANAGER));
  const value = typeof manager === 'object' && manager !== null ? (manager as Json).value : manager;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
