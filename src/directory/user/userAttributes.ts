// What a person is to the protocol: the User and EnterpriseUser schemas of RFC 7643 sections 4.1, 4.3 and 8.7.1, each
// attribute bound to the property of `User` that stores it. `password` is missing on purpose: it is accepted and dropped.
import { type InferEntity } from '@mikro-orm/core';
import { type Characteristics, type Schema, attributesOf, edge, part } from '../../attribute/attribute.js';
import { type User } from './User.js';

const { text, flag, reference, complex, list, link } = attributesOf<InferEntity<typeof User> & { manager: unknown }>();

/** The sub-attributes every multi-valued attribute has: RFC 7643 section 2.4. */
const multiValueParts = (
  value: string,
  types: readonly string[] = [],
  more: Characteristics & { type?: 'binary' | 'reference' } = {},
) => [
  part('value', value, more),
  part('display', 'A name for the value, for people to read.'),
  part('type', 'What the value is used for.', types.length > 0 ? { canonicalValues: types } : {}),
  part('primary', 'True for the one value to prefer.', { type: 'boolean' }),
];

export const coreUser: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'A person.',
  attributes: [
    text('userName', 'userName', 'The name the person signs in with. Unique in the tenant, whatever the case.', {
      required: true,
      uniqueness: 'server',
      key: 'userNameKey',
    }),
    complex('name', 'name', "The parts of the person's name.", [
      part('formatted', 'The whole name as it is shown.'),
      part('familyName', 'The family name, or last name.'),
      part('givenName', 'The given name, or first name.'),
      part('middleName', 'The middle names.'),
      part('honorificPrefix', 'What stands before the name, such as Dr.'),
      part('honorificSuffix', 'What stands after the name, such as III.'),
    ]),
    text('displayName', 'displayName', 'The name shown for the person.', { key: 'displayNameKey' }),
    text('nickName', 'nickName', 'What the person likes to be called.'),
    reference('profileUrl', 'profileUrl', "The address of the person's page.", { referenceTypes: ['external'] }),
    text('title', 'title', "The person's job title."),
    text('userType', 'userType', 'The relation to the organisation, such as Employee or Contractor.'),
    text('preferredLanguage', 'preferredLanguage', 'The language the person prefers, such as nl-NL.'),
    text('locale', 'locale', 'Where dates, numbers and currencies take their form from, such as en-GB.'),
    text('timezone', 'timezone', 'The time zone, such as Europe/Amsterdam.'),
    flag('active', 'active', 'False for a person who may not use SpeakUp. Everything about the person is kept.'),
    list('emails', 'emails', 'E-mail addresses.', multiValueParts('An e-mail address.', ['work', 'home', 'other']), {
      keys: 'user_email',
    }),
    list(
      'phoneNumbers',
      'phoneNumbers',
      'Telephone numbers, exactly as sent.',
      multiValueParts('A telephone number.', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    ),
    list(
      'ims',
      'ims',
      'Instant messaging addresses.',
      multiValueParts('An instant messaging address.', ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo']),
    ),
    list(
      'photos',
      'photos',
      'Addresses of pictures of the person.',
      multiValueParts('The address of a picture.', ['photo', 'thumbnail'], {
        type: 'reference',
        referenceTypes: ['external'],
      }),
    ),
    list('addresses', 'addresses', 'Postal addresses.', [
      part('formatted', 'The whole address, with line breaks.'),
      part('streetAddress', 'Street, house number and the like.'),
      part('locality', 'The city or town.'),
      part('region', 'The state, province or region.'),
      part('postalCode', 'The postal code.'),
      part('country', 'The country, as an ISO 3166-1 code or as sent.'),
      part('type', 'What the address is used for.', { canonicalValues: ['work', 'home', 'other'] }),
      part('primary', 'True for the one address to prefer.', { type: 'boolean' }),
    ]),
    edge(
      'groups',
      'groups',
      'The groups the person is a member of. Changed through the groups.',
      [
        part('value', 'The id of the group.', { mutability: 'readOnly', caseExact: true }),
        part('$ref', 'The address of the group.', {
          type: 'reference',
          mutability: 'readOnly',
          referenceTypes: ['Group'],
        }),
        part('display', 'The name of the group.', { mutability: 'readOnly' }),
        part('type', 'Always direct: groups do not nest here.', {
          mutability: 'readOnly',
          canonicalValues: ['direct'],
        }),
      ],
      { mutability: 'readOnly' },
    ),
    list(
      'entitlements',
      'entitlements',
      'What the person is entitled to. Gives no rights in SpeakUp.',
      multiValueParts('An entitlement.'),
    ),
    list(
      'roles',
      'roles',
      'Roles at the identity provider. They give no rights in SpeakUp.',
      multiValueParts('A role.'),
    ),
    list(
      'x509Certificates',
      'x509Certificates',
      'Certificates of the person.',
      multiValueParts('A certificate, DER in base64.', [], { type: 'binary' }),
    ),
  ],
};

export const enterpriseUser: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'A person as an employee.',
  attributes: [
    text('employeeNumber', 'employeeNumber', 'The number the organisation gave the person.', {
      key: 'employeeNumberKey',
    }),
    text('costCenter', 'costCenter', 'The cost centre the person is booked on.'),
    text('organization', 'organization', 'The organisation the person belongs to.'),
    text('division', 'division', 'The division the person works in.'),
    text('department', 'department', 'The department the person works in.'),
    link(
      'manager',
      { property: 'manager', id: 'managerId', received: 'managerValue', key: 'managerKey' },
      'The person this person reports to. Kept as sent, and resolved when that person arrives.',
      [
        part('value', 'The id of the manager.', { caseExact: true }),
        part('$ref', 'The address of the manager.', { type: 'reference', referenceTypes: ['User'] }),
        part('displayName', 'The name of the manager.', { mutability: 'readOnly' }),
      ],
    ),
  ],
};
