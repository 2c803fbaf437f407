// What one PATCH operation makes of the value of one attribute: RFC 7644 sections 3.5.2.1 to 3.5.2.3. Lists are in
// `patchList.ts`.
import { type Attribute } from '../attribute/attribute.js';
import { Refusal } from '../refusal.js';
import { canonicalValue } from './canonical.js';
import { type Operation } from './entraDialect.js';
import { type Json, compact, isObject } from './json.js';
import { patchedList } from './patchList.js';
import { type Step, clears } from './patchStep.js';
import { storedValue } from './resourceBody.js';
import { validateValue } from './validateMessage.js';

/** The value afterwards, as the directory keeps it; null is unassigned. */
export function patchedValue(step: Step): unknown {
  const { filter, text } = step;
  const { attribute } = step.target;
  if (filter && !attribute.multiValued)
    throw new Refusal('invalidPath', `${text}: ${attribute.name} has one value, so nothing can be selected in it.`);
  refuseEmptyObject(step);
  return attribute.multiValued ? patchedList(step) : patchedSingle(step);
}

/** In profile ENTRA `{}` clears; for the RFC it says nothing, and must not take away what is there. */
function refuseEmptyObject({ operation: { op, value }, target, text, reading }: Step): void {
  if (reading.lenient || op === 'remove' || (target.sub ?? target.attribute).type !== 'complex') return;
  if (isObject(value) && Object.keys(value).length === 0)
    throw new Refusal('invalidValue', `${text}: an empty object says nothing; null clears.`);
}

function patchedSingle({ operation, target, text, before, reading }: Step): unknown {
  const { attribute, sub } = target;
  const { op, value } = operation;
  if (attribute.store.kind === 'link') {
    // A reference is one fact, told as `value` and as `$ref`: neither can be removed without the other.
    if (op === 'remove' || clears(value, reading, true)) return null;
    const canonical = canonicalValue(attribute, sub ? { [sub.name]: value } : value, reading);
    if (isObject(canonical) && !('value' in canonical) && !('$ref' in canonical)) return before;
    const given = isObject(canonical) ? compact(canonical) : canonical;
    validateValue(attribute, given, text);
    return storedValue(attribute, given);
  }
  const named = sub ?? attribute;
  const canonical = op === 'remove' ? null : canonicalValue(named, value, reading);
  const namesNothing = named.type === 'complex' && isObject(canonical) && Object.keys(canonical).length === 0;
  if (namesNothing && !clears(value, reading, true)) return before;
  const given = settledSingle(named, canonical);
  if (given !== null || attribute.required) validateRequired(named, given, text, op);
  if (sub) return compact({ ...(before as Json | null), [sub.name]: given });
  // RFC 7644 section 3.5.2.3: parts that are not named stay; those named with nothing go.
  if (!isObject(canonical) || clears(value, reading, true)) return given;
  return compact({ ...(before as Json | null), ...canonical });
}

/** An empty list is unassigned (RFC 7643 section 2.5); of a complex value, what says nothing is left out. */
const settledSingle = ({ type }: Attribute, value: unknown): unknown =>
  (Array.isArray(value) ? value.length === 0 : type === 'complex') ? compact(value) : value;

function validateRequired(attribute: Attribute, given: unknown, text: string, op: Operation['op']): void {
  if (given === null && (op === 'remove' || attribute.required)) {
    throw new Refusal('mutability', `${text} is required and cannot be removed; replace it.`);
  }
  validateValue(attribute, given, text);
}
