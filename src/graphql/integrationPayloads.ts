// What the mutations of app integrations answer.
import { Field, ObjectType } from 'type-graphql';
import { type ShownSecret } from '../directory/integration/integrations.js';
import { type GraphqlContext } from './context.js';
import { AppIntegration, integrationByClientId } from './integrationObject.js';
import { DateTime } from './scalars.js';
import { InputRefusal, UserError } from './userErrors.js';

@ObjectType('AppIntegrationPayload', {
  simpleResolvers: true,
  description: 'What the mutations of an app integration answer.',
})
export class AppIntegrationPayload {
  @Field(() => AppIntegration, {
    nullable: true,
    description: 'The app integration as it is now; null where the input was wrong.',
  })
  appIntegration?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}

@ObjectType('AppIntegrationCredentialsPayload', {
  simpleResolvers: true,
  description: 'An app integration with a new secret, which is shown this once.',
})
export class AppIntegrationCredentialsPayload extends AppIntegrationPayload {
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
}

/** What is shown of an integration with a secret just made. */
export function withCredentials(context: GraphqlContext, { clientId, clientSecret, expiresAt }: ShownSecret) {
  const { publicUrl } = context.deps;
  const tokenEndpoint = `${publicUrl}/oauth2/token`;
  return {
    appIntegration: () => integrationByClientId(context, clientId),
    clientSecret,
    secretExpiresAt: expiresAt,
    tokenEndpoint,
    tenantUrl: `${publicUrl}/scim/v2`,
    exampleTokenRequest: `curl ${tokenEndpoint} -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret}`,
  };
}

/** Refuses with INVALID what no secret lives for. */
export function refuseSecretYears(years: number): void {
  if ([1, 2, 3].includes(years)) return;
  throw new InputRefusal('INVALID', ['secretYears'], 'A secret works for 1, 2 or 3 years.');
}
