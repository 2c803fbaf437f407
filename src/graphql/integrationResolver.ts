// App integrations: how an administrator connects an identity provider.
import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { createIntegration, type ShownSecret } from '../directory/integration/integrations.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { Compatibility, IssuesLevel, UsersAndGroupsLevel } from './enums.js';
import { requiredText } from './inputText.js';
import { DateTime, UUID } from './scalars.js';
import { InputRefusal, payloadOf, UserError } from './userErrors.js';

@ObjectType('AppIntegration', {
  simpleResolvers: true,
  description: 'An OAuth 2.0 client of the tenant, such as Microsoft Entra ID.',
})
export class AppIntegration {
  @Field(() => UUID, { description: 'The Client ID.' })
  clientId!: string;

  @Field(() => String, { description: 'What administrators call it.' })
  name!: string;

  @Field(() => UsersAndGroupsLevel, { description: 'What it may do with people and groups.' })
  usersAndGroups!: keyof typeof UsersAndGroupsLevel;

  @Field(() => IssuesLevel, { description: 'What it may do with issues.' })
  issues!: keyof typeof IssuesLevel;

  @Field(() => Compatibility, { description: 'How its SCIM requests are read.' })
  compatibility!: keyof typeof Compatibility;
}

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

@ObjectType({ simpleResolvers: true, description: 'What createAppIntegration answers. The secret is shown this once.' })
export class CreateAppIntegrationPayload {
  @Field(() => AppIntegration, { nullable: true, description: 'The app integration; null where the input was wrong.' })
  appIntegration?: AppIntegration;

  @Field(() => String, { nullable: true, description: 'The Client Secret. Nobody can read it again.' })
  clientSecret?: string;

  @Field(() => DateTime, { nullable: true, description: 'Until when the secret works.' })
  secretExpiresAt?: Date;

  @Field(() => String, { nullable: true, description: 'The Token Endpoint, for Entra ID.' })
  tokenEndpoint?: string;

  @Field(() => String, { nullable: true, description: 'The Tenant URL, for Entra ID.' })
  tenantUrl?: string;

  @Field(() => String, {
    nullable: true,
    description: 'A request for a token with these credentials, for a shell with curl.',
  })
  exampleTokenRequest?: string;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@Resolver()
export class IntegrationResolver {
  @Mutation(() => CreateAppIntegrationPayload, { description: 'Makes an app integration with its first secret.' })
  async createAppIntegration(
    @Ctx() context: GraphqlContext,
    @Arg('input', () => CreateAppIntegrationInput, { description: 'The new app integration.' })
    input: CreateAppIntegrationInput,
  ): Promise<CreateAppIntegrationPayload> {
    requireAdministrator(context);
    await context.renew();
    const { deps, actor, request } = context;
    return payloadOf(async () => {
      if (![1, 2, 3].includes(input.secretYears)) {
        throw new InputRefusal('INVALID', ['secretYears'], 'A secret works for 1, 2 or 3 years.');
      }
      const attributes = { ...input, name: requiredText('name', input.name) };
      const secret = await createIntegration(deps.db, actor, request, attributes);
      const { clientId } = secret;
      return { appIntegration: { ...attributes, clientId }, ...credentials(secret, deps.publicUrl) };
    });
  }
}

function credentials({ clientId, clientSecret, expiresAt }: ShownSecret, publicUrl: string) {
  const tokenEndpoint = `${publicUrl}/oauth2/token`;
  return {
    clientSecret,
    secretExpiresAt: expiresAt,
    tokenEndpoint,
    tenantUrl: `${publicUrl}/scim/v2`,
    exampleTokenRequest: `curl ${tokenEndpoint} -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret}`,
  };
}
