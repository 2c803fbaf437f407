// A person, as GraphQL shows one. Rows of the directory are values of this type as they are.
import { Field, ID, ObjectType } from 'type-graphql';
import { userType } from '../directory/resourceTypes.js';
import { connectionObject } from './connectionObjects.js';
import { declareFields, descriptionOf } from './describe.js';
import { Origin, UserStatus } from './enums.js';
import { ID_DESCRIPTION, NodeObject } from './nodeObject.js';
import { DateTime, UUID } from './scalars.js';

@ObjectType('PersonName', { simpleResolvers: true, description: "The parts of a person's name, as sent." })
export class PersonName {}

declareFields(PersonName, () => String, userType, {
  formatted: 'name.formatted',
  familyName: 'name.familyName',
  givenName: 'name.givenName',
  middleName: 'name.middleName',
  honorificPrefix: 'name.honorificPrefix',
  honorificSuffix: 'name.honorificSuffix',
});

@ObjectType('MultiValue', { simpleResolvers: true, description: 'One of several values, such as an e-mail address.' })
export class MultiValue {
  @Field(() => String, { nullable: true, description: 'The value, exactly as sent.' })
  value?: string;

  @Field(() => String, { nullable: true, description: 'What it is used for, such as work or mobile.' })
  type?: string;

  @Field(() => Boolean, { nullable: true, description: 'True for the one to prefer.' })
  primary?: boolean;

  @Field(() => String, { nullable: true, description: 'A name for it, for people to read.' })
  display?: string;
}

@ObjectType('ManagerReference', { simpleResolvers: true, description: 'A reference to a manager, as it was received.' })
export class ManagerReference {
  @Field(() => String, { description: 'The value as the identity provider sent it.' })
  value!: string;

  @Field(() => Boolean, { description: 'Whether somebody here answers to it: then `manager` is that person.' })
  resolved!: boolean;

  @Field(() => String, { description: 'What that means, and what to do about it, in plain words.' })
  explanation!: string;
}

@ObjectType('User', { implements: NodeObject, simpleResolvers: true, description: 'A person of the directory.' })
export class UserObject extends NodeObject {
  @Field(() => ID, { description: ID_DESCRIPTION })
  declare id: string;

  @Field(() => UUID, { description: 'The `id` of SCIM, which Entra ID keeps as the target id.' })
  scimId!: string;

  @Field(() => String, { description: descriptionOf(userType, 'userName') })
  userName!: string;

  @Field(() => PersonName, { nullable: true, description: descriptionOf(userType, 'name') })
  name?: PersonName;

  @Field(() => String, {
    nullable: true,
    description:
      'The e-mail address the person is matched by: the primary one, else the work one, else the first, else the userName where it is an address.',
  })
  email?: string;

  @Field(() => [MultiValue], { description: descriptionOf(userType, 'emails') })
  emails!: MultiValue[];

  @Field(() => [MultiValue], { description: descriptionOf(userType, 'phoneNumbers') })
  phoneNumbers!: MultiValue[];

  @Field(() => Boolean, { description: descriptionOf(userType, 'active') })
  active!: boolean;

  @Field(() => UserStatus, { description: 'Whether the person takes part.' })
  status!: keyof typeof UserStatus;

  @Field(() => Origin, { description: 'Who manages the person.' })
  origin!: keyof typeof Origin;

  @Field(() => Boolean, { description: 'Whether the identity provider may not take the person over.' })
  protected!: boolean;

  @Field(() => DateTime, { description: 'When the person first came into the directory.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When an attribute of the person last changed.' })
  updatedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Since when the person is deactivated; null while active.' })
  deactivatedAt?: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the identity provider deleted the person.' })
  deletedAt?: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the personal data of the person was erased.' })
  erasedAt?: Date;
}

declareFields(UserObject, () => String, userType, {
  externalId: 'externalId',
  displayName: 'displayName',
  nickName: 'nickName',
  title: 'title',
  userType: 'userType',
  preferredLanguage: 'preferredLanguage',
  locale: 'locale',
  timezone: 'timezone',
  employeeNumber: 'employeeNumber',
  costCenter: 'costCenter',
  organization: 'organization',
  division: 'division',
  department: 'department',
});

export const UserConnection = connectionObject('User', () => UserObject, 'people');
