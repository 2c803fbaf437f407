// PATCH: RFC 7644 section 3.5.2. Pure: operations and the current values become a Change; nothing is read or written.
// Where a profile reads more than the RFC, `reading.lenient` says so.
import { type Attribute, type Schema } from '../attribute/attribute.js';
import { type Target, byName, findAttribute, findExtension } from '../attribute/attributePath.js';
import { type Change, type Values } from '../attribute/change.js';
import { type ResourceType, attributesOfType } from '../attribute/resourceType.js';
import { type FilterLeniency, type PatchPath } from '../filter/filter.js';
import { parsePatchPath } from '../filter/parseFilter.js';
import { Refusal } from '../refusal.js';
import { type Reading } from './canonical.js';
import { type Operation, expandPathKeys } from './entraDialect.js';
import { isObject } from './json.js';
import { MemberSteps } from './memberSteps.js';
import { propertyOf } from './resourceBody.js';
import { patchedValue } from './patchValue.js';
import { assertMessage } from './validateMessage.js';

/** Operations of one PATCH on the lists of a person: each reads its whole list. Operations on members have no such limit. */
const MAX_LIST_STEPS = 500;
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The operations of a PatchOp message. Refuses with `invalidSyntax` what is none. */
export function readPatchOp(body: unknown, reading: Reading): readonly Operation[] {
  const message = assertMessage(body, PATCH_OP);
  const operations = Object.entries(message).find(([key]) => key.toLowerCase() === 'operations')?.[1];
  if (!Array.isArray(operations)) throw new Refusal('invalidSyntax', 'Operations must be a list.');
  if (operations.length === 0) {
    if (!reading.lenient) throw new Refusal('invalidSyntax', 'Operations must hold at least one operation.');
    reading.notes.leniencies.add('emptyOperations');
  }
  return operations
    .map(readOperation)
    .flatMap((operation) => (reading.lenient ? expandPathKeys(operation, reading.notes) : [operation]));
}

function readOperation(operation: unknown, index: number): Operation {
  const at = `Operations[${index}]`;
  if (!isObject(operation)) throw new Refusal('invalidSyntax', `${at} must be an object.`);
  const fields = new Map(Object.entries(operation).map(([key, value]) => [key.toLowerCase(), value]));
  const given = fields.get('op');
  const op = typeof given === 'string' ? given.toLowerCase() : undefined;
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new Refusal('invalidSyntax', `${at}.op must be add, replace or remove.`);
  }
  const path = fields.get('path');
  if (path !== undefined && path !== null && typeof path !== 'string') {
    throw new Refusal('invalidPath', `${at}.path must be text.`);
  }
  if (op !== 'remove' && !fields.has('value')) throw new Refusal('invalidValue', `${at} needs a value.`);
  return {
    op,
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
    ...(fields.has('value') ? { value: fields.get('value') } : {}),
  };
}

/** What the operations, one after the other, make of the current values. Only what an operation touched is in the Change. */
export function changeFromPatch(
  type: ResourceType,
  current: Values,
  operations: readonly Operation[],
  reading: Reading,
): Change {
  const state: State = {
    type,
    values: { ...current },
    touched: new Set(),
    members: new MemberSteps(reading),
    listSteps: 0,
    primaries: new Set(),
    reading,
  };
  for (const operation of operations) apply(state, operation);
  const set = Object.fromEntries([...state.touched].map((property) => [property, state.values[property] ?? null]));
  const members = state.members.change();
  return { set, ...(members ? { members } : {}) };
}

interface State {
  readonly type: ResourceType;
  readonly values: Record<string, unknown>;
  readonly touched: Set<string>;
  readonly members: MemberSteps;
  listSteps: number;
  /** Attributes in which this request has marked a value primary. */
  readonly primaries: Set<Attribute>;
  readonly reading: Reading;
}

