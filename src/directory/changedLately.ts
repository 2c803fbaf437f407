// Lists of what changed lately: "meta.lastModified gt", which identity providers ask again and again. A table beside people
// and groups, `changed_hour`, has the hour in which each last changed; triggers keep it.
import { type ResourceType } from '../attribute/resourceType.js';
import { conjuncts, type ResolvedFilter } from '../filter/resolvedFilter.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long ago is lately: for a page in order of creation, and for what looks at all that changed, each row by its key. */
export const LATELY = { page: 31 * DAY_MS, all: 2 * DAY_MS } as const;

/** The hour since which everything a filter finds has changed, where it says so and it is lately: else nearly everything may fit. */
export function changedLately(filter: ResolvedFilter, now: Date, what: keyof typeof LATELY): Date | undefined {
  const since = changedSince(filter);
  const age = since ? now.getTime() - since.getTime() : Infinity;
  // Nor for what is to come: there are years that PostgreSQL writes in another way.
  return age > -HOUR_MS && age < LATELY[what] ? since : undefined;
}

function changedSince(filter: ResolvedFilter): Date | undefined {
  const moments = conjuncts(filter).flatMap((one) => momentOf(one) ?? []);
  return moments.sort((one, other) => other.getTime() - one.getTime())[0];
}

function momentOf(filter: ResolvedFilter): Date | undefined {
  if (filter.kind !== 'compare' || !(filter.value instanceof Date)) return undefined;
  const { store } = filter.target.sub ?? filter.target.attribute;
  const isFrom = filter.operator === 'gt' || filter.operator === 'ge' || filter.operator === 'eq';
  if (!isFrom || store.kind !== 'column' || store.column !== 'updated_at') return undefined;
  return new Date(Math.floor(filter.value.getTime() / HOUR_MS) * HOUR_MS);
}

/** What has changed since an hour. */
export interface Changed {
  readonly name: ResourceType['name'];
  readonly since: Date;
}

const keysOf = (name: string) => `changed.tenant_id = $1 and changed.resource_type = '${name}'`;

/** The hours, as `hours (hour)`, and `changed (id)` of an hour; `$1` is the tenant. Literals: the planner looks at them. */
export const changedIn = ({ name, since }: Changed): { hours: string; ofHour: string } => ({
  hours: `generate_series('${since.toISOString()}'::timestamptz,
    (select max(changed.hour) from changed_hour changed where ${keysOf(name)}), '1 hour') as hours (hour)`,
  ofHour: `(select changed.id from changed_hour changed where ${keysOf(name)} and changed.hour = hours.hour) changed`,
});

/** The rows of a table by their keys, for a list in another order and for counting. */
export const changedSinceSql = ({ name, since }: Changed, table: string, row: string): string =>
  `(select changed.id from changed_hour changed where ${keysOf(name)} and changed.hour >= '${since.toISOString()}') changed
    cross join lateral (select * from ${table} one where one.tenant_id = $1 and one.id = changed.id limit 1) ${row}`;
