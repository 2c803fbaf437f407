// A recorded exchange: what an identity provider sends, and the answer that works. Replayed word for word over HTTP.
import { type Leniency } from '../../src/scim/notes.js';

/** One request below /scim/v2. `as` names its answer, so that later requests say `${mara.id}`. */
export interface RecordedRequest {
  readonly as?: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; text is sent as it is. */
  readonly body?: unknown;
}

/** What must be in the answer; see `mismatches` for the matchers. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Null: no body at all. Absent: not looked at. */
  readonly body?: unknown;
}

export interface Exchange {
  /** One habit, as a sentence: the name of the test. */
  readonly why: string;
  /** Numbers of research/entra.md section 6. */
  readonly bug?: readonly number[];
  /** The compatibility profile; ENTRA when absent. */
  readonly profile?: 'ENTRA' | 'RFC' | 'BOTH';
  /** Sets the scene; each must succeed. */
  readonly given?: readonly RecordedRequest[];
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
  /** What the provisioning log must say was forgiven (a successful read is not logged). */
  readonly leniencies?: readonly Leniency[];
  /** Part of what the provisioning log must say. */
  readonly sentence?: string;
  readonly then?: readonly { readonly request: RecordedRequest; readonly response: RecordedResponse }[];
}

/** Named answers by name. */
export type Answers = ReadonlyMap<string, unknown>;

/** A copy with every `${name.path}` replaced by what that answer said. */
export function filledIn<T>(template: T, answers: Answers): T {
  if (typeof template === 'string') return filledText(template, answers) as T;
  if (Array.isArray(template)) return template.map((element: unknown) => filledIn(element, answers)) as T;
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filledIn(value, answers)])) as T;
}

const filledText = (text: string, answers: Answers): string =>
  text.replace(/\$\{(\w+)\.([\w.]+)\}/g, (_, name: string, path: string) => {
    let value = answers.get(name);
    for (const part of path.split('.')) value = isObject(value) ? value[part] : undefined;
    if (typeof value !== 'string') throw new Error(`No answer has said \${${name}.${path}}`);
    return value;
  });

/**
 * Where a value is not what was recorded, one line each. An object must have what is recorded, and may have more; a
 * list must have exactly the recorded elements. `{"$absent": true}`: the key must not be there. `{"$any": "string"}`:
 * any value of that type. `{"$contains": "text"}`: text with that in it. `{"$only": {…}}`: an object with nothing more.
 */
export function mismatches(expected: unknown, actual: unknown, at = 'body'): string[] {
  const shown = `${at} is ${JSON.stringify(actual)}`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${shown}, not a list`];
    if (actual.length !== expected.length) return [`${shown}, not ${expected.length} elements`];
    return expected.flatMap((element, index) => mismatches(element, actual[index], `${at}[${index}]`));
  }
  if (!isObject(expected)) return expected === actual ? [] : [`${shown}, not ${JSON.stringify(expected)}`];
  if ('$absent' in expected) return actual === undefined ? [] : [`${shown}, and should be absent`];
  if ('$any' in expected) return typeof actual === expected.$any ? [] : [`${shown}, not a ${String(expected.$any)}`];
  if ('$contains' in expected) {
    const part = String(expected.$contains);
    return typeof actual === 'string' && actual.includes(part) ? [] : [`${shown}, without "${part}"`];
  }
  if (!isObject(actual)) return [`${shown}, not an object`];
  if ('$only' in expected) {
    const only = expected.$only as Record<string, unknown>;
    const more = Object.keys(actual).filter((key) => !(key in only));
    return [...more.map((key) => `${at}.${key} should not be there`), ...mismatches(only, actual, at)];
  }
  return Object.entries(expected).flatMap(([key, value]) => mismatches(value, actual[key], `${at}.${key}`));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
