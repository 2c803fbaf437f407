// The habits of Microsoft Entra ID, one named function each: raw JSON to what the RFC says. Used for integrations with
// the profile ENTRA only; each notes that it was needed. test/entra/exchanges has a recorded exchange for each.
import { type Attribute } from '../attribute/attribute.js';
import { type Json, isObject } from './json.js';
import { type Notes } from './notes.js';

/** A PATCH operation of RFC 7644 section 3.5.2 whose `op` is known. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: unknown;
}

/** `active` is computed by an expression that yields text: "True" and "False" arrive, also on POST. */
export function stringAsBoolean(value: string, notes: Notes): boolean | string {
  if (!/^(true|false)$/i.test(value)) return value;
  notes.leniencies.add('stringBoolean');
  return value.toLowerCase() === 'true';
}

/** The manager, and e-mail addresses of some clients, come as bare text: `"manager": "id"`. */
export function textAsComplex({ name }: Attribute, value: string, notes: Notes): Json {
  notes.leniencies.add(name === 'manager' ? 'managerAsString' : 'singleValueForList');
  return { value };
}

/** Gallery tests and some mappings clear an optional attribute with `""`. */
export function emptyAsUnassigned(notes: Notes): null {
  notes.leniencies.add('emptyMeansUnassigned');
  return null;
}

/** What stands for nothing: `""`, `{}`, `{"value": ""}`, `{"value": null}`. */
export const isNothing = (value: unknown): boolean =>
  value === '' ||
  (isObject(value) &&
    Object.entries(value).every(([key, part]) => /^value$/i.test(key) && (part === '' || part === null)));

/** Older jobs wrap a single value in a list: `[{"$ref": null, "value": "X"}]`, `["X"]`, also the manager. */
export function unwrapSingleValue({ name, type }: Attribute, value: unknown, notes: Notes): unknown {
  if (!Array.isArray(value) || value.length !== 1) return value;
  const [only] = value as readonly unknown[];
  notes.leniencies.add(name === 'manager' ? 'managerAsList' : 'wrappedScalar');
  return type !== 'complex' && isObject(only) && 'value' in only ? only.value : only;
}

/**
 * With the flag aadOptscim062020 several changes are merged into one operation without a path, whose keys are paths:
 * `name.givenName`, URN and colon, value paths. Each becomes an operation of its own; what can be no path, as
 * `@odata.type`, is unknown here as anywhere else.
 */
export function expandPathKeys(operation: Operation, notes: Notes): readonly Operation[] {
  const { op, path, value } = operation;
  if (path !== undefined || op === 'remove' || !isObject(value)) return [operation];
  const isPath = (key: string): boolean => /^(urn:|[a-z][\w-]*([.[]|$))/i.test(key);
  for (const key of Object.keys(value)) if (!isPath(key)) notes.ignored.add(key);
  const entries = Object.entries(value).filter(([key]) => isPath(key) && !/^(id|schemas|meta)$/i.test(key));
  if (entries.some(([key]) => /[.[]|^urn:.*:/i.test(key))) notes.leniencies.add('pathAsKey');
  return entries.map(([key, inner]) => ({ op, path: key, value: inner }));
}
