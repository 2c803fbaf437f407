// Analytics: head counts, spans of control, and who came and left. The quality of the data is in qualityResolver.ts.
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { peopleFlow, type PeriodName } from '../directory/analytics/flow.js';
import { headcount, type DimensionName, type HeadcountOrderName } from '../directory/analytics/headcount.js';
import { largestSpans, spanDistribution, spanFigures } from '../directory/analytics/spanOfControl.js';
import { peopleById } from '../directory/lists.js';
import { type Selection } from '../directory/pageSql.js';
import { allUsers } from '../directory/sources.js';
import { Refusal } from '../refusal.js';
import { Dimension, HeadcountOrder, Period } from './analyticsEnums.js';
import { Analytics, FlowPeriod, Headcount, ManagerSpan, SpanOfControl } from './analyticsObjects.js';
import { type GraphqlContext } from './context.js';
import { toGlobalId } from './globalId.js';
import { ForRoles } from './introspection.js';
import { listOfPeople } from './lists.js';
import { DateTime } from './scalars.js';
import { type UserCondition, UserWhere } from './whereInputs.js';

/** What a pass over the people of the tenant costs, in objects. */
export const SCAN_COST = 2000;
const MOST_ROWS = 1000;
const MOST_MANAGERS = 100;

@ArgsType()
class HeadcountArgs {
  @Field(() => [Dimension], { description: 'One or two things to count by.' })
  by!: DimensionName[];

  @Field(() => UserWhere, { nullable: true, description: 'Only people for whom this holds.' })
  where?: UserCondition;

  @Field(() => HeadcountOrder, { defaultValue: 'COUNT_DESC', description: 'The order of the rows.' })
  orderBy!: HeadcountOrderName;

  @Field(() => Int, { defaultValue: 100, description: `How many rows to answer: 1 to ${MOST_ROWS}.` })
  first!: number;
}

@Resolver(() => Analytics)
export class AnalyticsResolver {
  @Query(() => Analytics, { description: 'Figures about all people, for analysts and administrators.' })
  @ForRoles('ANALYST', 'ADMIN')
  analytics(@Ctx() { role }: GraphqlContext): Analytics {
    if (role === 'FRONTEND') throw new Refusal('forbidden', 'Only analysts and administrators may see analytics.');
    return {};
  }

  @FieldResolver(() => Headcount, {
    description: 'How many people there are, by one or two things. Values are compared exactly as sent.',
    complexity: ({ args, childComplexity }) => SCAN_COST + Math.max(1, (args as HeadcountArgs).first) * childComplexity,
  })
  async headcount(@Ctx() context: GraphqlContext, @Args(() => HeadcountArgs) args: HeadcountArgs): Promise<Headcount> {
    const { by, where, orderBy: order, first } = args;
    if (by.length < 1 || by.length > 2 || new Set(by).size < by.length) {
      throw new Refusal('invalidValue', 'by takes one dimension, or two different ones.');
    }
    const limit = rowsFrom(first, MOST_ROWS);
    const query = { ...selectionOf(context, where), by, order, limit };
    const { rows, total, groups } = await headcount(await context.scope(), query);
    const keyOf = (value: string | null, place: number) => keyFrom(context, by[place] as DimensionName, value);
    const shown = rows.map((row) => ({ ...row, keys: row.keys.map(keyOf), share: row.people / total }));
    return { rows: shown, total, rowCount: groups };
  }

  @FieldResolver(() => [FlowPeriod], {
    description:
      'People who joined, moved, left and came back in each period, also in those in which nothing happened.',
    complexity: ({ childComplexity }) => SCAN_COST + childComplexity,
  })
  async flow(
    @Ctx() context: GraphqlContext,
    @Arg('from', () => DateTime, { description: 'What happened at this moment or after it.' }) from: Date,
    @Arg('to', () => DateTime, { description: 'What happened before this moment.' }) to: Date,
    @Arg('period', () => Period, { defaultValue: 'MONTH', description: 'How long a period is.' }) period: PeriodName,
  ): Promise<FlowPeriod[]> {
    return peopleFlow(await context.scope(), from, to, period);
  }

  @FieldResolver(() => SpanOfControl, {
    description: 'How many direct reports managers have.',
    complexity: ({ childComplexity }) => SCAN_COST + childComplexity,
  })
  async spanOfControl(
    @Ctx() context: GraphqlContext,
    @Arg('where', () => UserWhere, { nullable: true, description: 'Counts only reports for whom this holds.' })
    where: UserCondition | undefined,
    @Arg('includeInactive', () => Boolean, { defaultValue: false, description: 'Counts deactivated reports too.' })
    includeInactive: boolean,
  ): Promise<SpanOfControl & Spans> {
    const spans = selectionOf(
      context,
      includeInactive ? where : { and: [{ active: true }, ...(where ? [where] : [])] },
    );
    const distribution = await spanDistribution(await context.scope(), spans);
    return { ...spanFigures(distribution), distribution, spans };
  }
}

/** Whose reports are counted. */
interface Spans {
  readonly spans: Selection;
}

@Resolver(() => SpanOfControl)
export class SpanResolver {
  @FieldResolver(() => [ManagerSpan], {
    description: 'The managers with most direct reports.',
    complexity: ({ args, childComplexity }) =>
      SCAN_COST + Math.max(1, (args as { first: number }).first) * childComplexity,
  })
  async top(
    @Root() { spans }: Spans,
    @Ctx() context: GraphqlContext,
    @Arg('first', () => Int, { defaultValue: 10, description: `How many: 1 to ${MOST_MANAGERS}.` }) first: number,
  ): Promise<ManagerSpan[]> {
    const limit = rowsFrom(first, MOST_MANAGERS);
    const found = await largestSpans(await context.scope(), spans, limit);
    return found.map(({ managerId, directReports }) => ({ manager: personOf(context, managerId), directReports }));
  }
}

function selectionOf(context: GraphqlContext, where: UserCondition | undefined): Selection {
  const { filter, withDeleted } = listOfPeople(context, 'analytics', allUsers, { where });
  return { filter, withDeleted };
}

function keyFrom(context: GraphqlContext, dimension: DimensionName, value: string | null) {
  if (dimension !== 'MANAGER' || value === null) return { dimension, value };
  return { dimension, value: toGlobalId('User', value), manager: personOf(context, value) };
}

/** Asked for only where the query does. */
const personOf = (context: GraphqlContext, id: string) => () => context.batch('person', id, peopleById);

function rowsFrom(first: number, most: number): number {
  if (first >= 1 && first <= most) return first;
  throw new Refusal('invalidValue', `first must be from 1 to ${most}.`);
}
