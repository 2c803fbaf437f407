// The budget of requests of an app integration, given and taken away by administrators.
import { Arg, Ctx, Field, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { setRequestBudget } from '../directory/integration/requestBudget.js';
import { changed } from './changeIntegration.js';
import { type GraphqlContext } from './context.js';
import { AppIntegrationPayload } from './integrationPayloads.js';
import { UUID } from './scalars.js';

@InputType({ description: 'How many requests of an app integration are answered.' })
export class RequestBudgetInput {
  @Field(() => Int, { description: 'So many a second in the long run: 1 to 10 000.' })
  requestsPerSecond!: number;

  @Field(() => Int, { description: 'So many at once: at least requestsPerSecond, at most 100 000.' })
  burst!: number;
}

@InputType({ description: 'The budget of an app integration.' })
export class SetAppIntegrationBudgetInput {
  @Field(() => UUID, { description: 'The Client ID.' })
  clientId!: string;

  @Field(() => RequestBudgetInput, { nullable: true, description: 'Its budget; null or absent takes it away.' })
  budget?: RequestBudgetInput | null;
}

@Resolver()
export class ChangeBudgetResolver {
  @Mutation(() => AppIntegrationPayload, {
    description:
      'Gives an app integration a budget of requests, or takes it away. Beyond it, SCIM and GraphQL answer 429 with Retry-After. Every process knows within seconds.',
  })
  setAppIntegrationBudget(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => SetAppIntegrationBudgetInput, { description: 'Which, and how much.' })
    { clientId, budget }: SetAppIntegrationBudgetInput,
  ): Promise<AppIntegrationPayload> {
    return changed(context, clientId, ({ deps, actor, request }) =>
      setRequestBudget(deps.db, actor, request, clientId, budget ?? null),
    );
  }
}
