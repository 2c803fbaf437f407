// Groups: lists, one, and who is in them.
import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql';
import { type GroupRow } from '../directory/group/groups.js';
import { memberCounts } from '../directory/group/members.js';
import { allGroups, membersOf } from '../directory/sources.js';
import { asAsked } from './askedOfPeople.js';
import { connect } from './connection.js';
import { type GraphqlContext } from './context.js';
import { findOne, whereFromKey } from './findOne.js';
import { toGlobalId } from './globalId.js';
import { GroupConnection, GroupObject } from './groupObject.js';
import { adderOf, GroupMemberConnection } from './groupMembers.js';
import { GroupKey } from './keys.js';
import { listOfGroups, listOfPeople } from './lists.js';
import { GroupListArgs, UserListArgs } from './listArgs.js';
import { connectTo } from './listOfEach.js';
import { ID_DESCRIPTION } from './nodeObject.js';
import { UUID } from './scalars.js';
import { groupFilter } from './where.js';

const SEARCH =
  'Only groups that have all of these words, in any order, as the beginnings of words of their names, whatever the case.';

@Resolver(() => GroupObject)
export class GroupResolver {
  @Query(() => GroupConnection, { description: 'The groups of the tenant.' })
  groups(
    @Ctx() context: GraphqlContext,
    @Args(() => GroupListArgs) args: GroupListArgs,
    @Arg('search', () => String, { nullable: true, description: SEARCH }) search?: string,
  ) {
    return connect(context, listOfGroups('groups', allGroups, args, { search }), args);
  }

  @Query(() => GroupObject, { nullable: true, description: 'One group; null where none of this tenant fits.' })
  group(
    @Ctx() context: GraphqlContext,
    @Arg('by', () => GroupKey, { description: 'Which: exactly one of the fields.' }) by: GroupKey,
  ) {
    return findOne(context, allGroups, groupFilter(whereFromKey('Group', by)));
  }

  @FieldResolver(() => ID, { description: ID_DESCRIPTION })
  id(@Root() { id }: GroupRow) {
    return toGlobalId('Group', id);
  }

  @FieldResolver(() => UUID)
  scimId(@Root() { id }: GroupRow) {
    return id;
  }

  @FieldResolver(() => GroupMemberConnection, {
    description: 'The people in the group, in order of creation unless `orderBy` says otherwise.',
  })
  members(
    @Root() { id }: GroupRow,
    @Ctx() context: GraphqlContext,
    @Args(() => UserListArgs) args: UserListArgs,
    @Info() info: GraphQLResolveInfo,
  ) {
    // By name, a group of a million would have to be read whole for its first page.
    const list = () => listOfPeople(context, 'members', asAsked(membersOf, info), args, { order: 'CREATED_AT' });
    const page = connectTo(context, info, id, args, list);
    const edges = async (...asked: Parameters<typeof page.edges>) =>
      (await page.edges(...asked)).map(({ node, cursor }) => {
        const { addedAt, addedBy } = node;
        return { node, cursor, addedAt, addedBy: () => adderOf(context, addedBy) };
      });
    return { ...page, edges, ...(args.where ? {} : { totalCount: () => countMembers(context, id) }) };
  }

  @FieldResolver(() => Int, { description: 'How many people are in the group, deactivated ones too.' })
  memberCount(@Root() { id }: GroupRow, @Ctx() context: GraphqlContext) {
    return countMembers(context, id);
  }
}

const countMembers = async (context: GraphqlContext, id: string): Promise<number> =>
  (await context.batch('member count', id, memberCounts)) ?? 0;
