// What an operation looks at of a person: a row has more than forty columns, of which a list of people and their
// managers asks for five.
import { peopleByIdWith } from '../directory/lists.js';
import { allUsers, type Source } from '../directory/sources.js';
import { type GraphqlContext } from './context.js';
import { type Selected, selectedAs, selectedOf } from './selected.js';

/** Of which properties of a row the fields are made that are no property themselves. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  email: ['emails', 'userName'],
  manager: ['managerId'],
  managerReference: ['manager', 'managerId'],
};

/** The source with the columns only that are looked at by a field that is a connection of people. */
export function asAsked<Row>(source: Source<Row>, info: Selected): Source<Row> {
  const inEdges = selectedAs('edges', info).flatMap((edges) => selectedAs('node', edges));
  return { ...source, columns: columnsOf(source, [...selectedAs('nodes', info), ...inEdges]) };
}

/** How people are read by their ids for a field that is a person, with the columns only that are looked at. */
export const personAsAsked = ({ shared }: GraphqlContext, info: Selected) =>
  shared(info.fieldNodes, () => {
    const columns = columnsOf(allUsers, [info]);
    return { name: `person: ${columns}`, load: peopleByIdWith(columns) };
  });

function columnsOf<Row>(source: Source<Row>, people: readonly Selected[]): string {
  const asked = people.flatMap(selectedOf).flatMap(({ field: { name } }) => MADE_OF[name] ?? [name]);
  return source.columnsOf?.(new Set(['id', ...asked])) ?? source.columns;
}
