// A PATCH, sentence by sentence: what the resource is afterwards, or with which error the request is refused. Slow and
// plain on purpose; it shares nothing with the service.
import { readMessage, type Operation } from './interpreterEnvelope.js';
import { perform, type Surroundings } from './interpreterOperation.js';
import { readPath, type Target } from './interpreterPath.js';
import { checkResult } from './interpreterResult.js';
import { ENTERPRISE, ruleNamed, sameName, type Schema } from './interpreterSchema.js';
import {
  isObject,
  type Json,
  type JsonObject,
  type Profile,
  isList,
  refuse,
  Refused,
  textOf,
  sameJson,
  withMember,
  type World,
} from './interpreterState.js';

export type Outcome =
  | { readonly kind: 'done'; readonly resource: JsonObject; readonly changed: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly scimType: string; readonly why: string };

/** Interprets the body of a PATCH on the resource as GET shows it, `meta` left out. */
export function interpret(resource: JsonObject, body: Json, schema: Schema, world: World): Outcome {
  try {
    // 3.5.2: "Operations are applied sequentially in the order they appear"; "SHALL be treated as atomic".
    const around = { world, marked: new Set<string>() };
    const after = readMessage(body, world.profile).reduce<JsonObject>(
      (held, operation) => applied(held, operation, schema, around),
      resource,
    );
    checkResult(after, schema, world);
    const shown = presented(after, schema, world);
    return { kind: 'done', resource: shown, changed: !sameJson(own(shown), own(presented(resource, schema, world))) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: 'refused', status: error.status, scimType: error.scimType, why: error.message };
  }
}

function applied(held: JsonObject, { op, path, value }: Operation, schema: Schema, around: Surroundings): JsonObject {
  const { profile } = around.world;
  if (path !== undefined) return toTarget(held, op, readPath(path, schema, profile), value, schema, around);
  // 3.5.2.2: "If "path" is unspecified, the operation fails with ... "noTarget"".
  if (op === 'remove') return refuse('noTarget', 'remove needs a path');
  // 3.5.2.1 and 3.5.2.3: without path "the target location is assumed to be the resource itself".
  if (!isObject(value)) return refuse('invalidValue', 'without path the value is an object');
  return Object.entries(value).reduce<JsonObject>(
    (all, [name, one]) => toTarget(all, op, targetOfKey(name, schema, profile), one, schema, around, true),
    held,
  );
}

/** A key of a path-less value: an attribute's name; in profile ENTRA any path (SPEC 6). */
function targetOfKey(name: string, schema: Schema, profile: Profile): Target {
  // SPEC 6: "`id` and `schemas` inside a path-less value are ignored"; `meta`, which clients send back with them, is left
  // open and ignored too. `groups` is a read-only target like any other.
  if (['id', 'schemas', 'meta'].some((one) => sameName(one, name))) return { kind: 'unknown' };
  const rule = ruleNamed(schema.core, name);
  if (rule) return { kind: 'attribute', place: 'core', rule };
  if (schema.extension.length > 0 && sameName(name, ENTERPRISE)) return { kind: 'extension' };
  // SPEC 6: in profile RFC "keys that are paths are unknown attributes there, ignored"; and what does not begin like a path
  // is no broken path but an attribute that does not exist: "@odata.type".
  const [begin = ''] = name.split(/[.[]/, 1);
  const names = /^[a-z][a-z0-9_-]*$/i.test(begin) || sameName(name.slice(0, 4), 'urn:');
  return profile === 'RFC' || !names ? { kind: 'unknown' } : readPath(name, schema, profile);
}

function toTarget(
  held: JsonObject,
  op: Operation['op'],
  target: Target,
  value: Json | undefined,
  schema: Schema,
  around: Surroundings,
  key = false,
): JsonObject {
  switch (target.kind) {
    case 'unknown':
      // SPEC 6: in profile ENTRA ignored, in profile RFC `invalidPath`; unknown keys are ignored in both.
      return key || around.world.profile === 'ENTRA' ? held : refuse('invalidPath', 'no such attribute');
    case 'extension':
      return withMember(held, ENTERPRISE, toExtension(op, extensionOf(held), value, schema, around));
    case 'attribute':
      return target.place === 'core'
        ? perform(op, target, value, held, around)
        : withMember(held, ENTERPRISE, perform(op, target, value, extensionOf(held), around));
  }
}

/** SPEC 6: "the extension's URN is a path": it is a complex value (RFC 7643, 3.3), so named attributes are set in it. */
function toExtension(
  op: Operation['op'],
  held: JsonObject,
  value: Json | undefined,
  schema: Schema,
  around: Surroundings,
): JsonObject {
  if (op === 'remove' || value === null) return {};
  if (!isObject(value)) return refuse('invalidValue', 'the extension takes an object');
  return Object.entries(value).reduce<JsonObject>((all, [name, one]) => {
    const rule = ruleNamed(schema.extension, name);
    return rule ? perform(op, { rule }, one, all, around) : all;
  }, held);
}

const extensionOf = (held: JsonObject): JsonObject => {
  const extension = held[ENTERPRISE];
  return isObject(extension) ? extension : {};
};

/** SPEC 4: "`groups` is returned by default, read-only, and does not move the version"; nor does what a manager is called. */
function own(resource: JsonObject): JsonObject {
  const { manager, ...rest } = extensionOf(resource);
  const value: JsonObject = isObject(manager) ? { value: manager.value ?? null } : {};
  return { ...resource, groups: null, [ENTERPRISE]: { ...rest, manager: value }, members: sortedMembers(resource) };
}

/** Members are a set. */
const sortedMembers = ({ members }: JsonObject): Json =>
  isList(members) ? members.map((one) => (isObject(one) ? textOf(one.value) : '')).sort() : [];

/** As GET shows it: SPEC 6 "PUT": `schemas` follows the data; SPEC 4 "Manager"; SPEC 5: what a member is called. */
function presented(held: JsonObject, schema: Schema, world: World): JsonObject {
  const extension = extensionOf(held);
  const manager = isObject(extension.manager) ? extension.manager.value : undefined;
  const after = withMember(
    held,
    ENTERPRISE,
    withMember(extension, 'manager', typeof manager === 'string' ? presentManager(manager, held, world) : undefined),
  );
  return { ...after, schemas: ENTERPRISE in after ? [schema.urn, ENTERPRISE] : [schema.urn] };
}

/** SPEC 4 "Manager": read `{value, $ref, displayName}`; a value that is no user here is returned as `{value}`. */
function presentManager(value: string, held: JsonObject, world: World): JsonObject {
  if (value === held.id) return known(value, held.displayName, world);
  const person = world.people.find((one) => one.id === value);
  return person ? known(value, person.displayName, world) : { value };
}

const known = (value: string, displayName: Json | undefined, world: World): JsonObject =>
  withMember({ value, $ref: `${world.base}/Users/${value}` }, 'displayName', displayName);
