// How an app integration is doing: set-up steps seen, what it did lately, whether it has gone quiet.
import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { isUuid } from '../directory/id.js';
import { type Activity, activityOf, type ActivityRow, countsSince } from '../directory/integration/status.js';
import { DeactivationBrake, shownBrake } from './brakeObject.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { words } from './enums.js';
import { ForRoles } from './introspection.js';
import { AppIntegration, integrationByClientId } from './integrationObject.js';
import { DateTime } from './scalars.js';

const HOUR_MS = 3_600_000;
/** Entra ID runs a cycle every 40 minutes. */
const TWO_CYCLES_MS = 80 * 60_000;

/** In the order in which a set-up goes, and what each is seen by. */
const SEEN_BY = {
  TOKEN_FETCHED: 'TOKEN',
  CONNECTION_TESTED: 'LOOKUP',
  FIRST_USER: 'USER',
  FIRST_GROUP: 'GROUP',
  FIRST_MEMBER: 'MEMBER',
  FIRST_CHANGE: 'CHANGE',
} as const satisfies Record<string, Activity>;

export const SetUpStep = words<keyof typeof SEEN_BY>(
  'SetUpStep',
  'What happens, in this order, when an identity provider is connected.',
  {
    TOKEN_FETCHED: 'It fetched a token: Token Endpoint, Client ID and Client Secret are right.',
    CONNECTION_TESTED:
      'It looked for a person or group, as Test Connection does, and was answered: the Tenant URL is right.',
    FIRST_USER: 'It provisioned a person, or took one over.',
    FIRST_GROUP: 'It provisioned a group.',
    FIRST_MEMBER: 'It put somebody into a group.',
    FIRST_CHANGE: 'It changed a person or group that was there.',
  },
);

@ObjectType('SetUpStepSeen', { simpleResolvers: true, description: 'A step of the set-up, and whether it was seen.' })
export class SetUpStepSeen {
  @Field(() => SetUpStep, { description: 'The step.' })
  step!: keyof typeof SetUpStep;

  @Field(() => DateTime, { nullable: true, description: 'When it was first seen; null where it was not yet.' })
  firstAt?: string;
}

@ObjectType('ProvisioningCounts', { simpleResolvers: true, description: 'What an app integration did in some time.' })
export class ProvisioningCounts {
  @Field(() => Int, { description: 'People and groups made, taken over or brought back.' })
  created!: number;

  @Field(() => Int, { description: 'Changes of people and groups that were there.' })
  updated!: number;

  @Field(() => Int, { description: 'People deactivated.' })
  deactivated!: number;

  @Field(() => Int, { description: 'People and groups deleted.' })
  deleted!: number;

  @Field(() => Int, { description: 'Requests that were not done: refused, or failed on our side.' })
  failed!: number;
}

@ObjectType('IntegrationStatus', { simpleResolvers: true, description: 'How an app integration is doing.' })
export class IntegrationStatus {
  @Field(() => [SetUpStepSeen], { description: 'The steps of the set-up, in order.' })
  steps!: readonly SetUpStepSeen[];

  @Field(() => DateTime, { nullable: true, description: 'When it last fetched a token, to the minute.' })
  lastTokenAt?: string;

  @Field(() => DateTime, { nullable: true, description: 'When it last sent a SCIM request, to the minute.' })
  lastRequestAt?: string;

  @Field(() => ProvisioningCounts, { description: 'What it did in the last 24 hours.' })
  last24Hours!: unknown;

  @Field(() => Boolean, {
    description:
      'Whether nothing came from it, neither a token request nor a SCIM request, for longer than two cycles of Entra ID (80 minutes). True too where nothing ever came.',
  })
  quiet!: boolean;

  @Field(() => DeactivationBrake, {
    description: 'The brake of the tenant on mass deactivations by provisioning, whichever app integration sent them.',
  })
  deactivationBrake!: unknown;
}

@Resolver(() => AppIntegration)
export class IntegrationStatusResolver {
  @ForRoles('ADMIN')
  @Query(() => IntegrationStatus, {
    nullable: true,
    description: 'How an app integration is doing; null where this tenant has none of this id. For administrators.',
  })
  async integrationStatus(
    @Ctx() context: GraphqlContext,
    @Arg('integration', () => ID, { description: 'The Client ID.' }) integration: string,
  ): Promise<IntegrationStatus | null> {
    const found = await integrationOf(context, integration);
    return found ? statusOf(context, found.clientId) : null;
  }

  @FieldResolver(() => IntegrationStatus, { description: 'How it is doing; for administrators.' })
  status(@Root() { clientId }: AppIntegration, @Ctx() context: GraphqlContext): Promise<IntegrationStatus> {
    requireAdministrator(context);
    return statusOf(context, clientId);
  }
}

/** The integration of a Client ID; undefined where this tenant has none. Refuses with `forbidden` all but administrators. */
export async function integrationOf(context: GraphqlContext, id: string): Promise<AppIntegration | undefined> {
  requireAdministrator(context);
  const clientId = id.toLowerCase();
  return isUuid(clientId) ? integrationByClientId(context, clientId) : undefined;
}

async function statusOf(context: GraphqlContext, clientId: string): Promise<IntegrationStatus> {
  const { now } = context.request;
  const known = new Map((await activityOf(await context.scope(), clientId)).map((row) => [row.activity, row]));
  const steps = Object.entries(SEEN_BY).map(([step, activity]) => ({
    step: step as keyof typeof SEEN_BY,
    firstAt: known.get(activity)?.firstAt,
  }));
  return {
    steps,
    lastTokenAt: known.get('TOKEN')?.lastAt,
    lastRequestAt: known.get('REQUEST')?.lastAt,
    last24Hours: async () => countsSince(await context.scope(), clientId, new Date(now.getTime() - 24 * HOUR_MS)),
    quiet: isQuiet([...known.values()], now),
    deactivationBrake: () => shownBrake(context),
  };
}

const isQuiet = (known: readonly ActivityRow[], now: Date): boolean =>
  known.every(({ lastAt }) => now.getTime() - new Date(lastAt).getTime() > TWO_CYCLES_MS);
