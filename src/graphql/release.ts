// Giving people and groups back to SpeakUp when a customer stops provisioning.
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type Released, releaseFromManagement } from '../directory/release.js';
import { writeIn } from '../directory/scope.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { groupIdOf, userIdOf } from './inputId.js';
import { InputRefusal, payloadOf, UserError } from './userErrors.js';

const MOST = 1000;

@InputType({ description: 'Whom to give back to SpeakUp: everybody and everything, or those named.' })
export class ReleaseFromManagementInput {
  @Field(() => Boolean, { defaultValue: false, description: 'All people and groups of the tenant.' })
  all!: boolean;

  @Field(() => [ID], { defaultValue: [], description: `The global ids of people, ${MOST} at most.` })
  users!: string[];

  @Field(() => [ID], { defaultValue: [], description: `The global ids of groups, ${MOST} at most.` })
  groups!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'What releaseFromManagement answers.' })
export class ReleaseFromManagementPayload {
  @Field(() => Int, { nullable: true, description: 'How many people were released; null where nothing was done.' })
  releasedUsers?: number;

  @Field(() => Int, { nullable: true, description: 'How many groups were released; null where nothing was done.' })
  releasedGroups?: number;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@Resolver()
export class ReleaseResolver {
  @Mutation(() => ReleaseFromManagementPayload, {
    description:
      'Makes people and groups of origin SCIM SpeakUp’s own again, without their externalId. Only while SCIM provisioning is off; ids that nobody has, and what is SpeakUp’s already, are passed over.',
  })
  async releaseFromManagement(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => ReleaseFromManagementInput, { description: 'Whom.' }) input: ReleaseFromManagementInput,
  ): Promise<ReleaseFromManagementPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    request.inFlight?.takesItsTime();
    return payloadOf(async () => {
      const chosen = chosenBy(input);
      const { users, groups } = await writeIn(deps.db, actor, request, async (scope) => {
        const count = await releaseFromManagement(scope, chosen);
        return () => count;
      });
      return { releasedUsers: users, releasedGroups: groups };
    });
  }
}

function chosenBy({ all, users, groups }: ReleaseFromManagementInput): Released {
  if (all && users.length + groups.length > 0) {
    throw new InputRefusal('INVALID', ['all'], 'Release everybody, or those you name, not both.');
  }
  if (all) return { users: undefined, groups: undefined };
  refuseMany('users', users);
  refuseMany('groups', groups);
  return { users: users.map((id) => userIdOf('users', id)), groups: groups.map((id) => groupIdOf('groups', id)) };
}

function refuseMany(field: string, ids: readonly string[]): void {
  if (ids.length > MOST) throw new InputRefusal('INVALID', [field], `${field} may have ${MOST} ids.`);
}
