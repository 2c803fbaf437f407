// An app integration, as GraphQL shows one to administrators. A secret is not in it: nobody can read one again.
import { Field, Int, ObjectType } from 'type-graphql';
import {
  integrationsById,
  type ListedIntegration,
  type ListedSecret,
} from '../directory/integration/listedIntegrations.js';
import { type GraphqlContext } from './context.js';
import { Compatibility, IntegrationState, IssuesLevel, SecretState, UsersAndGroupsLevel } from './enums.js';
import { DateTime, UUID } from './scalars.js';

@ObjectType('ClientSecret', {
  simpleResolvers: true,
  description: 'A Client Secret of an app integration, without the secret itself.',
})
export class ClientSecret {
  @Field(() => UUID, { description: 'By what history names the secret.' })
  id!: string;

  @Field(() => SecretState, { description: 'Whether it works.' })
  state!: keyof typeof SecretState;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Until when it works, unless it is revoked before.' })
  expiresAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null where it was not.' })
  revokedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When a token was last asked for with it, to the minute; null where none was.',
  })
  lastUsedAt!: Date | null;
}

@ObjectType('RequestBudget', {
  simpleResolvers: true,
  description: 'How many requests of an app integration are answered; further ones are 429.',
})
export class RequestBudget {
  @Field(() => Int, { description: 'So many a second in the long run.' })
  requestsPerSecond!: number;

  @Field(() => Int, { description: 'So many at once, when none came for a while.' })
  burst!: number;
}

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

  @Field(() => IntegrationState, { description: 'Whether it may come in.' })
  state!: keyof typeof IntegrationState;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Since when it is disabled; null where it is not.' })
  disabledAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null where it was not.' })
  revokedAt!: Date | null;

  @Field(() => RequestBudget, {
    nullable: true,
    description: 'How many requests it may send; null where they are not counted, which is how it begins.',
  })
  budget!: RequestBudget | null;

  @Field(() => [ClientSecret], { description: 'Its secrets, the oldest first; those that have ended too.' })
  secrets!: readonly ClientSecret[];
}

/** An integration at a moment. */
export const shownIntegration = ({ id, secrets, ...rest }: ListedIntegration, now: Date): AppIntegration => ({
  ...rest,
  clientId: id,
  state: rest.revokedAt ? 'REVOKED' : rest.disabledAt ? 'DISABLED' : 'ENABLED',
  secrets: secrets.map((secret) => ({ ...secret, state: secretState(secret, now) })),
});

function secretState({ revokedAt, expiresAt }: ListedSecret, now: Date): keyof typeof SecretState {
  if (revokedAt) return 'REVOKED';
  return expiresAt > now ? 'LIVE' : 'EXPIRED';
}

/** The tenant's integration of a client id, asked for with all others of the operation. */
export const listedByClientId = async (context: GraphqlContext, id: string): Promise<ListedIntegration | undefined> =>
  context.batch('integration', id, integrationsById);

/** The same as it is shown. */
export async function integrationByClientId(context: GraphqlContext, id: string): Promise<AppIntegration | undefined> {
  const found = await listedByClientId(context, id);
  return found && shownIntegration(found, context.request.now);
}
