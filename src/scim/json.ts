// JSON as it comes from outside.

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value without what says nothing: `null` parts, empty elements, empty lists and objects become unassigned. */
export function compact(value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements = value.map(compact).filter((element) => element !== null);
    return elements.length > 0 ? elements : null;
  }
  if (!isObject(value)) return value ?? null;
  const parts = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return parts.length > 0 ? Object.fromEntries(parts) : null;
}
