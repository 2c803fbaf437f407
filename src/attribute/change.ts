// The only form in which values travel towards the directory: POST, PUT, PATCH and GraphQL mutations all become one Change.

/** Attribute values by the property that stores them; `null` is unassigned. A manager is the reference as it was sent. */
export type Values = Readonly<Record<string, unknown>>;

/** What becomes of the members of a group: afterwards it has `add`, has none of `remove`, and of the others all or none. */
export interface MemberChange {
  readonly keepOthers: boolean;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface Change {
  /** Only what is named here changes. */
  readonly set: Values;
  readonly members?: MemberChange;
}

/** The properties of `set` whose value differs from the current one. */
export function differences(current: Values, set: Values): string[] {
  return Object.keys(set).filter((property) => !equalValues(current[property] ?? null, set[property] ?? null));
}

/** Whether two JSON values are the same; the order of an object's keys does not count. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && equalValues(value, right.get(key)))
  );
}
