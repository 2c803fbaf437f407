// The lists of the schema, as the arguments of their fields describe them.
import { type GroupRow } from '../directory/group/groups.js';
import { type PersonRow, type Source } from '../directory/sources.js';
import { type ResolvedFilter } from '../filter/resolvedFilter.js';
import { Refusal } from '../refusal.js';
import { type List } from './connection.js';
import { type GraphqlContext } from './context.js';
import { type GroupListArgs, type UserListArgs, type UserOrderField } from './listArgs.js';
import { groupSort, userSort } from './order.js';
import { groupFilter, namesDeleted, searchFilter, userFilter } from './where.js';
import { type UserCondition } from './whereInputs.js';

interface OfPeople {
  readonly includeDeleted?: boolean;
  /** The order where the caller names none. */
  readonly order?: keyof typeof UserOrderField;
  readonly search?: string | undefined;
}

/** `name` is the field. Refuses with `forbidden` deleted people to all but administrators. */
export function listOfPeople<Row extends PersonRow>(
  context: GraphqlContext,
  name: string,
  source: Source<Row>,
  { where, orderBy }: UserListArgs,
  { includeDeleted = false, order = 'DISPLAY_NAME', search }: OfPeople = {},
): List<Row> {
  const withDeleted = mayShowDeleted(context, where, includeDeleted);
  const args = { where, orderBy, includeDeleted, search };
  return {
    source,
    name,
    args,
    withDeleted,
    filter: found(userFilter(where), search),
    sort: userSort(orderBy, order),
  };
}

/** `name` is the field. */
export function listOfGroups(
  name: string,
  source: Source<GroupRow>,
  { where, orderBy }: GroupListArgs,
  { search }: Pick<OfPeople, 'search'> = {},
): List<GroupRow> {
  const filter = found(groupFilter(where), search);
  const args = { where, orderBy, search };
  return { source, name, args, withDeleted: false, filter, sort: groupSort(orderBy) };
}

const found = (where: ResolvedFilter, search: string | undefined): ResolvedFilter =>
  bounded({ kind: 'and', filters: [searchFilter(search), where] });

/** Whether deleted people are asked for. Refuses with `forbidden` where others than administrators do. */
export function mayShowDeleted(
  { role }: GraphqlContext,
  where: UserCondition | undefined,
  includeDeleted: boolean,
): boolean {
  const wanted = includeDeleted || namesDeleted(where);
  if (wanted && role !== 'ADMIN') throw new Refusal('forbidden', 'Only an administrator may see deleted people.');
  return wanted;
}

export const MOST_CONDITIONS = 1000;
/** What reading other rows counts for. */
const A_RELATION = 25;
/** Such as the groups of the manager of a member: conditions on other rows within each other. */
export const MOST_RELATIONS = 3;

/** Every condition is a parameter of the statement, and is looked at for every row. */
function bounded(filter: ResolvedFilter): ResolvedFilter {
  if (relationsWithin(filter) > MOST_RELATIONS) {
    throw new Refusal('invalidFilter', `where goes from one to the other more than ${MOST_RELATIONS} times in a row.`);
  }
  const conditions = sizeOf(filter);
  if (conditions <= MOST_CONDITIONS) return filter;
  throw new Refusal('invalidFilter', `where has ${conditions} conditions, and may have ${MOST_CONDITIONS}.`);
}

function sizeOf(filter: ResolvedFilter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.reduce((sum, one) => sum + sizeOf(one), 0);
    case 'not':
    case 'within':
      return sizeOf(filter.filter);
    case 'related':
      return A_RELATION + sizeOf(filter.filter);
    case 'compare':
    case 'present':
    case 'word':
      return 1;
  }
}

function relationsWithin(filter: ResolvedFilter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return Math.max(0, ...filter.filters.map(relationsWithin));
    case 'not':
      return relationsWithin(filter.filter);
    case 'related':
      return 1 + relationsWithin(filter.filter);
    case 'within':
    case 'compare':
    case 'present':
    case 'word':
      return 0;
  }
}
