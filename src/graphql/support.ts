// What SpeakUp's support asks for when provisioning fails, in one answer and as a text to paste.
import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { countManaged, type Trouble, troubleOf } from '../directory/integration/status.js';
import { DeactivationBrake, shownBrake } from './brakeObject.js';
import { type GraphqlContext } from './context.js';
import { AppIntegration } from './integrationObject.js';
import { integrationOf } from './integrationStatus.js';
import { ForRoles } from './introspection.js';
import { ProvisioningEntryObject } from './provisioningLogObjects.js';
import { DateTime } from './scalars.js';

const optional = (description: string) => ({ nullable: true, description });

@ObjectType('SupportCase', { simpleResolvers: true, description: 'What support asks for when provisioning fails.' })
export class SupportCase {
  @Field(() => AppIntegration, { description: 'The app integration.' })
  appIntegration!: unknown;

  @Field(
    () => ProvisioningEntryObject,
    optional('The last request that was not done, with the exact error; null where there was none in the log.'),
  )
  lastError?: unknown;

  @Field(() => Int, {
    description: 'How many people of the tenant the identity provider manages, deactivated ones too.',
  })
  managedPeople!: number;

  @Field(
    () => DateTime,
    optional(
      'Since when it fails: the first request that was not done after the last that was. Null while the last request was done.',
    ),
  )
  failingSince?: string;

  @Field(() => Int, { description: 'How many requests were not done since then.' })
  failures!: number;

  @Field(() => DateTime, optional('When the last request was done.'))
  lastSuccessAt?: string;

  @Field(() => [String], {
    description: 'The ids of the last requests that were not done, the newest first, ten at most.',
  })
  requestIds!: readonly string[];

  @Field(() => DeactivationBrake, { description: 'The brake on mass deactivations by provisioning.' })
  deactivationBrake!: unknown;

  @Field(() => String, { description: 'All of it as a text, ready to paste.' })
  text!: string;
}

@Resolver()
export class SupportResolver {
  @ForRoles('ADMIN')
  @Query(() => SupportCase, {
    nullable: true,
    description:
      'What support asks for about an app integration; null where this tenant has none of this id. The log goes back 30 days. For administrators.',
  })
  async support(
    @Ctx() context: GraphqlContext,
    @Arg('integration', () => ID, { description: 'The Client ID.' }) integration: string,
  ): Promise<SupportCase | null> {
    const appIntegration = await integrationOf(context, integration);
    if (!appIntegration) return null;
    const scope = await context.scope();
    const [managedPeople, trouble, brake] = await Promise.all([
      countManaged(scope),
      troubleOf(scope, appIntegration.clientId),
      shownBrake(context),
    ]);
    const { last: lastError, ...more } = trouble;
    const text = textOf(context, appIntegration, { managedPeople, brake, ...trouble });
    return { appIntegration, lastError, managedPeople, ...more, deactivationBrake: brake, text };
  }
}

interface Known extends Trouble {
  readonly managedPeople: number;
  readonly brake: DeactivationBrake;
}

function textOf(
  { actor, request }: GraphqlContext,
  { name, clientId, compatibility }: AppIntegration,
  { managedPeople, brake, last, lastSuccessAt, failingSince, failures, requestIds }: Known,
): string {
  const error = last
    ? [
        `Exact error: ${last.status}${last.scimType === null ? '' : ` ${last.scimType}`}: ${last.detail ?? last.sentence}`,
        `Request: ${last.method}, ${moment(last.at)}, request id ${last.requestId}`,
      ]
    : ['Exact error: none in the provisioning log'];
  const since = failingSince
    ? `Failing since: ${moment(failingSince)} (${failures} ${failures === 1 ? 'request' : 'requests'} not done)`
    : 'Failing since: not failing';
  return [
    `SpeakUp provisioning, tenant ${actor.tenantSlug}, ${moment(request.now)}`,
    `App integration: ${name} (Client ID ${clientId}, profile ${compatibility})`,
    ...error,
    since,
    `Last request that was done: ${lastSuccessAt ? moment(lastSuccessAt) : 'none in the provisioning log'}`,
    `People managed: ${managedPeople}`,
    `Deactivation brake: ${brake.state}. ${brake.explanation}`,
    `Request ids: ${requestIds.length > 0 ? requestIds.join(', ') : 'none'}`,
  ].join('\n');
}

const moment = (at: string | Date): string => new Date(at).toISOString();
