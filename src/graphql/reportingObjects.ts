// What GraphQL says of who reports to whom.
import { Field, Int, ObjectType } from 'type-graphql';
import { UserObject } from './userObject.js';

@ObjectType('ManagerChain', {
  simpleResolvers: true,
  description: 'The managers above a person. It ends at somebody without a manager, or says why it stopped before.',
})
export class ManagerChain {
  @Field(() => [UserObject], { description: 'The managers: the direct one first. Nobody is in it twice.' })
  nodes!: unknown;

  @Field(() => Boolean, {
    description:
      'Whether it stopped because the next manager is in it already, or is the person: they report to each other in a circle.',
  })
  cycle!: boolean;

  @Field(() => Boolean, {
    description: 'Whether it stopped because it was long enough: there are more managers above.',
  })
  truncated!: boolean;
}

@ObjectType('Span', {
  simpleResolvers: true,
  description: 'How many people report to a person. Deactivated people count, deleted ones do not.',
})
export class SpanObject {
  @Field(() => Int, { description: 'How many report to the person directly.' })
  direct!: number;

  @Field(() => Int, { description: 'How many report to the person directly or through others.' })
  total!: number;

  @Field(() => Int, { description: 'How many levels of people are below the person; 0 where nobody reports.' })
  depth!: number;
}
