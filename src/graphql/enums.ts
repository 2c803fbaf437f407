// The closed lists of words, each word described.
import { registerEnumType } from 'type-graphql';

export const UserStatus = words('UserStatus', 'Whether a person takes part.', {
  ACTIVE: 'Takes part.',
  DEACTIVATED: 'May not use SpeakUp; everything about the person is kept.',
  DELETED: 'Deleted by the identity provider; kept for audit and shown only to administrators who ask.',
});

export const Origin = words('Origin', 'Who manages a person or group.', {
  SCIM: 'The identity provider. Edited there, not here.',
  SPEAKUP: 'SpeakUp.',
});

export const Direction = words('OrderDirection', 'Which way a list is sorted.', {
  ASC: 'Smallest first; whoever has no value is last.',
  DESC: 'Largest first; whoever has no value is first.',
});

export const RoleName = words('Role', 'What a caller may do.', {
  FRONTEND: 'Read people and groups.',
  ANALYST: 'Read people and groups, for reports. The role of every app integration.',
  ADMIN: 'Everything, app integrations too.',
});

export const CallerKind = words('CallerKind', 'Who is calling.', {
  PERSON: 'A person, signed in to SpeakUp.',
  APP_INTEGRATION: 'A program, with the token of an app integration.',
});

export const UsersAndGroupsLevel = words(
  'UsersAndGroupsAccess',
  'What an app integration may do with people and groups.',
  {
    NONE: 'Nothing.',
    READ_ONLY: 'Read them.',
    FULL: 'Read and write them by SCIM.',
  },
);

export const IssuesLevel = words('IssuesAccess', 'What an app integration may do with issues.', {
  NONE: 'Nothing.',
  ACCESS: 'Use them.',
});

export const Compatibility = words('CompatibilityProfile', "How an app integration's SCIM requests are read.", {
  ENTRA: 'With the habits of Microsoft Entra ID.',
  RFC: 'Strictly as RFC 7644 has it.',
});

export const UserErrorCode = words('UserErrorCode', 'What is wrong with an input.', {
  BLANK: 'A value is needed.',
  INVALID: 'The value cannot be used.',
  TAKEN: 'Somebody or something else has this value.',
  NOT_FOUND: 'What the value names does not exist.',
  MANAGED_BY_SCIM: 'The identity provider manages this record: edit it there.',
  NOT_NOW: 'Something else has to be done first; the message says what.',
});

export const IntegrationState = words('AppIntegrationState', 'Whether an app integration may come in.', {
  ENABLED: 'It may.',
  DISABLED: 'It may not, until it is enabled again. Its secrets are kept.',
  REVOKED: 'It may not, for good.',
});

export const SecretState = words('ClientSecretState', 'Whether a Client Secret works.', {
  LIVE: 'It works.',
  EXPIRED: 'Its time is over.',
  REVOKED: 'It was ended.',
});

export const SignInRefusal = words('SignInRefusal', 'Why a person may not sign in.', {
  LOCKED: 'An administrator of SpeakUp locked the person, whatever the identity provider says.',
  DEACTIVATED: 'The person is deactivated.',
  DELETED: 'The person was deleted.',
  UNKNOWN: 'Nobody of this tenant fits.',
});

export const AdoptionOutcome = words('AdoptionOutcome', 'What becomes of a person the identity provider sends.', {
  NEW: 'Somebody new.',
  ADOPTED: 'A person made in SpeakUp is taken over.',
  REVIVED: 'Somebody who was deleted comes back.',
  MANAGED: 'Refused: somebody whom the identity provider manages already has the userName or e-mail address.',
  AMBIGUOUS: 'Refused: two different people made in SpeakUp match.',
  PROTECTED: 'Refused: the person made in SpeakUp is protected.',
});

export const MatchedBy = words('MatchedBy', 'By what a person made in SpeakUp was found.', {
  USER_NAME: 'The userName.',
  EMAIL: 'The e-mail address, or one of the two as the other.',
});

/** Registers an enumeration; the values are their own names. */
export function words<Name extends string>(name: string, description: string, values: Readonly<Record<Name, string>>) {
  const names = Object.keys(values) as Name[];
  const list = Object.fromEntries(names.map((one) => [one, one])) as { readonly [One in Name]: One };
  const valuesConfig = Object.fromEntries(names.map((one) => [one, { description: values[one] }])) as Record<
    Name,
    { description: string }
  >;
  registerEnumType(list, { name, description, valuesConfig });
  return list;
}
