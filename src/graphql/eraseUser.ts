// Erasing a person for good, on request of that person or when the time to keep data is over.
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { type WriteScope, writeIn } from '../directory/scope.js';
import { eraseUser } from '../directory/user/eraseUser.js';
import { UserInput } from './changeUser.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { userIdOf } from './inputId.js';
import { namedBy, payloadOf } from './userErrors.js';
import { UserPayload } from './userPayload.js';

@Resolver()
export class EraseUserResolver {
  @Mutation(() => UserPayload, {
    description:
      'Erases a deactivated or deleted person, whoever managed the person: personal data goes from the directory, its history and the provisioning log, for good. That there was somebody remains, with the id and the times. The identity provider cannot bring the person back: it makes somebody new.',
  })
  async eraseUser(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => UserInput, { description: 'Whom.' }) { id }: UserInput,
  ): Promise<UserPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    return payloadOf(async () => {
      const uuid = userIdOf('id', id);
      const write = async (scope: WriteScope) => {
        const user = await eraseUser(scope, uuid);
        return () => user;
      };
      return { user: await namedBy('id', () => writeIn(deps.db, actor, request, write)) };
    });
  }
}
