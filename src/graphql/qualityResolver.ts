// The quality of the data: each problem with its count, what it means, and the people or groups that have it.
import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { countProblems, groupsWith, peopleWith, type ProblemName } from '../directory/analytics/dataQuality.js';
import { QualityProblem } from './analyticsEnums.js';
import { Analytics, QualityFinding } from './analyticsObjects.js';
import { SCAN_COST } from './analyticsResolver.js';
import { connect } from './connection.js';
import { type GraphqlContext } from './context.js';
import { GroupConnection } from './groupObject.js';
import { GroupListArgs, UserListArgs } from './listArgs.js';
import { listOfGroups, listOfPeople } from './lists.js';
import { UserConnection } from './userObject.js';

const EXPLANATIONS: Readonly<Record<ProblemName, string>> = {
  NO_EMAIL:
    'There is no e-mail address to reach them at, and no userName that is one. Give them a mailbox, or map an address to `emails` at the identity provider.',
  NO_MANAGER:
    'The identity provider never sent a manager. That is right for the head of the organisation; for others, set the manager there.',
  UNRESOLVED_MANAGER:
    'Nobody here has the id, userName or e-mail address that was sent as manager. Most often the manager is not assigned to the application at the identity provider.',
  INACTIVE_MANAGER:
    'The manager has been deactivated, so that whatever goes to the manager reaches nobody. Name a new one at the identity provider.',
  MANAGER_CYCLE:
    'Following managers upwards leads back to the same person, so that nobody is at the top. One of them must report to somebody else.',
  NO_DEPARTMENT: 'They are missing wherever people are counted or chosen by department.',
  DUPLICATE_EMPLOYEE_NUMBER:
    'Another active person has the same employee number: one person who is here twice, or a number that was given out twice.',
  EMPTY_GROUP: 'Nobody is in the group. Whatever is meant for it reaches nobody.',
};
const ALL = Object.keys(EXPLANATIONS) as ProblemName[];

@Resolver(() => Analytics)
export class QualityResolver {
  @FieldResolver(() => [QualityFinding], {
    description: 'What is wrong with the data of active people and of groups; problems that nobody has are told too.',
    complexity: ({ args, childComplexity }) =>
      SCAN_COST + ((args as { problems?: ProblemName[] | null }).problems ?? ALL).length * childComplexity,
  })
  dataQuality(
    @Arg('problems', () => [QualityProblem], { nullable: true, description: 'Only these; all when absent.' })
    problems: ProblemName[] | undefined,
  ): QualityFinding[] {
    return [...new Set(problems ?? ALL)].map((problem) => ({ problem, explanation: EXPLANATIONS[problem] }));
  }
}

@Resolver(() => QualityFinding)
export class FindingResolver {
  @FieldResolver(() => Int, { description: 'How many people or groups have the problem.' })
  count(@Root() { problem }: QualityFinding, @Ctx() context: GraphqlContext) {
    return countOf(context, problem);
  }

  @FieldResolver(() => UserConnection, { nullable: true, description: 'Who has the problem; null for one of groups.' })
  people(
    @Root() { problem }: QualityFinding,
    @Ctx() context: GraphqlContext,
    @Args(() => UserListArgs) args: UserListArgs,
  ) {
    const source = peopleWith(problem);
    if (!source) return null;
    const list = listOfPeople(context, problem, source, args);
    // With deleted people the list would leave out the problem: nobody who is not active has one.
    const page = connect(context, { ...list, withDeleted: false }, args);
    return args.where ? page : { ...page, totalCount: () => countOf(context, problem) };
  }

  @FieldResolver(() => GroupConnection, {
    nullable: true,
    description: 'Groups with the problem; null for one of people.',
  })
  groups(
    @Root() { problem }: QualityFinding,
    @Ctx() context: GraphqlContext,
    @Args(() => GroupListArgs) args: GroupListArgs,
  ) {
    const source = groupsWith(problem);
    return source ? connect(context, listOfGroups(problem, source, args), args) : null;
  }
}

const countOf = async (context: GraphqlContext, problem: ProblemName): Promise<number> =>
  (await context.batch('problems', problem, (scope, keys) => countProblems(scope, keys as ProblemName[]))) ?? 0;
