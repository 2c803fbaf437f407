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
  textOf,
} from './interpreterState.js';

/**
 * Whether the value of an operation makes its target unassigned. SPEC 6 "PATCH": "`null` and `[]` clear"; "profile
 * ENTRA": `""`, `{}`, `{"value": ""}` clear an optional attribute too.
 */
export const clears = (value: Json, profile: Profile): boolean =>
  value === null || (isList(value) && value.length === 0) || (profile === 'ENTRA' && isNothing(value));

const isNothing = (value: Json): boolean =>
  value === '' ||
  (isObject(value) &&
    Object.entries(value).every(([name, one]) => name.toLowerCase() === 'value' && (one === null || one === '')));

/** SPEC 6 "PATCH, profile ENTRA": scalars wrapped in `[{"value": x}]`; research/entra.md 2.4 has `[x]` as well. */
export function unwrapped(value: Json, profile: Profile): Json {
  return profile === 'ENTRA' && isList(value) && value.length === 1 ? (value[0] ?? null) : value;
}

/** The value that an attribute without parts will hold; undefined: it becomes unassigned. */
export function simpleValue(rule: Rule, given: Json, profile: Profile): Json | undefined {
  const only = unwrapped(given, profile);
  const value = isObject(only) && only !== given && 'value' in only ? (only.value ?? null) : only;
  // SPEC 6: "removing a required attribute 400 `mutability`"; what else clears, clears an optional attribute only.
  if (rule.required && (value === null || (isList(value) && value.length === 0)))
    return refuse('mutability', `${rule.name} is required`);
  if (!rule.required && clears(value, profile)) return undefined;
  const read = profile === 'ENTRA' && rule.kind === 'boolean' ? booleanOf(value) : value;
  if (typeof read !== (rule.kind === 'boolean' ? 'boolean' : 'string')) refuse('invalidValue', `${rule.name}: type`);
  // SPEC 4 and 5: required and "not blank". Elsewhere `""` is a string like any other in profile RFC (RFC 7643, 2.3.1).
  if (rule.required && textOf(read).trim() === '') refuse('invalidValue', `${rule.name}: blank`);
  return read;
}

/**
 * The parts that an object names, each with its value or undefined where it is cleared. Unknown parts are ignored
 * (SPEC 6 "unknown attributes"), read-only ones too: 3.5.2 lets nobody modify them, and whoever sends back what was
 * read modifies nothing. In profile RFC `{}` is `invalidValue` (SPEC 6: what clears in profile ENTRA is an error there).
 */
export function partsGiven(rule: Rule, value: Json, profile: Profile): (readonly [string, Json | undefined])[] {
  if (!isObject(value)) return refuse('invalidValue', `${rule.name} takes an object`);
  return Object.entries(value).flatMap(([name, given]) => {
    const part = ruleNamed(rule.parts, name);
    return !part || part.mutability === 'readOnly' ? [] : [[part.name, partValue(part, given, profile)] as const];
  });
}

/** Inside an object, `[]` is a wrong type: RFC 7643, 2.5 has it for multi-valued attributes; SPEC 6 for what a path names. */
const partValue = (part: Rule, given: Json, profile: Profile): Json | undefined =>
  isList(unwrapped(given, profile)) ? refuse('invalidValue', `${part.name}: type`) : simpleValue(part, given, profile);

/** An object as an element of a list: only what is assigned in it. Profile ENTRA: bare text is its value (entra.md 2.7). */
export function elementOf(rule: Rule, given: Json, profile: Profile): JsonObject {
  const text = profile === 'ENTRA' && typeof given === 'string' && given !== '' && ruleNamed(rule.parts, 'value');
  return Object.fromEntries(
    partsGiven(rule, text ? { value: given } : given, profile).flatMap(([name, part]) =>
      part === undefined ? [] : [[name, part]],
    ),
  );
}

/** The elements that a value for a multi-valued attribute holds; a single one may stand for a list of one. */
export const elementsOf = (rule: Rule, value: Json, profile: Profile): JsonObject[] =>
  (isList(value) ? value : [value]).map((one) => elementOf(rule, one, profile)).filter((one) => !isUnassigned(one));
