// A page of a list as a Relay connection. Nothing is read before a field of it is resolved: a connection of which only
// the total is asked costs a count and no rows.
import { countRows, countRowsOf, listRows, listRowsOf, type Placed } from '../directory/lists.js';
import { type Selection } from '../directory/pageSql.js';
import { type Source } from '../directory/sources.js';
import { type Position, type SortTerm } from '../directory/keyset.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext } from './context.js';
import { openPosition, sealPosition } from './cursor.js';
import { type PageArgs } from './listArgs.js';

export const DEFAULT_ROWS = 50;
export const MOST_ROWS = 200;

/** A list of rows: everything but the page. */
export interface List<Row> extends Selection {
  readonly source: Source<Row>;
  /** Whose list it is; absent for a list of the tenant. */
  readonly parent?: string;
  /** The field, and its arguments other than the page's: a cursor is good for the same ones only. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sort: readonly SortTerm[];
}

interface Page {
  readonly limit: number;
  readonly backward: boolean;
  readonly after: Position | undefined;
}

/** The value of a connection field. Refuses with `invalidValue` and `invalidCursor`. */
export function connect<Row extends { readonly id: string }>(context: GraphqlContext, list: List<Row>, args: PageArgs) {
  const key = JSON.stringify([context.actor.tenantId, list.name, list.parent ?? null, list.args]);
  const page = pageOf(context, key, args);
  const seal = ({ position }: Placed<Row>) => sealPosition(context.deps.masterKey, key, position);
  const read = once(async () => {
    const rows = await readRows(context, list, page);
    const shown = rows.slice(0, page.limit);
    return { rows: page.backward ? shown.reverse() : shown, more: rows.length > page.limit };
  });
  return {
    nodes: async () => (await read()).rows,
    edges: async () => (await read()).rows.map((row) => ({ node: row, cursor: () => seal(row) })),
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
    totalCount: () => count(context, list),
  };
}

function pageOf({ deps }: GraphqlContext, key: string, { first, after, last, before }: PageArgs): Page {
  const backward = isGiven(last) || isGiven(before);
  if (backward && (isGiven(first) || isGiven(after))) {
    throw new Refusal('invalidValue', 'Page forward with first and after, or backward with last and before, not both.');
  }
  const limit = first ?? last ?? DEFAULT_ROWS;
  if (limit < 1 || limit > MOST_ROWS) {
    throw new Refusal('invalidValue', `${backward ? 'last' : 'first'} must be from 1 to ${MOST_ROWS}.`);
  }
  const cursor = backward ? before : after;
  return { limit, backward, after: isGiven(cursor) ? openPosition(deps.masterKey, key, cursor) : undefined };
}

/** One more row than the page has tells whether there is more. */
async function readRows<Row>(context: GraphqlContext, list: List<Row>, page: Page): Promise<Placed<Row>[]> {
  const { source, parent, name, args, sort, filter, withDeleted } = list;
  const query = { filter, withDeleted, sort, backward: page.backward, after: page.after, limit: page.limit + 1 };
  if (parent === undefined) return listRows(await context.scope(), source, query);
  const batch = JSON.stringify(['rows', name, args, page]);
  return (await context.batch(batch, parent, (scope, parents) => listRowsOf(scope, source, parents, query))) ?? [];
}

async function count<Row>(context: GraphqlContext, list: List<Row>): Promise<number> {
  const { source, parent, name, args } = list;
  if (parent === undefined) return countRows(await context.scope(), source, list);
  const batch = JSON.stringify(['count', name, args]);
  return (await context.batch(batch, parent, (scope, parents) => countRowsOf(scope, source, parents, list))) ?? 0;
}

const isGiven = <Value>(value: Value | null | undefined): value is Value => value !== null && value !== undefined;

function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  const state: { value?: Promise<Value> } = {};
  return () => (state.value ??= work());
}
