// Fetching many things by their global ids at once: people in one statement, groups in another.
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { groupsById } from '../directory/group/groupsById.js';
import { peopleById } from '../directory/lists.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext } from './context.js';
import { fromGlobalId } from './globalId.js';
import { NodeObject } from './nodeObject.js';

export const MOST_NODES = 100;

@Resolver()
export class NodesResolver {
  @Query(() => [NodeObject], {
    nullable: 'items',
    description: 'What global ids name, in the order of the ids; null where nothing here does.',
  })
  nodes(
    @Ctx() context: GraphqlContext,
    @Arg('ids', () => [ID], { description: `The global ids: up to ${MOST_NODES}. One may be named twice.` })
    ids: readonly string[],
  ) {
    if (ids.length > MOST_NODES) throw new Refusal('invalidValue', `ids takes ${MOST_NODES} at most.`);
    return ids.map(async (text) => (await fetch(context, text)) ?? null);
  }
}

async function fetch({ batch }: GraphqlContext, text: string): Promise<unknown> {
  const named = fromGlobalId(text);
  switch (named?.type) {
    case 'User':
      return batch('person', named.id, peopleById);
    case 'Group':
      return batch('group', named.id, groupsById);
    case undefined:
      return undefined;
  }
}
