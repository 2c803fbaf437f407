// The conditions and orders callers write. What they mean is in where.ts.
import { Field, ID, InputType } from 'type-graphql';
import { groupType, userType } from '../directory/resourceTypes.js';
import { declareFields } from './describe.js';
import { Origin, UserStatus } from './enums.js';
import { UserKey } from './keys.js';
import { DateTime } from './scalars.js';

const optional = (description: string) => ({ nullable: true, description });

@InputType({
  description: 'A condition on a text. Case does not count, except for externalId. All that is given must hold.',
})
export class StringFilter {
  @Field(() => String, optional('Is this text.'))
  eq?: string;

  @Field(() => String, optional('Is another text, or unassigned.'))
  ne?: string;

  @Field(() => [String], optional('Is one of these texts.'))
  in?: string[];

  @Field(() => String, optional('Has this text in it.'))
  contains?: string;

  @Field(() => String, optional('Begins with this text. Fast where equality is.'))
  startsWith?: string;

  @Field(() => String, optional('Ends with this text.'))
  endsWith?: string;

  @Field(() => Boolean, optional('True: is unassigned. False: has a value.'))
  isNull?: boolean;
}

@InputType({ description: 'A condition on a global id. An id that is not known here fits nothing.' })
export class IdFilter {
  @Field(() => ID, optional('Is this id.'))
  eq?: string;

  @Field(() => [ID], optional('Is one of these ids.'))
  in?: string[];
}

@InputType({ description: 'A condition on a moment. All that is given must hold.' })
export class DateTimeFilter {
  @Field(() => DateTime, optional('Is after this moment.'))
  gt?: Date;

  @Field(() => DateTime, optional('Is at this moment or after it.'))
  gte?: Date;

  @Field(() => DateTime, optional('Is before this moment.'))
  lt?: Date;

  @Field(() => DateTime, optional('Is at this moment or before it.'))
  lte?: Date;
}

@InputType({ description: 'A condition on the status of a person. One that names DELETED is for administrators.' })
export class UserStatusFilter {
  @Field(() => UserStatus, optional('Is this status.'))
  eq?: keyof typeof UserStatus;

  @Field(() => [UserStatus], optional('Is one of these.'))
  in?: (keyof typeof UserStatus)[];
}

const AND = optional('All of these hold.');
const OR = optional('One of these holds.');
const NOT = optional('This does not hold.');

@InputType({ description: 'Conditions on a person. All that is given must hold.' })
export class UserWhere {
  @Field(() => [UserWhere], AND)
  and?: UserCondition[];

  @Field(() => [UserWhere], OR)
  or?: UserCondition[];

  @Field(() => UserWhere, NOT)
  not?: UserCondition;

  @Field(() => IdFilter, optional('The global id.'))
  id?: IdFilter;

  @Field(() => StringFilter, optional('The e-mail address the person is matched by: the field `email`.'))
  email?: StringFilter;

  @Field(() => Boolean, optional('Whether the person is active.'))
  active?: boolean;

  @Field(() => UserStatusFilter, optional('The status.'))
  status?: UserStatusFilter;

  @Field(() => Origin, optional('Who manages the person.'))
  origin?: keyof typeof Origin;

  @Field(() => DateTimeFilter, optional('When the person first came into the directory.'))
  createdAt?: DateTimeFilter;

  @Field(() => DateTimeFilter, optional('When an attribute of the person last changed.'))
  updatedAt?: DateTimeFilter;

  @Field(() => DateTimeFilter, optional('Since when the person is deactivated. An active person fits no condition.'))
  deactivatedAt?: DateTimeFilter;

  @Field(() => StringFilter, optional('Any of the e-mail addresses. `ne`: none of them is this one.'))
  emails?: StringFilter;

  @Field(() => StringFilter, optional('Any of the telephone numbers, as sent. `ne`: none of them is this one.'))
  phoneNumbers?: StringFilter;

  @Field(() => UserWhere, optional('The person has a manager, who fits this condition.'))
  manager?: UserCondition;

