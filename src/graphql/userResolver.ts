// People: lists, one, and what belongs to a person.
import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { fold } from '../attribute/attributeType.js';
import { allUsers, groupsOf, type PersonRow, reportsOf } from '../directory/sources.js';
import { matchEmail } from '../directory/user/matching.js';
import { type FieldAhead } from './ahead.js';
import { asAsked, personAsAsked } from './askedOfPeople.js';
import { connect } from './connection.js';
import { type GraphqlContext } from './context.js';
import { findOne, whereFromKey } from './findOne.js';
import { toGlobalId } from './globalId.js';
import { GroupConnection } from './groupObject.js';
import { UserKey } from './keys.js';
import { listOfGroups, listOfPeople, mayShowDeleted } from './lists.js';
import { GroupListArgs, UserListArgs } from './listArgs.js';
import { listField } from './listOfEach.js';
import { ID_DESCRIPTION } from './nodeObject.js';
import { UUID } from './scalars.js';
import { ManagerReference, MultiValue, UserConnection, UserObject } from './userObject.js';
import { userFilter } from './where.js';
import { type UserCondition } from './whereInputs.js';

const SEARCH =
  'Only people who have all of these words, in any order, as the beginnings of words of their names, userName or e-mail addresses, whatever the case. Deleted people are not found so.';
const INCLUDE_DELETED = 'Deleted people too; for administrators.';

const MANAGER: FieldAhead<PersonRow> = {
  ahead: async (people, _args, context, info) => {
    const { name, load } = personAsAsked(context, info);
    const ids = new Set(people.flatMap(({ managerId }) => managerId ?? []));
    await context.ahead(name, [...ids], load);
  },
};
const REPORTS = listField((args: UserListArgs, context, info) =>
  listOfPeople(context, 'directReports', asAsked(reportsOf, info), args),
);
const GROUPS = listField((args: GroupListArgs) => listOfGroups('groups of a person', groupsOf, args));

@Resolver(() => UserObject)
export class UserResolver {
  @Query(() => UserConnection, { description: 'The people of the tenant.' })
  users(
    @Ctx() context: GraphqlContext,
    @Args(() => UserListArgs) args: UserListArgs,
    @Arg('includeDeleted', () => Boolean, { defaultValue: false, description: INCLUDE_DELETED })
    includeDeleted: boolean,
    @Info() info: GraphQLResolveInfo,
    @Arg('search', () => String, { nullable: true, description: SEARCH }) search?: string,
  ) {
    const people = asAsked(allUsers, info);
    return connect(context, listOfPeople(context, 'users', people, args, { includeDeleted, search }), args);
  }

  @Query(() => UserObject, { nullable: true, description: 'One person; null where nobody of this tenant fits.' })
  user(
    @Ctx() context: GraphqlContext,
    @Arg('by', () => UserKey, { description: 'Who: exactly one of the fields.' }) by: UserKey,
    @Arg('includeDeleted', () => Boolean, { defaultValue: false, description: INCLUDE_DELETED })
    includeDeleted: boolean,
  ) {
    const where: UserCondition = whereFromKey('User', by);
    return findOne(context, allUsers, userFilter(where), mayShowDeleted(context, where, includeDeleted));
  }

  @FieldResolver(() => ID, { description: ID_DESCRIPTION })
  id(@Root() { id }: PersonRow) {
    return toGlobalId('User', id);
  }

  @FieldResolver(() => UUID)
  scimId(@Root() { id }: PersonRow) {
    return id;
  }

  @FieldResolver(() => String)
  email(@Root() person: PersonRow) {
    const key = matchEmail({ ...person });
    const values = [...(person.emails ?? []).map(({ value }) => value), person.userName];
    return values.find((value) => value !== undefined && fold(value) === key);
  }

  @FieldResolver(() => [MultiValue])
  emails(@Root() { emails }: PersonRow) {
    return emails ?? [];
  }

  @FieldResolver(() => [MultiValue])
  phoneNumbers(@Root() { phoneNumbers }: PersonRow) {
    return phoneNumbers ?? [];
  }

  @FieldResolver(() => UserObject, {
    nullable: true,
    description: 'The person this person reports to; null too while the reference is not resolved.',
  })
  @Extensions({ ...MANAGER })
  manager(@Root() { managerId }: PersonRow, @Ctx() context: GraphqlContext, @Info() info: GraphQLResolveInfo) {
    if (managerId === null) return null;
    const { name, load } = personAsAsked(context, info);
    return context.batch(name, managerId, load);
  }

  @FieldResolver(() => ManagerReference, {
    nullable: true,
    description: 'The reference to the manager as it was received; null where none was.',
  })
  managerReference(@Root() { id, manager, managerId }: PersonRow): ManagerReference | null {
    if (manager === null) return null;
    const resolved = managerId !== null;
    const explanation = managerId === id ? SELF : resolved ? RESOLVED : UNRESOLVED;
    return { value: manager, resolved, explanation };
  }

  @FieldResolver(() => UserConnection, { description: 'The people whose manager is this person.' })
  @Extensions({ ...REPORTS })
  directReports(
    @Root() person: PersonRow,
    @Ctx() context: GraphqlContext,
    @Args(() => UserListArgs) args: UserListArgs,
    @Info() info: GraphQLResolveInfo,
  ) {
    return REPORTS.resolve(person, args, context, info);
  }

  @FieldResolver(() => GroupConnection, { description: 'The groups the person is a member of.' })
  @Extensions({ ...GROUPS })
  groups(
    @Root() person: PersonRow,
    @Ctx() context: GraphqlContext,
    @Args(() => GroupListArgs) args: GroupListArgs,
    @Info() info: GraphQLResolveInfo,
  ) {
    return GROUPS.resolve(person, args, context, info);
  }
}

const RESOLVED = 'The reference names a person of this directory.';
const SELF =
  'The reference names the person it belongs to: the identity provider says that this person reports to nobody else. Correct the manager there.';
const UNRESOLVED =
  'Nobody in this directory has this id, userName or e-mail address. Identity providers often send a person before the manager: the reference is resolved by itself when that person arrives. If it stays like this, the manager is not assigned to the application at the identity provider, or was deleted there.';
