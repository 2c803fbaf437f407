// RFC 7644 section 3.4.2.3 read slowly: whether resources are in the order of an attribute.
import { orderOfTexts, withoutCase } from './compare.js';
import { instantFrom } from './instant.js';
import { isObject, type Json } from './tree.js';
import { type Meaning } from './vocabulary.js';

/** Whether no resource comes before one it should follow. The unassigned are last ascending, first descending. */
export function isInOrderOf(meaning: Meaning, descending: boolean, resources: readonly Json[]): boolean {
  const values = resources.map((resource) => valueOf(meaning, resource));
  return values.every((value, at) => {
    const before = values[at - 1];
    if (at === 0) return true;
    const order = compare(meaning, before, value);
    return descending ? order >= 0 : order <= 0;
  });
}

function valueOf({ schema, attribute, sub }: Meaning, resource: Json): unknown {
  const holder = schema.extension ? resource[schema.urn] : resource;
  const value = isObject(holder) ? holder[attribute.name] : undefined;
  return sub && isObject(value) ? value[sub.name] : value;
}

function compare({ attribute, sub }: Meaning, left: unknown, right: unknown): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  const { type, caseExact } = sub ?? attribute;
  if (typeof left !== 'string' || typeof right !== 'string') return Number(left) - Number(right);
  if (type === 'dateTime') return Number((instantFrom(left) ?? 0n) - (instantFrom(right) ?? 0n));
  return caseExact ? orderOfTexts(left, right) : orderOfTexts(withoutCase(left), withoutCase(right));
}
