// Changing groups made in SpeakUp itself. Those of the identity provider are edited there.
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type Change } from '../attribute/change.js';
import { changeGroup, deprovisionGroup, groupAfter, type GroupRow, lockLocalGroup } from '../directory/group/groups.js';
import { groupType } from '../directory/resourceTypes.js';
import { type WriteScope, writeIn } from '../directory/scope.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { refuseUnknown } from './createGroup.js';
import { descriptionOf } from './describe.js';
import { GroupObject } from './groupObject.js';
import { groupIdOf, userIdOf } from './inputId.js';
import { requiredText } from './inputText.js';
import { InputRefusal, namedBy, payloadOf, UserError } from './userErrors.js';

const MOST_MEMBERS = 1000;
const ID_OF_GROUP = { description: 'The global id of the group.' };

@InputType({ description: 'What changes of a group.' })
export class UpdateGroupInput {
  @Field(() => ID, ID_OF_GROUP)
  id!: string;

  @Field(() => String, { description: descriptionOf(groupType, 'displayName') })
  displayName!: string;
}

@InputType({ description: 'Who comes into a group, or leaves it.' })
export class GroupMembersInput {
  @Field(() => ID, ID_OF_GROUP)
  id!: string;

  @Field(() => [ID], { description: `The global ids of the people, ${MOST_MEMBERS} at most.` })
  members!: string[];
}

@InputType({ description: 'Names one group.' })
export class GroupInput {
  @Field(() => ID, ID_OF_GROUP)
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What the mutations of one group answer.' })
export class GroupPayload {
  @Field(() => GroupObject, { nullable: true, description: 'The group as it is now; null where the input was wrong.' })
  group?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@ObjectType({ simpleResolvers: true, description: 'What deleteGroup answers.' })
export class DeleteGroupPayload {
  @Field(() => ID, { nullable: true, description: 'The global id of the group; null where the input was wrong.' })
  deletedId?: string;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

const WHICH = { description: 'Which, and what changes.' };

@Resolver()
export class ChangeGroupResolver {
  @Mutation(() => GroupPayload, {
    description: 'Renames a group of origin SPEAKUP. Groups of origin SCIM are refused with MANAGED_BY_SCIM.',
  })
  updateGroup(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UpdateGroupInput, WHICH) { id, displayName }: UpdateGroupInput,
  ): Promise<GroupPayload> {
    return change(context, id, () => ({ set: { displayName: requiredText('displayName', displayName) } }));
  }

  @Mutation(() => GroupPayload, {
    description: 'Takes people into a group of origin SPEAKUP. Whoever is in it already stays.',
  })
  addGroupMembers(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => GroupMembersInput, WHICH) { id, members }: GroupMembersInput,
  ): Promise<GroupPayload> {
    return change(context, id, () => ({ set: {}, members: { keepOthers: true, add: idsOf(members), remove: [] } }));
  }

  @Mutation(() => GroupPayload, {
    description: 'Takes people out of a group of origin SPEAKUP. Whoever is not in it is passed over.',
  })
  removeGroupMembers(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => GroupMembersInput, WHICH) { id, members }: GroupMembersInput,
  ): Promise<GroupPayload> {
    return change(context, id, () => ({ set: {}, members: { keepOthers: true, add: [], remove: idsOf(members) } }));
  }

  @Mutation(() => DeleteGroupPayload, {
    description: 'Deletes a group of origin SPEAKUP. The people stay, and so does the history of the group.',
  })
  async deleteGroup(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => GroupInput, { description: 'Which.' }) { id }: GroupInput,
  ): Promise<DeleteGroupPayload> {
    return inGroup(context, id, (scope, group) => {
      deprovisionGroup(scope, group);
      return Promise.resolve(() => ({ deletedId: id }));
    });
  }
}

function change(context: GraphqlContext, id: string, changeOf: () => Change): Promise<GroupPayload> {
  return inGroup(context, id, async (scope, group) => {
    const change = changeOf();
    await refuseUnknown(scope, change.members?.add ?? []);
    const changed = changeGroup(scope, group, change);
    return async () => ({ group: await groupAfter(scope, changed) });
  });
}

async function inGroup<Result extends object>(
  context: GraphqlContext,
  id: string,
  work: (scope: WriteScope, group: GroupRow) => Promise<() => Result | Promise<Result>>,
) {
  requireAdministrator(context);
  await context.renew();
  const { deps, actor, request } = context;
  return payloadOf(async () => {
    const uuid = groupIdOf('id', id);
    const lock = (scope: WriteScope) => namedBy('id', () => lockLocalGroup(scope, uuid));
    return writeIn(deps.db, actor, request, async (scope) => work(scope, await lock(scope)));
  });
}

function idsOf(members: readonly string[]): readonly string[] {
  if (members.length > MOST_MEMBERS) {
    throw new InputRefusal('INVALID', ['members'], `${MOST_MEMBERS} people at most come or leave at a time.`);
  }
  return members.map((member) => userIdOf('members', member));
}
