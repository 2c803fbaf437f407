// By what one person or group is looked up: exactly one of the fields.
import { Field, ID, InputType } from 'type-graphql';
import { descriptionOf } from './describe.js';
import { groupType, userType } from '../directory/resourceTypes.js';
import { UUID } from './scalars.js';

const optional = (description: string) => ({ nullable: true, description });
const SCIM_ID = optional('The `id` of SCIM.');
const GLOBAL_ID = optional('The global id.');

@InputType({ description: 'Names one person by exactly one of these.' })
export class UserKey {
  @Field(() => ID, GLOBAL_ID)
  id?: string;

  @Field(() => UUID, SCIM_ID)
  scimId?: string;

  @Field(() => String, optional(descriptionOf(userType, 'userName')))
  userName?: string;

  @Field(() => String, optional('The e-mail address the person is matched by, in any case.'))
  email?: string;

  @Field(() => String, optional(descriptionOf(userType, 'externalId')))
  externalId?: string;

  @Field(() => String, optional(descriptionOf(userType, 'employeeNumber')))
  employeeNumber?: string;
}

@InputType({ description: 'Names one group by exactly one of these.' })
export class GroupKey {
  @Field(() => ID, GLOBAL_ID)
  id?: string;

  @Field(() => UUID, SCIM_ID)
  scimId?: string;

  @Field(() => String, optional(descriptionOf(groupType, 'displayName')))
  displayName?: string;

  @Field(() => String, optional(descriptionOf(groupType, 'externalId')))
  externalId?: string;
}
