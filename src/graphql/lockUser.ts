// Locking a person out at once, and letting the person in again. Whoever manages the person: a lock is SpeakUp's own.
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { peopleById } from '../directory/lists.js';
import { type PersonRow } from '../directory/sources.js';
import { liftSignInLock, setSignInLock, type SignInLockRow, signInLocksOf } from '../directory/user/signInLocks.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { inUser } from './inUser.js';
import { inputText } from './inputText.js';
import { DateTime } from './scalars.js';
import { UserObject } from './userObject.js';
import { UserPayload } from './userPayload.js';

@ObjectType('SignInLock', {
  simpleResolvers: true,
  description: 'That a person may not sign in, whatever `active` says.',
})
export class SignInLockObject {
  @Field(() => DateTime, { description: 'Since when.' })
  lockedAt!: Date;

  @Field(() => String, { nullable: true, description: 'Why, as the administrator said.' })
  reason!: string | null;
}

@InputType({ description: 'Whom to lock out.' })
export class LockUserInput {
  @Field(() => ID, { description: 'The global id of the person.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Why, for other administrators to read.' })
  reason?: string | null;
}

@InputType({ description: 'Whom to let in again.' })
export class UnlockUserInput {
  @Field(() => ID, { description: 'The global id of the person.' })
  id!: string;
}

@Resolver(() => UserObject)
export class LockUserResolver {
  @FieldResolver(() => SignInLockObject, {
    nullable: true,
    description: 'The lock on signing in; null where there is none. For administrators.',
  })
  signInLock(@Root() { id }: PersonRow, @Ctx() context: GraphqlContext) {
    requireAdministrator(context);
    return context.batch('sign-in lock', id, signInLocksOf);
  }

  @Mutation(() => UserPayload, {
    description:
      'Locks a person out of SpeakUp at once: tokens are refused within five seconds. `active` stays as it is. A lock that is there stays as it is.',
  })
  lockUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => LockUserInput, { description: 'Whom to lock out.' }) { id, reason }: LockUserInput,
  ): Promise<UserPayload> {
    return inUser(context, id, async (scope, uuid) => {
      const user = await setSignInLock(scope, uuid, inputText('reason', reason));
      return () => user;
    });
  }

  @Mutation(() => UserPayload, {
    description: 'Lifts the lock of a person, who may enter again unless the person is deactivated.',
  })
  unlockUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UnlockUserInput, { description: 'Whom to let in again.' }) { id }: UnlockUserInput,
  ): Promise<UserPayload> {
    return inUser(context, id, async (scope, uuid) => {
      const user = await liftSignInLock(scope, uuid);
      return () => user;
    });
  }
}

/** Who set a lock, where that is somebody of the directory. */
@Resolver(() => SignInLockObject)
export class SignInLockResolver {
  @FieldResolver(() => UserObject, {
    nullable: true,
    description: 'Who locked the person out; null for an administrator without a name in the directory.',
  })
  lockedBy(@Root() { lockedBy }: SignInLockRow, @Ctx() context: GraphqlContext) {
    return lockedBy === null ? null : context.batch('person', lockedBy, peopleById);
  }
}
