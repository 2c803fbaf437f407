// What an operation looks at of a person: a row has more than forty columns, of which a list of people and their
// managers asks for five.
import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { peopleByIdWith } from '../directory/lists.js';
import { allUsers, type Source } from '../directory/sources.js';
import { type GraphqlContext } from './context.js';

/** Of which properties of a row the fields are made that are no property themselves. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  email: ['emails', 'userName'],
  manager: ['managerId'],
  managerReference: ['manager', 'managerId'],
};

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** The source with the columns only that are looked at by a field that is a connection of people. */
export function asAsked<Row>(source: Source<Row>, { fieldNodes, fragments }: Info): Source<Row> {
  const page = fieldsOf(fieldNodes, fragments);
  const named = (fields: readonly FieldNode[], name: string) => fields.filter((field) => field.name.value === name);
  const people = [...named(page, 'nodes'), ...named(fieldsOf(named(page, 'edges'), fragments), 'node')];
  return { ...source, columns: columnsOf(source, people, fragments) };
}

/** The person of an id for a field that is a person, with the columns only that are looked at. */
export function personAsAsked({ batch, shared }: GraphqlContext, { fieldNodes, fragments }: Info, id: string) {
  const { name, load } = shared(fieldNodes, () => {
    const columns = columnsOf(allUsers, fieldNodes, fragments);
    return { name: `person: ${columns}`, load: peopleByIdWith(columns) };
  });
  return batch(name, id, load);
}

function columnsOf<Row>(source: Source<Row>, people: readonly FieldNode[], fragments: Info['fragments']): string {
  const asked = fieldsOf(people, fragments).flatMap(({ name: { value } }) => MADE_OF[value] ?? [value]);
  return source.columnsOf?.(new Set(['id', ...asked])) ?? source.columns;
}

/** The fields within fields; the same one may be there twice. */
function fieldsOf(parents: readonly FieldNode[], fragments: Info['fragments']): FieldNode[] {
  const seen = new Set<string>();
  const within = (set: SelectionSetNode | undefined): FieldNode[] =>
    (set?.selections ?? []).flatMap((selection) => {
      switch (selection.kind) {
        case Kind.FIELD:
          return [selection];
        case Kind.INLINE_FRAGMENT:
          return within(selection.selectionSet);
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value;
          if (seen.has(name)) return [];
          seen.add(name);
          return within(fragments[name]?.selectionSet);
        }
      }
    });
  return parents.flatMap(({ selectionSet }) => within(selectionSet));
}
