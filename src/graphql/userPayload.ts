// What mutations of one person answer.
import { Field, ObjectType } from 'type-graphql';
import { UserError } from './userErrors.js';
import { UserObject } from './userObject.js';

@ObjectType('UserPayload', { simpleResolvers: true, description: 'What the mutations of one person answer.' })
export class UserPayload {
  @Field(() => UserObject, {
    nullable: true,
    description: 'The person as it is now; null where the input was wrong.',
  })
  user?: unknown;

  @Field(() => [UserError], { description: 'What was wrong with the input; empty when it was done.' })
  userErrors!: readonly UserError[];
}
