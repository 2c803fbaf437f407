// What a `where` means: the same resolved filter as SCIM's, so that one compiler makes the SQL of both.
import { attribute } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { groupType, userType } from '../directory/resourceTypes.js';
import { searchedPrefixes } from '../directory/searchWords.js';
import {
  EVERYTHING,
  NOTHING,
  not,
  type ResolvedFilter,
  type Relation,
  type ResolvedOperator,
  type ResolvedValue,
} from '../filter/resolvedFilter.js';
import { Refusal } from '../refusal.js';
import { targetOf } from './describe.js';
import { whereFromKey } from './findOne.js';
import { type NodeType, uuidFromGlobalId } from './globalId.js';
import {
  type DateTimeFilter,
  GROUP_TEXTS,
  type GroupCondition,
  type IdFilter,
  type OfSeveral,
  type StringFilter,
  USER_TEXTS,
  type UserStatusFilter,
  type UserCondition,
} from './whereInputs.js';

/** The condition on a person. Refuses with `invalidValue` a value that no text can be. */
export const userFilter = (where: UserCondition | null | undefined): ResolvedFilter =>
  filterOf(where, userType, USER_TEXTS, userFilter, (given) => [
    ...when(given.id, (id) => idFilter('User', id)),
    ...when(given.email, (filter) => textFilter(EMAIL, filter)),
    ...when(given.active, (active) => compare(ACTIVE, 'eq', active)),
    ...when(given.status, statusFilter),
    ...when(given.emails, (filter) => anyText(EMAILS, filter)),
    ...when(given.phoneNumbers, (filter) => anyText(PHONE_NUMBERS, filter)),
    ...when(given.deactivatedAt, (filter) => momentFilter(DEACTIVATED_AT, filter)),
    ...when(given.manager, (manager) => related('manager', userType, userFilter(manager))),
    ...when(given.hasManager, (has) => (has ? HAS_MANAGER : not(HAS_MANAGER))),
    ...when(given.unresolvedManager, (is) => (is ? UNRESOLVED_MANAGER : not(UNRESOLVED_MANAGER))),
    ...when(given.reportsTo, (key) => related('above', userType, userFilter(whereFromKey('User', key)))),
    ...when(given.groups, (groups) => ofSeveral(groups, groupFilter, (one) => related('groups', groupType, one))),
  ]);

/** The condition on a group. */
export const groupFilter = (where: GroupCondition | null | undefined): ResolvedFilter =>
  filterOf(where, groupType, GROUP_TEXTS, groupFilter, (given) => [
    ...when(given.id, (id) => idFilter('Group', id)),
    ...when(given.members, (people) => ofSeveral(people, userFilter, (one) => related('members', userType, one))),
    ...when(given.isEmpty, (isEmpty) => (isEmpty ? not(HAS_MEMBERS) : HAS_MEMBERS)),
  ]);

const MOST_WORDS = 10;

/** What a search finds: each of its words is the beginning of one of theirs. A blank one says nothing. */
export function searchFilter(search: string | null | undefined): ResolvedFilter {
  const prefixes = searchedPrefixes(plainText(search ?? ''));
  if (prefixes.length > MOST_WORDS) throw new Refusal('invalidValue', `search takes ${MOST_WORDS} words at most.`);
  return all(prefixes.map((prefix) => ({ kind: 'word', prefix })));
}

/** Whether a condition speaks of deleted people, so that they must be looked at. They are managers and members of nobody. */
export function namesDeleted(where: UserCondition | null | undefined): boolean {
  if (!where) return false;
  const { status, and, or, not: other } = where;
  if (status?.eq === 'DELETED' || status?.in?.includes('DELETED')) return true;
  return [...(and ?? []), ...(or ?? []), other].some(namesDeleted);
}

/** What GraphQL filters and sorts by, and SCIM does not know. */
export const column = (name: string, description: string, required: boolean): Target => ({
  schema: undefined,
  attribute: attribute(name, 'string', { kind: 'column', property: name, column: name, key: name }, description, {
    required,
    caseExact: true,
  }),
});
const ORIGIN = column('origin', 'Who manages it.', true);
const STATUS = column('status', 'Whether the person takes part.', true);
export const EMAIL: Target = {
  schema: undefined,
  attribute: { ...column('match_email_key', 'The e-mail address.', false).attribute, caseExact: false },
};
const ACTIVE = targetOf(userType, 'active');
const EMAILS = targetOf(userType, 'emails');
const PHONE_NUMBERS = targetOf(userType, 'phoneNumbers');
const DEACTIVATED_AT: Target = {
  schema: undefined,
  attribute: attribute(
    'deactivatedAt',
    'dateTime',
    { kind: 'column', property: 'deactivatedAt', column: 'deactivated_at' },
    'Since when the person is deactivated.',
  ),
};
const HAS_MANAGER: ResolvedFilter = {
  kind: 'present',
  target: column('manager_id', 'The manager who is known here.', false),
};
const UNRESOLVED_MANAGER: ResolvedFilter = {
  kind: 'and',
  filters: [{ kind: 'present', target: targetOf(userType, 'manager') }, not(HAS_MANAGER)],
};
const HAS_MEMBERS = related('members', userType, EVERYTHING);

