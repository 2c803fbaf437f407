// Reads a JSON document of settings field by field, and notes every mistake with its place: wrong values, what is
// missing, and what nobody has asked for, because a misspelt restriction would restrict nothing.

/** What a field may be. */
export interface Rule<Value> {
  readonly allowed: string;
  /** Undefined for what is not allowed. */
  readonly parse: (value: unknown) => Value | undefined;
}

/** The fields of one object. It is read with `readFields`. */
export interface Fields {
  readonly path: string;
  readonly mistakes: string[];
  readonly values: ReadonlyMap<string, unknown>;
  readonly asked: Set<string>;
}

/** Reads a value that must be an object. */
export function readFields<Value>(value: unknown, path: string, mistakes: string[], read: (fields: Fields) => Value) {
  const values = isObject(value) ? new Map(Object.entries(value)) : new Map<string, unknown>();
  const fields: Fields = { path, mistakes, values, asked: new Set() };
  if (!isObject(value)) noteMistake(fields, 'must be an object');
  const result = read(fields);
  for (const name of values.keys()) if (!fields.asked.has(name)) noteMistake(fields, `"${name}" is not known here`);
  return result;
}

export const noteMistake = ({ path, mistakes }: Fields, text: string): void => void mistakes.push(`${path}: ${text}`);

/** A field that must be there. Undefined where it is wrong, which is noted. */
export const needed = <Value>(fields: Fields, name: string, rule: Rule<Value>): Value | undefined =>
  parsed(fields, name, valueOf(fields, name), rule);

/** A field that may be there. */
export function optional<Value>(fields: Fields, name: string, rule: Rule<Value>): Value | undefined {
  const value = valueOf(fields, name);
  return value === undefined ? undefined : parsed(fields, name, value, rule);
}

/** An object that must be there. */
export const neededObject = <Value>(fields: Fields, name: string, read: (fields: Fields) => Value): Value =>
  readFields(valueOf(fields, name), `${fields.path} ${name}`, fields.mistakes, read);

/** An object that may be there. */
export const optionalObject = <Value>(fields: Fields, name: string, read: (fields: Fields) => Value) =>
  valueOf(fields, name) === undefined ? undefined : neededObject(fields, name, read);

/** Names of the document's own, each with a value; at least one. */
export function neededMap<Value>(fields: Fields, name: string, rule: Rule<Value>): ReadonlyMap<string, Value> {
  const given = valueOf(fields, name);
  const entries = isObject(given) ? Object.entries(given) : [];
  if (entries.length === 0) noteMistake(fields, `"${name}" must be an object with at least one name`);
  return new Map(
    entries.flatMap(([key, value]) => {
      const result = parsed(fields, `${name}.${key}`, value, rule);
      return result === undefined ? [] : [[key, result] as const];
    }),
  );
}

/** A list of objects. */
export function neededList<Value>(fields: Fields, name: string, read: (fields: Fields) => Value): readonly Value[] {
  const given = valueOf(fields, name);
  if (!Array.isArray(given)) noteMistake(fields, `"${name}" must be a list`);
  const { path, mistakes } = fields;
  return Array.isArray(given) ? given.map((each, n) => readFields(each, `${path} ${name}[${n}]`, mistakes, read)) : [];
}

/** Whether a value is an object with fields. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueOf({ values, asked }: Fields, name: string): unknown {
  asked.add(name);
  return values.get(name);
}

function parsed<Value>(fields: Fields, name: string, value: unknown, { allowed, parse }: Rule<Value>) {
  const result = parse(value);
  if (result === undefined) noteMistake(fields, `"${name}" must be ${allowed}`);
  return result;
}
