// Which JSON values an attribute takes (RFC 7643, 2.3), what clears it (2.5), and how profile ENTRA reads more (SPEC 6).
import { booleanOf } from './interpreterFilter.js';
import { ruleNamed, type Rule } from './interpreterSchema.js';
import {
  isList,
  isObject,
  isUnassigned,
  type Json,
  type JsonObject,
  type Profile,
  refuse,
} from './interpreterState.js';

/** The value an attribute without parts will hold; undefined: it becomes unassigned. */
export function simpleValue(rule: Rule, given: Json, profile: Profile): Json | undefined {
  const value = profile === 'ENTRA' ? unwrapped(given) : given;
  // RFC 7643, 2.5: null makes unassigned. SPEC 6 "PATCH": "`null` and `[]` clear".
  if (value === null || (isList(value) && value.length === 0)) return cleared(rule);
  // SPEC 6 "PATCH, profile ENTRA": `""`, `{}`, `{"value": ""}` clear an optional attribute too.
  if (profile === 'ENTRA' && isEmpty(value)) return cleared(rule);
  const read = profile === 'ENTRA' && rule.kind === 'boolean' ? booleanOf(value) : value;
  if (typeof read !== (rule.kind === 'boolean' ? 'boolean' : 'string')) refuse('invalidValue', `${rule.name}: type`);
  // SPEC 6: in profile RFC `""` does not clear, it is an error.
  if (read === '') refuse('invalidValue', `${rule.name}: empty`);
  return read;
}

/** SPEC 6 "PATCH": removing a required attribute is `mutability`. */
const cleared = (rule: Rule): undefined =>
  rule.required ? refuse('mutability', `${rule.name} is required`) : undefined;

/** SPEC 6 "PATCH, profile ENTRA": scalars wrapped in `[{"value": x}]`. */
function unwrapped(value: Json): Json {
  const inner = isList(value) && value.length === 1 ? value[0] : undefined;
  return isObject(inner) && 'value' in inner ? (inner.value ?? null) : value;
}

const isEmpty = (value: Json): boolean =>
  value === '' ||
  (isObject(value) && Object.values(value).every((part) => part === null || part === '')) ||
  isUnassigned(value);

/**
 * The parts that an object names, each with its value or undefined where it is cleared. Unknown parts are ignored
 * (SPEC 6 "unknown attributes"), read-only ones too: 3.5.2 lets nobody modify them, and whoever sends back what was
 * read modifies nothing.
 */
export function partsGiven(
  rule: Rule,
  value: Json,
  profile: Profile,
): readonly (readonly [string, Json | undefined])[] {
  if (!isObject(value)) return refuse('invalidValue', `${rule.name} takes an object`);
  return Object.entries(value).flatMap(([name, given]) => {
    const part = ruleNamed(rule.parts, name);
    return !part || part.mutability === 'readOnly' ? [] : [[part.name, simpleValue(part, given, profile)] as const];
  });
}

/** An object as an element of a list: only what is assigned in it. */
export const elementOf = (rule: Rule, value: Json, profile: Profile): JsonObject =>
  Object.fromEntries(
    partsGiven(rule, value, profile).flatMap(([name, part]) => (part === undefined ? [] : [[name, part]])),
  );

/** The elements that a value for a multi-valued attribute holds; a single one may stand for a list of one. */
export function elementsOf(rule: Rule, value: Json, profile: Profile): JsonObject[] {
  if (value === null || (profile === 'ENTRA' && !isList(value) && isEmpty(value))) return [];
  return (isList(value) ? value : [value])
    .map((one) => elementOf(rule, one, profile))
    .filter((one) => !isUnassigned(one));
}
