// How a mutation works on one person that exists: who may, in one transaction, and what was wrong with the input as `userErrors`.
import { type WriteScope, writeIn } from '../directory/scope.js';
import { type UserRow } from '../directory/user/userRow.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { userIdOf } from './inputId.js';
import { namedBy, payloadOf } from './userErrors.js';
import { type UserPayload } from './userPayload.js';

/** `id` is the global id of the input. `work` gets the person's own, and resolves to what gives the person as it is afterwards. */
export async function inUser(
  context: GraphqlContext,
  id: string,
  work: (scope: WriteScope, uuid: string) => Promise<() => UserRow | Promise<UserRow>>,
): Promise<UserPayload> {
  requireAdministrator(context);
  await context.renew();
  const { deps, actor, request } = context;
  return payloadOf(async () => {
    const uuid = userIdOf('id', id);
    return { user: await namedBy('id', () => writeIn(deps.db, actor, request, (scope) => work(scope, uuid))) };
  });
}
