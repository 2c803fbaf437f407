// What SpeakUp's sign-in asks: may this person enter, and if not, why.
import { Arg, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import { listRows } from '../directory/lists.js';
import { allUsers, deletedUsers, type PersonRow } from '../directory/sources.js';
import { signInLocksOf } from '../directory/user/signInLocks.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext } from './context.js';
import { SignInRefusal } from './enums.js';
import { findOne, whereFromKey } from './findOne.js';
import { UserKey } from './keys.js';
import { UserObject } from './userObject.js';
import { userFilter } from './where.js';

@ObjectType('SignIn', { simpleResolvers: true, description: 'Whether a person may sign in to SpeakUp.' })
export class SignIn {
  @Field(() => Boolean, { description: 'Whether the person may enter.' })
  allowed!: boolean;

  @Field(() => SignInRefusal, {
    nullable: true,
    description: 'Why not; null for who may. A lock goes before the rest.',
  })
  reason?: keyof typeof SignInRefusal;

  @Field(() => String, { description: 'What that means, for a person to read.' })
  explanation!: string;

  @Field(() => UserObject, {
    nullable: true,
    description: 'Who it is; null where nobody fits, and for all but administrators where the person was deleted.',
  })
  user?: PersonRow;
}

const EXPLANATIONS = {
  LOCKED: 'An administrator of SpeakUp has locked this person. Only an administrator can let the person in again.',
  DEACTIVATED: 'This person is deactivated. The person is let in again where the person is managed.',
  DELETED: 'This person was deleted.',
  UNKNOWN: 'Nobody of this organisation is known by this name.',
} satisfies Record<keyof typeof SignInRefusal, string>;

@Resolver()
export class SignInResolver {
  @Query(() => SignIn, {
    description:
      'Whether a person may sign in, and if not, why. For the frontend and administrators. A token of who may not any more is refused within five seconds.',
  })
  async signIn(
    @Ctx() context: GraphqlContext,
    @Arg('by', () => UserKey, { description: 'Who: exactly one of the fields.' }) by: UserKey,
  ): Promise<SignIn> {
    if (context.role === 'ANALYST')
      throw new Refusal('forbidden', 'Only the frontend and administrators may ask this.');
    const filter = userFilter(whereFromKey('User', by));
    const live = await findOne(context, allUsers, filter);
    if (!live) return refusalOfDeleted(context, filter);
    const lock = await context.batch('sign-in lock', live.id, signInLocksOf);
    if (lock) return { ...refused('LOCKED'), user: live };
    if (live.status === 'DEACTIVATED') return { ...refused('DEACTIVATED'), user: live };
    return { allowed: true, explanation: 'This person may enter.', user: live };
  }
}

/** A name is free again after a deletion: of several who had it, the last one counts. */
async function refusalOfDeleted(context: GraphqlContext, filter: ReturnType<typeof userFilter>): Promise<SignIn> {
  const query = { filter, withDeleted: false, sort: [], backward: true, after: undefined, limit: 1 };
  const [deleted] = await listRows(await context.scope(), deletedUsers, query);
  if (!deleted) return refused('UNKNOWN');
  return context.role === 'ADMIN' ? { ...refused('DELETED'), user: deleted } : refused('DELETED');
}

const refused = (reason: keyof typeof SignInRefusal): SignIn => ({
  allowed: false,
  reason,
  explanation: EXPLANATIONS[reason],
});
