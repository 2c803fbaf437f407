// One PATCH, asked of the service and of the interpreter: what differs, in words. No answer, no opinion of one's own.
import { interpret, type Outcome } from './interpreter.js';
import { isList, isObject, type Json, type JsonObject, textOf } from './interpreterState.js';
import { type Reply, type Subject } from './subject.js';

export interface Seen {
  /** The resource as GET shows it, without `meta`. */
  readonly resource: JsonObject;
  readonly version: string;
  readonly lastModified: Json;
}

export interface Comparison {
  /** Empty: the service did what the documents say. */
  readonly differences: readonly string[];
  readonly outcome: Outcome;
  readonly after: Seen;
}

/** Reads the resource. */
export async function see({ wire, path }: Subject): Promise<Seen> {
  const { status, body, version } = await wire('GET', path);
  if (status !== 200 || !isObject(body) || version === null) throw new Error(`GET ${path} answered ${status}`);
  const meta = isObject(body.meta) ? body.meta : {};
  if (meta.version !== version) throw new Error(`ETag ${version} is not meta.version ${JSON.stringify(meta.version)}`);
  return { resource: shown(body), version, lastModified: meta.lastModified ?? null };
}

/** Without `meta`; a group without members shows `[]`, which is the same as absent (RFC 7643, 2.5). */
const shown = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => name !== 'meta' && !(name === 'members' && isList(value) && value.length === 0),
    ),
  );

/** Puts the resource into a state it was in. */
export async function reset(subject: Subject, state: JsonObject): Promise<Seen> {
  const { status, body } = await subject.wire('PUT', subject.path, state);
  if (status !== 200) throw new Error(`PUT ${subject.path} answered ${status}: ${JSON.stringify(body)}`);
  return see(subject);
}

/** Sends the PATCH and compares the answer, and what a GET shows afterwards, with what the interpreter says. */
export async function compare(subject: Subject, before: Seen, message: Json): Promise<Comparison> {
  const outcome = interpret(before.resource, message, subject.schema, subject.world);
  const reply = await subject.wire('PATCH', subject.path, message);
  const after = await see(subject);
  const expected = outcome.kind === 'done' ? outcome.resource : before.resource;
  const moved = outcome.kind === 'done' && outcome.changed;
  return {
    outcome,
    after,
    differences: [
      ...answerDifferences(subject, outcome, reply),
      ...resourceDifferences('GET', expected, after.resource),
      ...(moved === (after.version !== before.version) ? [] : [`version ${moved ? 'stayed' : 'moved'}`]),
      ...(moved === (after.lastModified !== before.lastModified) ? [] : [`lastModified ${moved ? 'stayed' : 'moved'}`]),
    ],
  };
}

function answerDifferences({ schema }: Subject, outcome: Outcome, { status, body }: Reply): string[] {
  const got =
    isObject(body) && status >= 400 ? `${status} ${textOf(body.scimType)} (${textOf(body.detail)})` : String(status);
  if (outcome.kind === 'refused') {
    const same = isObject(body) && status === outcome.status && body.scimType === outcome.scimType;
    return same ? [] : [`answer: expected ${outcome.status} ${outcome.scimType} (${outcome.why}), got ${got}`];
  }
  // SPEC 4: "PATCH on a user answers 200 with the resource"; SPEC 5: "A PATCH answers 204".
  const expected = schema.type === 'User' ? 200 : 204;
  if (status !== expected) return [`answer: expected ${expected}, got ${got}`];
  if (schema.type === 'Group') return body === undefined ? [] : ['answer: 204 with a body'];
  return isObject(body) ? resourceDifferences('answer', outcome.resource, shown(body)) : ['answer: no body'];
}

function resourceDifferences(where: string, expected: JsonObject, got: JsonObject): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(got)])]
    .filter((name) => written(name, expected[name]) !== written(name, got[name]))
    .map((name) => `${where}: ${name}: expected ${written(name, expected[name])}, got ${written(name, got[name])}`);
}

/** Members are a set; so are the URNs in `schemas`. Names in an object have no order. */
function written(name: string, value: Json | undefined): string {
  const unordered = name === 'members' || name === 'schemas';
  return unordered && isList(value) ? value.map(canonical).sort().join() : canonical(value);
}

const canonical = (value: Json | undefined): string =>
  JSON.stringify(value, (_, inner: Json) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  ) ?? 'nothing';
