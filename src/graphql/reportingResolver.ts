// Who is above and below a person. For a page of people each field is one statement.
import { type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import { peopleById } from '../directory/lists.js';
import { allReportsOf, type PersonRow } from '../directory/sources.js';
import { type Chain, chainsOf, spansOf } from '../directory/user/reporting.js';
import { Refusal } from '../refusal.js';
import { asAsked } from './askedOfPeople.js';
import { type GraphqlContext } from './context.js';
import { listOfPeople } from './lists.js';
import { UserListArgs } from './listArgs.js';
import { connectTo } from './listOfEach.js';
import { ManagerChain, SpanObject } from './reportingObjects.js';
import { UserConnection, UserObject } from './userObject.js';

export const LONGEST_CHAIN = 50;
const TOP: Chain = { ids: [], cycle: false, truncated: false };

@Resolver(() => UserObject)
export class ReportingResolver {
  @FieldResolver(() => ManagerChain, {
    description: 'The manager, the manager of the manager and so on. Stops at a circle, and says so.',
  })
  async managerChain(
    @Root() { id }: PersonRow,
    @Ctx() { batch }: GraphqlContext,
    @Arg('atMost', () => Int, { defaultValue: 15, description: `How many managers at most: 1 to ${LONGEST_CHAIN}.` })
    atMost: number,
  ) {
    if (atMost < 1 || atMost > LONGEST_CHAIN) {
      throw new Refusal('invalidValue', `atMost must be from 1 to ${LONGEST_CHAIN}.`);
    }
    const chain = (await batch(`manager chain of ${atMost}`, id, chainsOf(atMost))) ?? TOP;
    return {
      ...chain,
      nodes: () => Promise.all(chain.ids.map(async (manager) => batch('person', manager, peopleById))),
    };
  }

  @FieldResolver(() => UserConnection, {
    description:
      'Everybody who reports to this person, directly or through others. In a circle, not the person itself.',
  })
  allReports(
    @Root() { id }: PersonRow,
    @Ctx() context: GraphqlContext,
    @Args(() => UserListArgs) args: UserListArgs,
    @Info() info: GraphQLResolveInfo,
  ) {
    return connectTo(context, info, id, args, () =>
      listOfPeople(context, 'allReports', asAsked(allReportsOf, info), args),
    );
  }

  @FieldResolver(() => SpanObject, { description: 'How many people report to this person.' })
  async span(@Root() { id }: PersonRow, @Ctx() { batch }: GraphqlContext): Promise<SpanObject> {
    return (await batch('span', id, spansOf)) ?? { direct: 0, total: 0, depth: 0 };
  }
}
