// What an administrator should know about the secrets of an app integration before provisioning stops.
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { type SecretWarning, type SecretWarningKind, secretWarnings } from '../directory/integration/secretWarnings.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { words } from './enums.js';
import { AppIntegration, listedByClientId } from './integrationObject.js';
import { UUID } from './scalars.js';

export const WarningKind = words<SecretWarningKind>('AppIntegrationWarningKind', 'What a warning is about.', {
  SECRET_EXPIRES: 'The last secret that works ends within 30 days.',
  NO_LIVE_SECRET: 'No secret works any more.',
  OLD_SECRET_IN_USE: 'A secret is still used although a newer one was made.',
});

@ObjectType('AppIntegrationWarning', {
  simpleResolvers: true,
  description: 'Something to do before provisioning stops.',
})
export class AppIntegrationWarning {
  @Field(() => WarningKind, { description: 'What it is about.' })
  kind!: SecretWarningKind;

  @Field(() => String, { description: 'What is, what will happen, and what to do, for an administrator.' })
  message!: string;

  @Field(() => UUID, { nullable: true, description: 'The secret it is about; null where there is none.' })
  secretId!: string | null;

  @Field(() => Int, { nullable: true, description: 'Days until that secret ends; null while it is more than 30.' })
  daysLeft!: number | null;
}

@Resolver(() => AppIntegration)
export class IntegrationWarningsResolver {
  @FieldResolver(() => [AppIntegrationWarning], {
    description: 'What to do about its secrets; empty when nothing. For administrators.',
  })
  async warnings(
    @Root() { clientId }: AppIntegration,
    @Ctx() context: GraphqlContext,
  ): Promise<readonly SecretWarning[]> {
    requireAdministrator(context);
    const found = await listedByClientId(context, clientId);
    return found ? secretWarnings(found, context.request.now) : [];
  }
}
