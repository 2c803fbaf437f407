// An entry of the provisioning log, as GraphQL shows one.
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { connectionObject } from './connectionObjects.js';
import { AppIntegration } from './integrationObject.js';
import { NodeObject } from './nodeObject.js';
import { EntryOutcome, KindOfResource } from './recordEnums.js';
import { DateTime, UUID } from './scalars.js';
import { DateTimeFilter, StringFilter } from './whereInputs.js';

const optional = (description: string) => ({ nullable: true, description });

@ObjectType('ProvisioningEntry', {
  simpleResolvers: true,
  description: 'One SCIM request that wrote something or was not done. Names and addresses in it are masked.',
})
export class ProvisioningEntryObject {
  @Field(() => UUID, { description: 'The id of the entry.' })
  id!: string;

  @Field(() => DateTime, { description: 'When the request came.' })
  at!: Date;

  @Field(() => AppIntegration, optional('The app integration that sent it.'))
  appIntegration?: unknown;

  @Field(() => String, { description: 'What happened, in a sentence.' })
  sentence!: string;

  @Field(() => EntryOutcome, { description: 'How it ended.' })
  outcome!: keyof typeof EntryOutcome;

  @Field(() => String, { description: 'The HTTP method.' })
  method!: string;

  @Field(() => Int, { description: 'The HTTP status of the answer.' })
  status!: number;

  @Field(() => String, optional('The `scimType` of the error; null where there was none.'))
  scimType?: string;

  @Field(
    () => String,
    optional('The `detail` of the error, as the identity provider was told it; null where there was none.'),
  )
  detail?: string;

  @Field(() => [String], { description: 'The names of the leniencies that were needed to read the request.' })
  leniencies!: readonly string[];

  @Field(() => [String], { description: 'The attributes that were ignored, because they do not exist here.' })
  ignoredAttributes!: readonly string[];

  @Field(() => Float, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;

  @Field(() => String, { description: 'The id of the request, as its answer had it in `X-Request-Id`.' })
  requestId!: string;

  @Field(() => KindOfResource, optional('What the request was about; null where it did not come so far.'))
  resourceType?: keyof typeof KindOfResource;

  @Field(() => UUID, optional('The SCIM id of the person or group; null where the request named none.'))
  resourceId?: string;

  @Field(() => NodeObject, optional('The person or group as it is now, a deleted person too; null for what is gone.'))
  resource?: unknown;
}

export const ProvisioningLogConnection = connectionObject(
  'ProvisioningEntry',
  () => ProvisioningEntryObject,
  'entries of the provisioning log',
);

@InputType({ description: 'A condition on how a request ended.' })
export class ProvisioningOutcomeFilter {
  @Field(() => EntryOutcome, optional('Is this outcome.'))
  eq?: keyof typeof EntryOutcome;

  @Field(() => [EntryOutcome], optional('Is one of these.'))
  in?: (keyof typeof EntryOutcome)[];
}

@InputType({ description: 'Conditions on an entry of the provisioning log. All that is given must hold.' })
export class ProvisioningLogWhere {
  @Field(() => UUID, optional('The app integration, by its Client ID.'))
  appIntegration?: string;

  @Field(() => ProvisioningOutcomeFilter, optional('How the request ended.'))
  outcome?: ProvisioningOutcomeFilter;

  @Field(() => DateTimeFilter, optional('When the request came.'))
  at?: DateTimeFilter;

  @Field(() => UUID, optional('The person or group, by SCIM id.'))
  resource?: string;

  @Field(() => String, optional('The id of the request.'))
  requestId?: string;

  @Field(() => StringFilter, optional('The sentence. Case does not count.'))
  sentence?: StringFilter;
}
