// What an operation asks for within a field, fragments, @skip and @include considered.
import { getNamedType, type GraphQLField, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';

/** A field as it stands in the operation. */
export type Selected = Pick<
  GraphQLResolveInfo,
  'fieldNodes' | 'fragments' | 'returnType' | 'schema' | 'variableValues'
>;

interface SelectedField extends Selected {
  readonly field: GraphQLField<unknown, unknown>;
}

/** The fields within a field that is an object or a list of them; the same one may be there twice, with an alias. */
export function selectedOf({ fieldNodes, fragments, returnType, schema, variableValues }: Selected): SelectedField[] {
  const type = getNamedType(returnType) as GraphQLObjectType;
  const selected = collectSubfields(schema, fragments, variableValues, type, fieldNodes);
  return [...selected.values()].flatMap((nodes) => {
    const field = type.getFields()[nodes[0]?.name.value ?? ''];
    // __typename is no field of any type.
    return field ? [{ field, fieldNodes: nodes, fragments, returnType: field.type, schema, variableValues }] : [];
  });
}

/** Those of one name, whatever their aliases. */
export const selectedAs = (name: string, within: Selected): SelectedField[] =>
  selectedOf(within).filter(({ field }) => field.name === name);
