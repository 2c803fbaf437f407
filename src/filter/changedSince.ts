// Lists of what changed lately: "meta.lastModified gt", which identity providers ask again and again.
import { HOUR_MS } from './compareToSql.js';
import { type ResolvedFilter } from './resolvedFilter.js';

export interface Since {
  /** The column with the hour of the change. */
  readonly column: string;
  /** The first hour that counts. */
  readonly hour: Date;
}

/** Since when everything a filter finds has changed; undefined where it does not say. */
export function changedSince(filter: ResolvedFilter): Since | undefined {
  if (filter.kind === 'and') {
    const all = filter.filters.flatMap((one) => changedSince(one) ?? []);
    return all.sort((one, other) => other.hour.getTime() - one.hour.getTime())[0];
  }
  if (filter.kind !== 'compare' || !(filter.value instanceof Date)) return undefined;
  const { store } = filter.target.sub ?? filter.target.attribute;
  const isFrom = filter.operator === 'gt' || filter.operator === 'ge' || filter.operator === 'eq';
  if (!isFrom || store.kind !== 'column' || store.key === undefined) return undefined;
  return { column: store.key, hour: new Date(Math.floor(filter.value.getTime() / HOUR_MS) * HOUR_MS) };
}