  @Field(
    () => Boolean,
    optional('True: the person has a manager who is known here. False: has none, or one not yet known.'),
  )
  hasManager?: boolean;

  @Field(
    () => Boolean,
    optional('True: the person has a reference to a manager that nobody here answers to. False: has not.'),
  )
  unresolvedManager?: boolean;

  @Field(
    () => UserKey,
    optional('The person reports to this one, directly or through others. Nobody reports to an unknown one.'),
  )
  reportsTo?: UserKey;

  @Field(() => GroupListFilter, optional('The groups the person is a member of.'))
  groups?: GroupsCondition;
}

/** Conditions on texts of a person, and the attribute each is about. */
export const USER_TEXTS = {
  userName: 'userName',
  externalId: 'externalId',
  displayName: 'displayName',
  nickName: 'nickName',
  formattedName: 'name.formatted',
  givenName: 'name.givenName',
  middleName: 'name.middleName',
  familyName: 'name.familyName',
  honorificPrefix: 'name.honorificPrefix',
  honorificSuffix: 'name.honorificSuffix',
  profileUrl: 'profileUrl',
  title: 'title',
  userType: 'userType',
  preferredLanguage: 'preferredLanguage',
  locale: 'locale',
  timezone: 'timezone',
  organization: 'organization',
  department: 'department',
  division: 'division',
  costCenter: 'costCenter',
  employeeNumber: 'employeeNumber',
} as const;
declareFields(UserWhere, () => StringFilter, userType, USER_TEXTS);

/** A UserWhere with everything declared on it. */
export type UserCondition = UserWhere & { [Name in keyof typeof USER_TEXTS]?: StringFilter };

@InputType({ description: 'Conditions on a group. All that is given must hold.' })
export class GroupWhere {
  @Field(() => [GroupWhere], AND)
  and?: GroupCondition[];

  @Field(() => [GroupWhere], OR)
  or?: GroupCondition[];

  @Field(() => GroupWhere, NOT)
  not?: GroupCondition;

  @Field(() => IdFilter, optional('The global id.'))
  id?: IdFilter;

  @Field(() => Origin, optional('Who manages the group.'))
  origin?: keyof typeof Origin;

  @Field(() => DateTimeFilter, optional('When the group was first made.'))
  createdAt?: DateTimeFilter;

  @Field(() => DateTimeFilter, optional('When the group or its members last changed.'))
  updatedAt?: DateTimeFilter;

  @Field(() => UserListFilter, optional('The people in the group.'))
  members?: MembersCondition;

  @Field(() => Boolean, optional('True: nobody is in the group. False: somebody is.'))
  isEmpty?: boolean;
}

export const GROUP_TEXTS = { displayName: 'displayName', externalId: 'externalId' } as const;
declareFields(GroupWhere, () => StringFilter, groupType, GROUP_TEXTS);

/** A GroupWhere with everything declared on it. */
export type GroupCondition = GroupWhere & { [Name in keyof typeof GROUP_TEXTS]?: StringFilter };

/** Of several others, which must fit. */
export interface OfSeveral<Where> {
  readonly some?: Where;
  readonly every?: Where;
  readonly none?: Where;
}
export type GroupsCondition = OfSeveral<GroupCondition>;
export type MembersCondition = OfSeveral<UserCondition>;

@InputType({ description: 'A condition on the groups of a person. All that is given must hold.' })
export class GroupListFilter {
  @Field(() => GroupWhere, optional('One of the groups at least fits this.'))
  some?: GroupCondition;

  @Field(() => GroupWhere, optional('All of the groups fit this; true where there is none.'))
  every?: GroupCondition;

  @Field(() => GroupWhere, optional('None of the groups fits this.'))
  none?: GroupCondition;
}

@InputType({ description: 'A condition on the people in a group. All that is given must hold.' })
export class UserListFilter {
  @Field(() => UserWhere, optional('One of the people at least fits this.'))
  some?: UserCondition;

  @Field(() => UserWhere, optional('All of the people fit this; true where there is nobody.'))
  every?: UserCondition;

  @Field(() => UserWhere, optional('None of the people fits this.'))
  none?: UserCondition;
}
