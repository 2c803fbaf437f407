// The arguments of lists: which page, in which order, under which condition.
import { ArgsType, Field, InputType, Int } from 'type-graphql';
import { Direction, words } from './enums.js';
import { type GroupCondition, GroupWhere, type UserCondition, UserWhere } from './whereInputs.js';

const optional = (description: string) => ({ nullable: true, description });

export const UserOrderField = words('UserOrderField', 'What people can be sorted by.', {
  DISPLAY_NAME: 'The name shown.',
  USER_NAME: 'The name the person signs in with.',
  EMAIL: 'The e-mail address the person is matched by.',
  TITLE: 'The job title.',
  DEPARTMENT: 'The department.',
  DIVISION: 'The division.',
  COST_CENTER: 'The cost centre.',
  EMPLOYEE_NUMBER: 'The number the organisation gave the person, as text.',
  CREATED_AT: 'The order in which people first came into the directory.',
  UPDATED_AT: 'When an attribute of the person last changed.',
});

export const GroupOrderField = words('GroupOrderField', 'What groups can be sorted by.', {
  DISPLAY_NAME: 'The name.',
  CREATED_AT: 'The order in which groups were first made.',
  UPDATED_AT: 'When the group or its members last changed.',
});

@InputType({ description: 'An order of people. People who are equal in it are in order of creation.' })
export class UserOrder {
  @Field(() => UserOrderField, { description: 'What is sorted by.' })
  field!: keyof typeof UserOrderField;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'Which way.' })
  direction!: keyof typeof Direction;
}

@InputType({ description: 'An order of groups. Groups that are equal in it are in order of creation.' })
export class GroupOrder {
  @Field(() => GroupOrderField, { description: 'What is sorted by.' })
  field!: keyof typeof GroupOrderField;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'Which way.' })
  direction!: keyof typeof Direction;
}

@ArgsType()
export class PageArgs {
  @Field(
    () => Int,
    optional(
      'How many to answer from the beginning, or after `after`: 1 to 200. 50 when neither `first` nor `last` is given.',
    ),
  )
  first?: number;

  @Field(() => String, optional('The cursor to go on after. It must come from the same list.'))
  after?: string;

  @Field(() => Int, optional('How many to answer from the end, or before `before`: 1 to 200.'))
  last?: number;

  @Field(() => String, optional('The cursor to end before. It must come from the same list.'))
  before?: string;
}

@ArgsType()
export class UserListArgs extends PageArgs {
  @Field(() => UserWhere, optional('Only people for whom this holds.'))
  where?: UserCondition;

  @Field(() => [UserOrder], optional('The order; by display name when absent, where the field says nothing else.'))
  orderBy?: UserOrder[];
}

@ArgsType()
export class GroupListArgs extends PageArgs {
  @Field(() => GroupWhere, optional('Only groups for which this holds.'))
  where?: GroupCondition;

  @Field(() => [GroupOrder], optional('The order; by name when absent.'))
  orderBy?: GroupOrder[];
}
