// A group, as GraphQL shows one.
import { Field, ID, ObjectType } from 'type-graphql';
import { groupType } from '../directory/resourceTypes.js';
import { connectionObject } from './connectionObjects.js';
import { descriptionOf } from './describe.js';
import { Origin } from './enums.js';
import { ID_DESCRIPTION, NodeObject } from './nodeObject.js';
import { DateTime, UUID } from './scalars.js';

@ObjectType('Group', {
  implements: NodeObject,
  simpleResolvers: true,
  description: 'A group of people. Groups do not nest.',
})
export class GroupObject extends NodeObject {
  @Field(() => ID, { description: ID_DESCRIPTION })
  declare id: string;

  @Field(() => UUID, { description: 'The `id` of SCIM, which Entra ID keeps as the target id.' })
  scimId!: string;

  @Field(() => String, { nullable: true, description: descriptionOf(groupType, 'externalId') })
  externalId?: string;

  @Field(() => String, { description: descriptionOf(groupType, 'displayName') })
  displayName!: string;

  @Field(() => Origin, { description: 'Who manages the group.' })
  origin!: keyof typeof Origin;

  @Field(() => DateTime, { description: 'When the group was first made.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When the group or its members last changed.' })
  updatedAt!: Date;
}

export const GroupConnection = connectionObject('Group', () => GroupObject, 'groups');
