// What administrators see of the deactivation brake, and decide about it.
import {
  Args,
  Ctx,
  Arg,
  Field,
  FieldResolver,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { configureBrake, rejectBrake, releaseBrake } from '../directory/brake/brake.js';
import { heldPeople } from '../directory/brake/heldPeople.js';
import { writeIn, type WriteScope } from '../directory/scope.js';
import { DeactivationBrake, HeldPersonConnection, shownBrake } from './brakeObject.js';
import { connect } from './connection.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { ForRoles } from './introspection.js';
import { PageArgs } from './listArgs.js';
import { listOfPeople } from './lists.js';
import { TenantSettings } from './tenantSettings.js';
import { payloadOf, UserError } from './userErrors.js';

const keeps = (description: string) => ({
  nullable: true,
  description: `${description} What is absent stays as it is.`,
});

@InputType({ description: 'What changes of the deactivation brake.' })
export class SetDeactivationBrakeInput {
  @Field(() => Boolean, keeps('Whether it is switched on. Switched on, it counts from zero.'))
  enabled?: boolean | null;

  @Field(() => Int, keeps('Which share of the managed people it lets through, in percent: 1 to 100.'))
  sharePercent?: number | null;

  @Field(() => Int, keeps('How many people it lets through whatever their share: from 1 on.'))
  leastPeople?: number | null;

  @Field(() => Int, keeps('Within how many minutes it counts: 1 to 1440.'))
  windowMinutes?: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What the mutations of the deactivation brake answer.' })
export class DeactivationBrakePayload {
  @Field(() => DeactivationBrake, { nullable: true, description: 'The brake as it is now.' })
  deactivationBrake?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@Resolver(() => DeactivationBrake)
export class DeactivationBrakeResolver {
  @ForRoles('ADMIN')
  @Query(() => DeactivationBrake, {
    description: 'The brake on mass deactivations by provisioning. For administrators.',
  })
  async deactivationBrake(@Ctx() context: GraphqlContext) {
    requireAdministrator(context);
    return shownBrake(context);
  }

  @FieldResolver(() => HeldPersonConnection, {
    description: 'The people whose deactivation or deletion it holds back, in order of creation.',
  })
  heldPeople(@Ctx() context: GraphqlContext, @Args(() => PageArgs) page: PageArgs) {
    requireAdministrator(context);
    const source = heldPeople(context.request.now);
    const found = connect(context, listOfPeople(context, 'heldPeople', source, {}, { order: 'CREATED_AT' }), page);
    const edges = async (...asked: Parameters<typeof found.edges>) =>
      (await found.edges(...asked)).map(({ node, cursor }) => {
        const { firstTriedAt, lastTriedAt } = node;
        return { node, cursor, firstTriedAt, lastTriedAt };
      });
    return { ...found, edges };
  }

  @Mutation(() => DeactivationBrakePayload, {
    description:
      'Lets deactivations and deletions by provisioning through for 24 hours, and those held back for as long as the identity provider repeats them. Then the brake watches again, from zero. Also before one that is intended.',
  })
  releaseDeactivationBrake(@Ctx() context: GraphqlContext): Promise<DeactivationBrakePayload> {
    return decided(context, releaseBrake);
  }

  @Mutation(() => DeactivationBrakePayload, {
    description:
      'Says that the deactivations held back are a mistake: they go on being refused. The brake watches again when none was tried for 60 minutes, at the latest after 24 hours. Takes a release back at once where nobody is held.',
  })
  rejectDeactivationBrake(@Ctx() context: GraphqlContext): Promise<DeactivationBrakePayload> {
    return decided(context, rejectBrake);
  }

  @Mutation(() => DeactivationBrakePayload, { description: 'Changes how much the deactivation brake lets through.' })
  setDeactivationBrake(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => SetDeactivationBrakeInput, { description: 'What changes.' }) input: SetDeactivationBrakeInput,
  ): Promise<DeactivationBrakePayload> {
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
    return decided(context, (scope) => configureBrake(scope, given));
  }
}

/** The brake among the settings of the tenant. */
@Resolver(() => TenantSettings)
export class TenantBrakeResolver {
  @FieldResolver(() => DeactivationBrake, { description: 'The brake on mass deactivations by provisioning.' })
  deactivationBrake(@Ctx() context: GraphqlContext) {
    requireAdministrator(context);
    return shownBrake(context);
  }
}

async function decided(
  context: GraphqlContext,
  work: (scope: WriteScope) => Promise<void>,
): Promise<DeactivationBrakePayload> {
  requireAdministrator(context);
  await context.renew();
  const { deps, actor, request } = context;
  return payloadOf(async () => {
    await writeIn(deps.db, actor, request, async (scope) => {
      await work(scope);
      return () => undefined;
    });
    return { deactivationBrake: () => shownBrake(context) };
  });
}
