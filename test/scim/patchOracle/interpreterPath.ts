// PATCH paths: RFC 7644, 3.5.2, figure 7: "PATH = attrPath / valuePath [subAttr]", and what they name in the schema.
import { type Filter, readFilter } from './interpreterFilter.js';
import { ENTERPRISE, ruleNamed, type Rule, sameName, type Schema } from './interpreterSchema.js';
import { type Profile, refuse } from './interpreterState.js';

export type Target =
  /** The whole extension: its URN is a path (SPEC 6 "PATCH"). */
  | { readonly kind: 'extension' }
  | {
      readonly kind: 'attribute';
      readonly place: Place;
      readonly rule: Rule;
      readonly part?: Rule;
      readonly filter?: Filter<string>;
    }
  /** Well formed, but no such attribute here. */
  | { readonly kind: 'unknown' };

export type Place = 'core' | 'extension';

const NAME = '[A-Za-z][A-Za-z0-9_-]*';
const SUB = `(?:${NAME}|\\$ref)`;
const PATH = new RegExp(`^(?:(urn:.+):)?(${NAME})(?:\\[(.*)\\])?(?:\\.(${SUB}))?$`, 'is');

/** Reads a path and finds what it names. Malformed: `invalidPath` (table 9), in both profiles. */
export function readPath(text: string, schema: Schema, profile: Profile): Target {
  if (schema.extension.length > 0 && sameName(text, ENTERPRISE)) return { kind: 'extension' };
  const [, urn, name, inside, sub] = splitPath(text);
  const filter = inside === undefined ? undefined : readFilter(inside, profile);
  const found = ruleOf(urn, name ?? '', schema, profile);
  if (!found) return { kind: 'unknown' };
  if (sub === undefined) return { kind: 'attribute', ...found, filter };
  const part = ruleNamed(found.rule.parts, sub);
  return part ? { kind: 'attribute', ...found, part, filter } : { kind: 'unknown' };
}

/** The version in a URN has a dot, brackets hold anything: so the URN ends at the last colon before a bracket. */
function splitPath(text: string): readonly (string | undefined)[] {
  const bracket = text.indexOf('[');
  const head = bracket < 0 ? text : text.slice(0, bracket);
  const colon = head.lastIndexOf(':');
  const [urn, rest] = colon < 0 ? [undefined, text] : [text.slice(0, colon), text.slice(colon + 1)];
  const parts = PATH.exec(rest) ?? refuse('invalidPath', `${text} is no path`);
  return [text, urn, parts[2], parts[3], parts[4]];
}

function ruleOf(
  urn: string | undefined,
  name: string,
  schema: Schema,
  profile: Profile,
): { place: Place; rule: Rule } | undefined {
  const core = ruleNamed(schema.core, name);
  const extension = ruleNamed(schema.extension, name);
  if (urn !== undefined) {
    if (sameName(urn, schema.urn)) return core && { place: 'core', rule: core };
    if (sameName(urn, ENTERPRISE)) return extension && { place: 'extension', rule: extension };
    return undefined;
  }
  if (core) return { place: 'core', rule: core };
  // SPEC 4 "Manager": in profile ENTRA the enterprise names are understood without URN when no core attribute has them.
  return profile === 'ENTRA' && extension ? { place: 'extension', rule: extension } : undefined;
}
