// Lists that belong to people and groups: read in one statement for all whose field is asked for in one place.
import { type GraphQLResolveInfo } from 'graphql';
import { countRowsOf, listRowsOf } from '../directory/lists.js';
import { type ReadScope } from '../directory/scope.js';
import { type FieldAhead } from './ahead.js';
import { connection, isGiven, type List, type Listed, type Page, pageOf, queryOf } from './connection.js';
import { type GraphqlContext } from './context.js';
import { type PageArgs } from './listArgs.js';
import { type Selected, selectedOf } from './selected.js';

/** A field that is such a list; its rows are read ahead. */
export const listField = <Row extends Listed, Args extends PageArgs>(
  listOf: (args: Args, context: GraphqlContext, info: Selected) => List<Row>,
): Required<FieldAhead<Listed, Args>> => ({
  resolve: ({ id }, args, context, info) => connectTo(context, info, id, args, () => listOf(args, context, info)),
  ahead: async (parents, args, context, info) => {
    // A cursor is of one parent.
    if (isGiven(args.after) || isGiven(args.before)) return;
    const { list, names, isRead } = context.shared(info.fieldNodes, () => ({
      ...named(listOf(args, context, info), args),
      isRead: selectedOf(info).some(({ field }) => field.name !== 'totalCount'),
    }));
    if (!isRead) return;
    const ids = parents.map(({ id }) => id);
    await context.ahead(
      names.rows,
      ids,
      reading(
        list,
        pageOf(context, () => '', args),
      ),
    );
  },
});

/** The value of such a field. */
export function connectTo<Row extends Listed>(
  context: GraphqlContext,
  { fieldNodes }: Pick<GraphQLResolveInfo, 'fieldNodes'>,
  parent: string,
  args: PageArgs,
  listOf: () => List<Row>,
) {
  const { list, names } = context.shared(fieldNodes, () => named(listOf(), args));
  const key = () => JSON.stringify([context.actor.tenantId, list.name, parent, list.args]);
  const page = pageOf(context, key, args);
  const read = () => context.batch(names.rows, parent, reading(list, page));
  const count = async () =>
    (await context.batch(names.count, parent, (scope, parents) => countRowsOf(scope, list.source, parents, list))) ?? 0;
  return connection(context, page, key, read, count);
}

/** The names of the batches: those of one name must load alike. */
function named<Row>(list: List<Row>, { first, after, last, before }: PageArgs) {
  const name = (what: string, ...page: unknown[]) => JSON.stringify([what, list.name, list.args, ...page]);
  const rows = name('rows', list.source.columns, first, after, last, before);
  return { list, names: { rows, count: name('count') } };
}

const reading =
  <Row>(list: List<Row>, page: Page) =>
  (scope: ReadScope, parents: readonly string[]) =>
    listRowsOf(scope, list.source, parents, queryOf(list, page));
