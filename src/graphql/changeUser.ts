// Changing people made in SpeakUp itself. Those of the identity provider are edited there.
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { type Change } from '../attribute/change.js';
import { userType } from '../directory/resourceTypes.js';
import { type WriteScope } from '../directory/scope.js';
import { changeUser } from '../directory/user/changeUser.js';
import {
  LOCAL_NAMES,
  LOCAL_TEXTS,
  type LocalInput,
  lockLocalUser,
  refuseTaken,
  valuesOfChange,
} from '../directory/user/localUser.js';
import { type UserRow } from '../directory/user/userRow.js';
import { type GraphqlContext } from './context.js';
import { PROTECTED } from './createUser.js';
import { declareFields, descriptionOf } from './describe.js';
import { inUser } from './inUser.js';
import { UserPayload } from './userPayload.js';

const ID_OF_PERSON = { description: 'The global id of the person.' };

@InputType({ description: 'What changes of a person. Null and blank unassign; what is absent stays as it is.' })
export class UpdateUserInput {
  @Field(() => ID, ID_OF_PERSON)
  id!: string;

  @Field(() => String, { nullable: true, description: descriptionOf(userType, 'userName') })
  userName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The e-mail address, in place of the one the person is matched by. Null removes every address.',
  })
  email?: string | null;

  @Field(() => Boolean, { nullable: true, description: PROTECTED })
  protected?: boolean | null;
}
declareFields(UpdateUserInput, () => String, userType, { ...LOCAL_NAMES, ...LOCAL_TEXTS });

@InputType({ description: 'Names one person.' })
export class UserInput {
  @Field(() => ID, ID_OF_PERSON)
  id!: string;
}

const WHO = { description: 'Who.' };

@Resolver()
export class ChangeUserResolver {
  @Mutation(() => UserPayload, {
    description: 'Changes a person of origin SPEAKUP. People of origin SCIM are refused with MANAGED_BY_SCIM.',
  })
  updateUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UpdateUserInput, { description: 'Who, and what changes.' })
    { id, ...input }: LocalInput & UpdateUserInput,
  ): Promise<UserPayload> {
    return change(context, id, async (scope, user) => {
      const set = valuesOfChange(user, input);
      if ('userName' in set || 'emails' in set) await refuseTaken(scope, { ...user, ...set }, user.id);
      return { set };
    });
  }

  @Mutation(() => UserPayload, {
    description:
      'Deactivates a person of origin SPEAKUP, who may not use SpeakUp any more; everything about the person is kept.',
  })
  deactivateUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UserInput, WHO) { id }: UserInput,
  ): Promise<UserPayload> {
    return change(context, id, () => Promise.resolve({ set: { active: false } }));
  }

  @Mutation(() => UserPayload, { description: 'Activates a person of origin SPEAKUP again.' })
  reactivateUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UserInput, WHO) { id }: UserInput,
  ): Promise<UserPayload> {
    return change(context, id, () => Promise.resolve({ set: { active: true } }));
  }
}

function change(
  context: GraphqlContext,
  id: string,
  changeOf: (scope: WriteScope, user: UserRow) => Promise<Change>,
): Promise<UserPayload> {
  return inUser(context, id, async (scope, uuid) => {
    const current = await lockLocalUser(scope, uuid);
    const { user, saved } = changeUser(scope, current, await changeOf(scope, current));
    return async () => ({ ...user, ...(await saved)?.[0] });
  });
}
