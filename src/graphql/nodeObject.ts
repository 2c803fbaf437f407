// Relay: whatever has a global id can be fetched by it.
import { Field, ID, InterfaceType } from 'type-graphql';

export const ID_DESCRIPTION = 'The global id: opaque, and the same for the life of the object.';

@InterfaceType('Node', {
  description: 'Whatever can be fetched again by its global id.',
  resolveType: (row: object) => ('userName' in row ? 'User' : 'Group'),
})
export abstract class NodeObject {
  @Field(() => ID, { description: ID_DESCRIPTION })
  id!: string;
}
