// A person made in SpeakUp itself, for whom the identity provider does not know.
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { userType } from '../directory/resourceTypes.js';
import { writeIn } from '../directory/scope.js';
import { LOCAL_NAMES, LOCAL_TEXTS, type LocalInput, makeLocalUser, valuesOfNew } from '../directory/user/localUser.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { declareFields, descriptionOf } from './describe.js';
import { payloadOf, UserError } from './userErrors.js';
import { UserObject } from './userObject.js';

export const PROTECTED =
  'Whether the identity provider may not take the person over. For accounts that must keep working without it.';

@InputType({ description: 'A new person. What is blank or absent is unassigned.' })
export class CreateUserInput {
  @Field(() => String, { description: descriptionOf(userType, 'userName') })
  userName!: string;

  @Field(() => String, { nullable: true, description: 'The e-mail address at work. Unique in the tenant.' })
  email?: string;

  @Field(() => Boolean, { defaultValue: true, description: descriptionOf(userType, 'active') })
  active!: boolean;

  @Field(() => Boolean, { defaultValue: false, description: PROTECTED })
  protected!: boolean;
}
declareFields(CreateUserInput, () => String, userType, { ...LOCAL_NAMES, ...LOCAL_TEXTS });

@ObjectType({ simpleResolvers: true, description: 'What createUser answers.' })
export class CreateUserPayload {
  @Field(() => UserObject, { nullable: true, description: 'The new person; null where the input was wrong.' })
  user?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@Resolver()
export class CreateUserResolver {
  @Mutation(() => CreateUserPayload, {
    description:
      'Makes a person of origin SPEAKUP. The identity provider takes the person over when it sends the same userName or e-mail address.',
  })
  async createUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => CreateUserInput, { description: 'The new person.' }) input: LocalInput,
  ): Promise<CreateUserPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    return payloadOf(async () => {
      const values = valuesOfNew(input);
      return { user: await writeIn(deps.db, actor, request, (scope) => makeLocalUser(scope, values)) };
    });
  }
}
