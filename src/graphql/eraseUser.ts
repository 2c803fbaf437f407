// Erasing a person for good, on request of that person or when the time to keep data is over.
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { eraseUser } from '../directory/user/eraseUser.js';
import { UserInput } from './changeUser.js';
import { type GraphqlContext } from './context.js';
import { inUser } from './inUser.js';
import { UserPayload } from './userPayload.js';

@Resolver()
export class EraseUserResolver {
  @Mutation(() => UserPayload, {
    description:
      'Erases a deactivated or deleted person, whoever managed the person: personal data goes from the directory, its history and the provisioning log, for good. That there was somebody remains, with the id and the times. The identity provider cannot bring the person back: it makes somebody new.',
  })
  eraseUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UserInput, { description: 'Whom.' }) { id }: UserInput,
  ): Promise<UserPayload> {
    // What is remembered of somebody may be much.
    return inUser(context, id, async (scope, uuid) => {
      scope.request.inFlight?.takesItsTime();
      const user = await eraseUser(scope, uuid);
      return () => user;
    });
  }
}