interface Common<Where> {
  readonly and?: Where[] | null;
  readonly or?: Where[] | null;
  readonly not?: Where | null;
  readonly origin?: string | null;
  readonly createdAt?: DateTimeFilter | null;
  readonly updatedAt?: DateTimeFilter | null;
}

function filterOf<Where extends Common<Where>>(
  where: Where | null | undefined,
  type: ResourceType,
  texts: Readonly<Record<string, string>>,
  again: (where: Where) => ResolvedFilter,
  own: (where: Where) => ResolvedFilter[],
): ResolvedFilter {
  if (!where) return EVERYTHING;
  const given = (name: string) => where[name as keyof Where] as StringFilter | null | undefined;
  return all([
    ...own(where),
    ...Object.entries(texts).flatMap(([name, path]) =>
      when(given(name), (filter) => textFilter(targetOf(type, path), filter)),
    ),
    ...when(where.origin, (origin) => compare(ORIGIN, 'eq', origin)),
    ...when(where.createdAt, (filter) => momentFilter(targetOf(type, 'meta.created'), filter)),
    ...when(where.updatedAt, (filter) => momentFilter(targetOf(type, 'meta.lastModified'), filter)),
    ...when(where.and, (filters) => all(filters.map(again))),
    ...when(where.or, (filters) => any(filters.map(again))),
    ...when(where.not, (filter) => not(again(filter))),
  ]);
}

export const textFilter = (target: Target, filter: StringFilter): ResolvedFilter =>
  textConditions(filter, { kind: 'present', target }, (operator, text) => compare(target, operator, text));

/** The condition on one of several values; all that is given need not hold for the same one. */
function anyText(target: Target, filter: StringFilter): ResolvedFilter {
  const value = target.attribute.subAttributes?.find(({ name }) => name === 'value');
  if (!value) throw new Error(`${target.attribute.name} has no values`);
  const one = (operator: ResolvedOperator, text: string): ResolvedFilter => ({
    kind: 'within',
    target,
    filter: compare({ schema: undefined, attribute: value }, operator, text),
  });
  return textConditions(filter, { kind: 'present', target }, one);
}

function textConditions(
  filter: StringFilter,
  present: ResolvedFilter,
  compared: (operator: ResolvedOperator, text: string) => ResolvedFilter,
): ResolvedFilter {
  const is = (operator: ResolvedOperator) => (text: string) => compared(operator, plainText(text));
  return all([
    ...when(filter.eq, is('eq')),
    ...when(filter.ne, (text) => not(is('eq')(text))),
    ...when(filter.in, (list) => any(list.map(is('eq')))),
    ...when(filter.contains, is('co')),
    ...when(filter.startsWith, is('sw')),
    ...when(filter.endsWith, is('ew')),
    ...when(filter.isNull, (isNull) => (isNull ? not(present) : present)),
  ]);
}

function idFilter(type: NodeType, filter: IdFilter): ResolvedFilter {
  const target = targetOf(userType, 'id');
  const is = (text: string): ResolvedFilter => {
    const id = uuidFromGlobalId(type, text);
    return id === undefined ? NOTHING : compare(target, 'eq', id);
  };
  return all([...when(filter.eq, is), ...when(filter.in, (list) => any(list.map(is)))]);
}

function statusFilter(filter: UserStatusFilter): ResolvedFilter {
  const is = (status: string) => compare(STATUS, 'eq', status);
  return all([...when(filter.eq, is), ...when(filter.in, (list) => any(list.map(is)))]);
}

export const momentFilter = (target: Target, { gt, gte, lt, lte }: DateTimeFilter): ResolvedFilter =>
  all([
    ...when(gt, (moment) => compare(target, 'gt', moment)),
    ...when(gte, (moment) => compare(target, 'ge', moment)),
    ...when(lt, (moment) => compare(target, 'lt', moment)),
    ...when(lte, (moment) => compare(target, 'le', moment)),
  ]);

/** `every` is true where none is otherwise. */
function ofSeveral<Where>(
  { some, every, none }: OfSeveral<Where>,
  filterOfOne: (where: Where) => ResolvedFilter,
  one: (filter: ResolvedFilter) => ResolvedFilter,
): ResolvedFilter {
  return all([
    ...when(some, (where) => one(filterOfOne(where))),
    ...when(every, (where) => not(one(not(filterOfOne(where))))),
    ...when(none, (where) => not(one(filterOfOne(where)))),
  ]);
}

/** An explicit null says nothing else than leaving out: what is unassigned is asked for by `isNull`. */
export const when = <Value>(
  value: Value | null | undefined,
  filter: (value: Value) => ResolvedFilter,
): ResolvedFilter[] => (value === null || value === undefined ? [] : [filter(value)]);

function related(relation: Relation, type: ResourceType, filter: ResolvedFilter): ResolvedFilter {
  return { kind: 'related', relation, type, filter };
}

export const compare = (target: Target, operator: ResolvedOperator, value: ResolvedValue): ResolvedFilter => ({
  kind: 'compare',
  target,
  operator,
  value,
});
export const all = (filters: readonly ResolvedFilter[]): ResolvedFilter => ({ kind: 'and', filters });
export const any = (filters: readonly ResolvedFilter[]): ResolvedFilter => ({ kind: 'or', filters });

/** PostgreSQL stores neither NUL nor half a character. */
export function plainText(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  throw new Refusal('invalidValue', 'A text has a NUL or half a surrogate pair in it.');
}