function apply(state: State, operation: Operation): void {
  const { op, path, value } = operation;
  if (path === undefined) {
    if (op === 'remove') throw new Refusal('noTarget', 'A remove operation needs a path that says what to remove.');
    applyObject(state, operation, value, [...state.type.common, ...state.type.core.attributes]);
    return;
  }
  const extension = findExtension(state.type, path);
  if (extension) applyExtension(state, operation, extension);
  else {
    const { lenient, notes } = state.reading;
    const note = (leniency: FilterLeniency) => void notes.leniencies.add(leniency);
    applyPath(state, operation, parsePatchPath(path, { unquotedStrings: lenient, note }));
  }
}

/** An operation whose value names the attributes: without a path, or with an extension's URN as path. */
function applyObject(state: State, { op }: Operation, value: unknown, attributes: readonly Attribute[]): void {
  if (!isObject(value))
    throw new Refusal('invalidValue', 'Without a path to an attribute, value must be an object of attributes.');
  for (const [key, inner] of Object.entries(value)) {
    const extension = findExtension(state.type, key);
    const attribute = byName(attributes, key);
    if (extension) applyExtension(state, { op, value: inner }, extension);
    else if (!attribute) state.reading.notes.ignored.add(key);
    // RFC 7644 section 3.5.2: clients send back what they read; these never change.
    else if (!['id', 'schemas', 'meta'].includes(attribute.name)) {
      applyTarget(state, { op, value: inner }, { schema: undefined, attribute }, undefined, attribute.name);
    }
  }
}

function applyExtension(state: State, operation: Operation, { attributes }: Schema): void {
  const { op, value } = operation;
  const cleared = op === 'remove' || value === null;
  if (!cleared) return applyObject(state, operation, value, attributes);
  for (const attribute of attributes) {
    applyTarget(state, { op: 'remove' }, { schema: undefined, attribute }, undefined, attribute.name);
  }
}

function applyPath(state: State, operation: Operation, { path, filter }: PatchPath): void {
  const { type, reading } = state;
  const target = findAttribute(type, path, { shortNames: reading.lenient });
  if (!target) {
    if (!reading.lenient)
      throw new Refusal('invalidPath', `${path.text} is no attribute of ${type.name}; /Schemas lists those there are.`);
    reading.notes.ignored.add(path.text);
    return;
  }
  if (target.schema && type.extensions.includes(target.schema) && path.schema === undefined) {
    reading.notes.leniencies.add('enterpriseNameWithoutUrn');
  }
  applyTarget(state, operation, target, filter, path.text);
}

function applyTarget(
  state: State,
  operation: Operation,
  target: Target,
  filter: PatchPath['filter'],
  text: string,
): void {
  const { attribute, sub } = target;
  if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly') {
    throw new Refusal('mutability', `${text} is read-only: this directory keeps it. Take it out of the request.`);
  }
  if (attribute.store.kind === 'edge') {
    // RFC 7643 section 2.2: immutable. A member is another member, not a changed one.
    if (sub) throw new Refusal('mutability', `${text} cannot be changed; add and remove members as a whole.`);
    state.members.apply(operation, attribute, filter);
    return;
  }
  if (attribute.store.kind === 'list' && ++state.listSteps > MAX_LIST_STEPS) {
    throw new Refusal('tooLarge', `One PATCH may change lists in ${MAX_LIST_STEPS} operations. Send several requests.`);
  }
  const property = propertyOf(attribute);
  if (property === undefined) throw new Refusal('mutability', `${text} cannot be changed.`);
  const before = state.values[property] ?? null;
  const after = patchedValue({
    operation,
    target,
    filter,
    text,
    before,
    reading: state.reading,
    primaries: state.primaries,
  });
  if (after === null && attribute.required)
    throw new Refusal('mutability', `${attribute.name} is required and cannot be removed; replace it.`);
  // Never unassigned: what takes it away leaves it as it is, also as an earlier operation made it.
  if (after === null && attribute.name === 'active') return;
  state.values[property] = after;
  state.touched.add(property);
}

/** The attributes that `current` values may name: for callers that build them from a row. */
export const patchableProperties = (type: ResourceType): string[] =>
  attributesOfType(type).flatMap(({ attribute }) => propertyOf(attribute) ?? []);
