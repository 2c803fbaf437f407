// A page of a list as a Relay connection. Nothing is read before a field of it is resolved: a connection of which only
// the total is asked costs a count and no rows.
import { type GraphQLResolveInfo } from 'graphql';
import { countRows, listRows, type Placed } from '../directory/lists.js';
import { type ListQuery, type Selection } from '../directory/pageSql.js';
import { type Source } from '../directory/sources.js';
import { type Position, type SortTerm } from '../directory/keyset.js';
import { Refusal } from '../refusal.js';
import { readAhead } from './ahead.js';
import { type GraphqlContext } from './context.js';
import { openPosition, sealPosition } from './cursor.js';
import { type PageArgs } from './listArgs.js';

export const DEFAULT_ROWS = 50;
export const MOST_ROWS = 200;

/** A list of rows: everything but the page, and whose it is. */
export interface List<Row> extends Selection {
  readonly source: Source<Row>;
  /** The field, and its arguments other than the page's: a cursor is good for the same ones only. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sort: readonly SortTerm[];
}

export interface Page {
  readonly limit: number;
  readonly backward: boolean;
  readonly after: Position | undefined;
}

/** The value of a connection field of the tenant. Refuses with `invalidValue` and `invalidCursor`. */
export function connect<Row extends Listed>(context: GraphqlContext, list: List<Row>, args: PageArgs) {
  const key = JSON.stringify([context.actor.tenantId, list.name, null, list.args]);
  const page = pageOf(context, () => key, args);
  const read = async () => listRows(await context.scope(), list.source, queryOf(list, page));
  const count = async () => countRows(await context.scope(), list.source, list);
  return connection(context, page, () => key, read, count);
}

export interface Listed {
  readonly id: string;
}

/** What a connection's fields are resolved from: functions, called for what is asked. */
export function connection<Row extends Listed>(
  { deps }: GraphqlContext,
  page: Page,
  key: () => string,
  readRows: () => Soon<Placed<Row>[] | undefined>,
  count: () => Promise<number>,
) {
  const seal = ({ position }: Placed<Row>) => sealPosition(deps.masterKey, key(), position);
  const cut = (rows: Placed<Row>[] = []) => {
    const shown = rows.slice(0, page.limit);
    return { rows: page.backward ? shown.reverse() : shown, more: rows.length > page.limit };
  };
  const read = once(() => then(readRows(), cut));
  return {
    nodes: (_: unknown, context: GraphqlContext, info: GraphQLResolveInfo) =>
      then(read(), ({ rows }) => then(readAhead(rows, context, info), () => rows)),
    edges: async (_: unknown, context: GraphqlContext, info: GraphQLResolveInfo) => {
      const { rows } = await read();
      await readAhead(rows, context, info);
      return rows.map((row) => ({ node: row, cursor: () => seal(row) }));
    },
    pageInfo: async () => {
      const { rows, more } = await read();
      const [first, last] = [rows[0], rows.at(-1)];
      return {
        hasNextPage: page.backward ? page.after !== undefined : more,
        hasPreviousPage: page.backward ? more : page.after !== undefined,
        startCursor: () => first && seal(first),
        endCursor: () => last && seal(last),
      };
    },
    totalCount: count,
  };
}

/** Refuses with `invalidValue` and `invalidCursor`. */
export function pageOf({ deps }: GraphqlContext, key: () => string, { first, after, last, before }: PageArgs): Page {
  const backward = isGiven(last) || isGiven(before);
  if (backward && (isGiven(first) || isGiven(after))) {
    throw new Refusal('invalidValue', 'Page forward with first and after, or backward with last and before, not both.');
  }
  const limit = first ?? last ?? DEFAULT_ROWS;
  if (limit < 1 || limit > MOST_ROWS) {
    throw new Refusal('invalidValue', `${backward ? 'last' : 'first'} must be from 1 to ${MOST_ROWS}.`);
  }
  const cursor = backward ? before : after;
  return { limit, backward, after: isGiven(cursor) ? openPosition(deps.masterKey, key(), cursor) : undefined };
}

/** One more row than the page has tells whether there is more. */
export const queryOf = <Row>(
  { filter, withDeleted, sort }: List<Row>,
  { backward, after, limit }: Page,
): ListQuery => ({
  filter,
  withDeleted,
  sort,
  backward,
  after,
  limit: limit + 1,
});

export const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

function once<Value extends object>(work: () => Value): () => Value {
  const state: { value?: Value } = {};
  return () => (state.value ??= work());
}

type Soon<Value> = Value | Promise<Value>;

/** At once where it is there already: a page of people has a list of groups for each of them. */
const then = <Value, Result>(value: Soon<Value>, next: (value: Value) => Soon<Result>): Soon<Result> =>
  value instanceof Promise ? value.then(next) : next(value);
