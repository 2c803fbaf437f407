// App integrations: how an administrator connects an identity provider.
import { Arg, Ctx, Field, InputType, Int, Mutation, Resolver } from 'type-graphql';
import { createIntegration } from '../directory/integration/integrations.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { Compatibility, IssuesLevel, UsersAndGroupsLevel } from './enums.js';
import { requiredText } from './inputText.js';
import { AppIntegrationCredentialsPayload, refuseSecretYears, withCredentials } from './integrationPayloads.js';
import { payloadOf } from './userErrors.js';

@InputType({ description: 'A new app integration.' })
export class CreateAppIntegrationInput {
  @Field(() => String, { description: 'What administrators call it.' })
  name!: string;

  @Field(() => UsersAndGroupsLevel, { description: 'What it may do with people and groups. Provisioning needs FULL.' })
  usersAndGroups!: keyof typeof UsersAndGroupsLevel;

  @Field(() => IssuesLevel, { defaultValue: 'NONE', description: 'What it may do with issues.' })
  issues!: keyof typeof IssuesLevel;

  @Field(() => Compatibility, { defaultValue: 'ENTRA', description: 'How its SCIM requests are read.' })
  compatibility!: keyof typeof Compatibility;

  @Field(() => Int, { defaultValue: 2, description: 'How many years the first secret works: 1 to 3.' })
  secretYears!: number;
}

@Resolver()
export class IntegrationResolver {
  @Mutation(() => AppIntegrationCredentialsPayload, { description: 'Makes an app integration with its first secret.' })
  async createAppIntegration(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => CreateAppIntegrationInput, { description: 'The new app integration.' })
    input: CreateAppIntegrationInput,
  ): Promise<AppIntegrationCredentialsPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    return payloadOf(async () => {
      refuseSecretYears(input.secretYears);
      const attributes = { ...input, name: requiredText('name', input.name) };
      return withCredentials(context, await createIntegration(deps.db, actor, request, attributes));
    });
  }
}
