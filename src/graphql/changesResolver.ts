// The feed of changes, for whoever keeps a copy of the directory; for administrators.
import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { BEGINNING, changesAfter, type Place } from '../directory/history/changeFeed.js';
import { type Position } from '../directory/keyset.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext, requireAdministrator } from './context.js';
import { openPosition, sealPosition } from './cursor.js';
import { ChangeObject } from './historyObjects.js';
import { ForRoles } from './introspection.js';

const MOST_CHANGES = 500;

@ObjectType('ChangeFeed', { simpleResolvers: true, description: 'Changes in the order in which they can be followed.' })
export class ChangeFeed {
  @Field(() => [ChangeObject], { description: 'The changes, the first one first.' })
  nodes!: unknown;

  @Field(() => String, {
    description: 'For `after` of the next call, once these changes are dealt with. Also there when there were none.',
  })
  cursor!: string;

  @Field(() => Boolean, { description: 'Whether more is there already.' })
  hasMore!: boolean;
}

const placeIn = ([number, record]: Position): Place => ({
  number: String(number),
  record: typeof record === 'string' ? record : undefined,
});

@Resolver()
export class ChangesResolver {
  @ForRoles('ADMIN')
  @Query(() => ChangeFeed, {
    description:
      'Every change of the tenant once, in an order that never changes: ask again and again with the last cursor. Nothing is missed, also when many write at once; a change appears here about a second after it was made. For administrators.',
  })
  async changes(
    @Ctx() context: GraphqlContext,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor to go on after; from the beginning without.',
    })
    after: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 100, description: `How many at most: 1 to ${MOST_CHANGES}.` })
    first: number,
  ): Promise<ChangeFeed> {
    requireAdministrator(context);
    if (first < 1 || first > MOST_CHANGES) {
      throw new Refusal('invalidValue', `first must be from 1 to ${MOST_CHANGES}.`);
    }
    const { masterKey } = context.deps;
    const feed = JSON.stringify([context.actor.tenantId, 'changes']);
    const place = after === undefined || after === null ? BEGINNING : placeIn(openPosition(masterKey, feed, after));
    const found = await changesAfter(await context.scope(), place, first + 1);
    const nodes = found.slice(0, first);
    const last = nodes.at(-1);
    const { number, record = null } = last ? { number: last.place, record: last.id } : place;
    const cursor = sealPosition(masterKey, feed, [number, record]);
    return { nodes, cursor, hasMore: found.length > first };
  }
}
