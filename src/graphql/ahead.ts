// What fields of a page's rows need is read before the rows are shown: graphql-js then meets values and not promises,
// of which a page of a hundred people with manager and groups would have some thousand.
import { getArgumentValues, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { Refusal } from '../refusal.js';
import { type GraphqlContext } from './context.js';
import { type Selected, selectedAs, selectedOf } from './selected.js';

/** Extensions of a field. */
export interface FieldAhead<Row, Args = unknown> {
  /** Reads what the field needs of all rows of a page. */
  readonly ahead: (rows: readonly Row[], args: Args, context: GraphqlContext, info: Selected) => Promise<void>;
  /** Resolves the field where it has arguments: type-graphql hands them over in a promise. */
  readonly resolve?: GraphQLFieldResolver<Row, GraphqlContext, Args>;
}

/** Reads what is asked of the rows of a field that lists rows, or edges with rows; undefined where nothing is. */
export function readAhead<Row>(
  rows: readonly Row[],
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<unknown> | undefined {
  const fields = context.shared(info.fieldNodes, () => fieldsAhead<Row>(info));
  if (fields.length === 0 || rows.length === 0) return undefined;
  return Promise.all(
    fields.map(({ ahead, args, selected }) => ahead(rows, args, context, selected).catch(leaveToField)),
  );
}

/** The field refuses the same at its own place. */
function leaveToField(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

function fieldsAhead<Row>(info: GraphQLResolveInfo) {
  const ofRows = info.fieldName === 'edges' ? selectedAs('node', info) : [info];
  return ofRows.flatMap(selectedOf).flatMap((selected) => {
    const { field, fieldNodes, variableValues } = selected;
    const [fieldNode] = fieldNodes;
    const { ahead } = field.extensions as Partial<FieldAhead<Row>>;
    return fieldNode && ahead ? [{ ahead, selected, args: getArgumentValues(field, fieldNode, variableValues) }] : [];
  });
}
