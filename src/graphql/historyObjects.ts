// A change, as GraphQL shows one: who, when, and before and after of each attribute.
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { connectionObject } from './connectionObjects.js';
import { AppIntegration } from './integrationObject.js';
import { JsonValue } from './jsonScalar.js';
import { NodeObject } from './nodeObject.js';
import { KindOfActor, KindOfChange, KindOfResource } from './recordEnums.js';
import { DateTime, UUID } from './scalars.js';
import { UserObject } from './userObject.js';
import { DateTimeFilter } from './whereInputs.js';

const optional = (description: string) => ({ nullable: true, description });

@ObjectType('ChangeActor', { simpleResolvers: true, description: 'Who made a change.' })
export class ChangeActor {
  @Field(() => KindOfActor, { description: 'An app integration, a person, or SpeakUp itself.' })
  kind!: keyof typeof KindOfActor;

  @Field(() => String, { description: 'A name to show.' })
  name!: string;

  @Field(() => AppIntegration, optional('The app integration; null for others.'))
  appIntegration?: unknown;

  @Field(() => UserObject, optional('The person; null for others, and for a person the directory does not know.'))
  user?: unknown;
}

@ObjectType('AttributeChange', { simpleResolvers: true, description: 'What became of one attribute.' })
export class AttributeChange {
  @Field(() => String, { description: 'The attribute.' })
  attribute!: string;

  @Field(() => JsonValue, optional('The value before; null where there was none.'))
  before?: unknown;

  @Field(() => JsonValue, optional('The value after; null where there is none any more.'))
  after?: unknown;
}

@ObjectType('MovedMembers', { simpleResolvers: true, description: 'People who came into a group or left it.' })
export class MovedMembers {
  @Field(() => Int, { description: 'How many. More than 1000 at once are several changes of one request.' })
  count!: number;

  @Field(() => [UUID], { description: 'Their SCIM ids.' })
  ids!: readonly string[];
}

@ObjectType('Change', {
  simpleResolvers: true,
  description: 'One change of one person, group, app integration or setting.',
})
export class ChangeObject {
  @Field(() => UUID, { description: 'The id of the change itself: the same in every list it is in.' })
  id!: string;

  @Field(() => DateTime, { description: 'When the request that made it came.' })
  at!: Date;

  @Field(() => KindOfChange, { description: 'What kind of change.' })
  kind!: keyof typeof KindOfChange;

  @Field(() => KindOfResource, { description: 'What was changed.' })
  resourceType!: keyof typeof KindOfResource;

  @Field(() => UUID, { description: 'The SCIM id of the person or group, the Client ID of the app integration.' })
  resourceId!: string;

  @Field(() => NodeObject, optional('The person or group as it is now, a deleted person too; null for what is gone.'))
  resource?: unknown;

  @Field(() => ChangeActor, { description: 'Who made it.' })
  actor!: unknown;

  @Field(() => String, { description: 'The id of the request, as its answer had it in `X-Request-Id`.' })
  requestId!: string;

  @Field(() => [AttributeChange], { description: 'What became of each attribute that changed; members are beside.' })
  attributes!: unknown;

  @Field(() => MovedMembers, optional('Who came into the group; null where nobody did.'))
  membersAdded?: unknown;

  @Field(() => MovedMembers, optional('Who left the group; null where nobody did.'))
  membersRemoved?: unknown;
}

export const ChangeConnection = connectionObject('Change', () => ChangeObject, 'changes');

@InputType({ description: 'A condition on the kind of a change.' })
export class ChangeKindFilter {
  @Field(() => KindOfChange, optional('Is this kind.'))
  eq?: keyof typeof KindOfChange;

  @Field(() => [KindOfChange], optional('Is one of these.'))
  in?: (keyof typeof KindOfChange)[];
}

@InputType({ description: 'Conditions on a change. All that is given must hold.' })
export class ChangeWhere {
  @Field(() => ChangeKindFilter, optional('The kind of change.'))
  kind?: ChangeKindFilter;

  @Field(() => KindOfActor, optional('What kind of caller made it.'))
  actor?: keyof typeof KindOfActor;

  @Field(() => UUID, optional('The app integration that made it, by its Client ID.'))
  appIntegration?: string;

  @Field(() => UUID, optional('The person who made it, by SCIM id.'))
  person?: string;

  @Field(() => DateTimeFilter, optional('When it was made.'))
  at?: DateTimeFilter;
}
