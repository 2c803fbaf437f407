// What a `where` means: the same resolved filter as SCIM's, so that one compiler makes the SQL of both.
import { attribute } from '../attribute/attribute.js';
import { type Target } from '../attribute/attributePath.js';
import { type ResourceType } from '../attribute/resourceType.js';
import { groupType, userType } from '../directory/resourceTypes.js';
import {
  EVERYTHING,
  NOTHING,
  not,
  type ResolvedFilter,
  type ResolvedOperator,
  type ResolvedValue,
} from '../filter/resolvedFilter.js';
import { Refusal } from '../refusal.js';
import { targetOf } from './describe.js';
import { type NodeType, uuidFromGlobalId } from './globalId.js';
import {
  type DateTimeFilter,
  GROUP_TEXTS,
  type GroupCondition,
  type IdFilter,
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
  ]);

/** The condition on a group. */
export const groupFilter = (where: GroupCondition | null | undefined): ResolvedFilter =>
  filterOf(where, groupType, GROUP_TEXTS, groupFilter, (given) => when(given.id, (id) => idFilter('Group', id)));

/** Whether a condition speaks of deleted people, so that they must be looked at. */
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

export function textFilter(target: Target, filter: StringFilter): ResolvedFilter {
  const is = (operator: ResolvedOperator) => (text: string) => compare(target, operator, plainText(text));
  const present: ResolvedFilter = { kind: 'present', target };
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

/** An explicit null says nothing else than leaving out: what is unassigned is asked for by `isNull`. */
export const when = <Value>(
  value: Value | null | undefined,
  filter: (value: Value) => ResolvedFilter,
): ResolvedFilter[] => (value === null || value === undefined ? [] : [filter(value)]);

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
