// What a group is to the protocol: RFC 7643 section 4.2, with people as its only members.
import { type InferEntity } from '@mikro-orm/core';
import { type Schema, attributesOf, edge, part } from '../../attribute/attribute.js';
import { type Group } from './Group.js';

const { text } = attributesOf<InferEntity<typeof Group>>();

export const coreGroup: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'A group of people.',
  attributes: [
    text('displayName', 'displayName', 'The name of the group. Unique in the tenant, whatever the case.', {
      required: true,
      uniqueness: 'server',
      key: 'displayNameKey',
    }),
    edge('members', 'members', 'The people in the group. Groups do not nest.', [
      part('value', 'The id of the person.', { mutability: 'immutable', caseExact: true }),
      part('$ref', 'The address of the person.', {
        type: 'reference',
        mutability: 'immutable',
        referenceTypes: ['User'],
      }),
      part('type', 'Always User.', { mutability: 'immutable', canonicalValues: ['User'] }),
      part('display', 'The name of the person.', { mutability: 'readOnly' }),
    ]),
  ],
};
