// Relay connections. Their values are functions (see connection.ts): what is not asked for is not read.
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page is in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows. Paging backward: whether the page began with `before`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether something precedes. Paging forward: whether the page began with `after`.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first element; null on an empty page.' })
  startCursor?: string;

  @Field(() => String, { nullable: true, description: 'The cursor of the last element; null on an empty page.' })
  endCursor?: string;
}

/** The connection type of a node type, with its edge type; `declareMore` declares what else an edge has. */
export function connectionObject(
  name: string,
  node: () => object,
  things: string,
  declareMore: (edge: { readonly prototype: object }) => void = () => undefined,
) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One of the ${things} of a page.` })
  class Edge {
    @Field(() => String, { description: 'Where the list goes on from here: for `after` and `before`.' })
    cursor!: string;

    @Field(node, { description: 'The element itself.' })
    node!: unknown;
  }

  declareMore(Edge);

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${things}.` })
  class Connection {
    @Field(() => [Edge], { description: 'The elements of the page with their cursors.' })
    edges!: unknown;

    @Field(() => [node()], { description: 'The elements of the page.' })
    nodes!: unknown;

    @Field(() => PageInfo, { description: 'Where the page is in the list.' })
    pageInfo!: unknown;

    @Field(() => Int, { description: 'How many the whole list has; counted only when asked for.' })
    totalCount!: unknown;
  }
  return Connection;
}
