// A group made in SpeakUp itself.
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type GroupRow, provisionGroup } from '../directory/group/groups.js';
import { listRows } from '../directory/lists.js';
import { allGroups } from '../directory/sources.js';
import { groupType } from '../directory/resourceTypes.js';
import { type WriteScope, writeIn } from '../directory/scope.js';
import { refuseUnknownMembers } from '../directory/group/members.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { descriptionOf } from './describe.js';
import { uuidFromGlobalId } from './globalId.js';
import { GroupObject } from './groupObject.js';
import { requiredText } from './inputText.js';
import { InputRefusal, payloadOf, UserError } from './userErrors.js';
import { groupFilter } from './where.js';

const MOST_MEMBERS = 1000;

@InputType({ description: 'A new group.' })
export class CreateGroupInput {
  @Field(() => String, { description: descriptionOf(groupType, 'displayName') })
  displayName!: string;

  @Field(() => [ID], { nullable: true, description: `The global ids of the people in it, ${MOST_MEMBERS} at most.` })
  members?: string[];
}

@ObjectType({ simpleResolvers: true, description: 'What createGroup answers.' })
export class CreateGroupPayload {
  @Field(() => GroupObject, { nullable: true, description: 'The new group; null where the input was wrong.' })
  group?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@Resolver()
export class CreateGroupResolver {
  @Mutation(() => CreateGroupPayload, { description: 'Makes a group of origin SPEAKUP.' })
  async createGroup(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => CreateGroupInput, { description: 'The new group.' }) input: CreateGroupInput,
  ): Promise<CreateGroupPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    return payloadOf(async () => {
      const displayName = requiredText('displayName', input.displayName);
      const members = memberIds(input.members ?? []);
      return { group: await writeIn(deps.db, actor, request, (scope) => makeGroup(scope, displayName, members)) };
    });
  }
}

async function makeGroup(scope: WriteScope, displayName: string, members: readonly string[]): Promise<() => GroupRow> {
  const query = { withDeleted: false, sort: [], backward: false, after: undefined, limit: 1 };
  const filter = groupFilter({ displayName: { eq: displayName } });
  const [taken] = await listRows(scope, allGroups, { ...query, filter });
  if (taken) throw new InputRefusal('TAKEN', ['displayName'], `There is a group "${displayName}" already.`);
  await refuseUnknown(scope, members);
  const change = { set: { displayName }, members: { keepOthers: true, add: members, remove: [] } };
  const group = provisionGroup(scope, change, 'SPEAKUP');
  return () => group;
}

function memberIds(members: readonly string[]): readonly string[] {
  if (members.length > MOST_MEMBERS) {
    throw new InputRefusal('INVALID', ['members'], `A new group may have ${MOST_MEMBERS} members.`);
  }
  return members.map((member) => {
    const id = uuidFromGlobalId('User', member);
    if (id === undefined) throw new InputRefusal('NOT_FOUND', ['members'], `"${member}" is not the id of a person.`);
    return id;
  });
}

/** Refuses with NOT_FOUND, naming the field, when somebody to add is no person here. */
export async function refuseUnknown(scope: WriteScope, members: readonly string[]): Promise<void> {
  try {
    await refuseUnknownMembers(scope, members);
  } catch (error) {
    if (error instanceof Refusal) throw new InputRefusal('NOT_FOUND', ['members'], error.message);
    throw error;
  }
}
