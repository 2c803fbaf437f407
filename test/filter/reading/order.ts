// RFC 7644 section 3.4.2.3 read slowly: whether resources are in the order of an attribute.
import { orderOfTexts, withoutCase } from './compare.js';
import { instantFrom } from './instant.js';
import { isObject, type Json } from './tree.js';
import { comparedPart, isAddress, type Meaning, partOf } from './vocabulary.js';

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

/** Whether a list can be sorted by it: one value, or a primary or first one among elements that have an order. */
export function isSortable(meaning: Meaning): boolean {
  const compared = comparedPart(meaning);
  const { attribute } = meaning;
  const hasOrder = !attribute.multiValued || partOf(attribute, 'primary') !== undefined;
  return compared !== undefined && hasOrder && !isAddress(compared) && compared.name !== 'resourceType';
}

function valueOf(meaning: Meaning, resource: Json): unknown {
  const { schema, attribute } = meaning;
  const holder = schema.extension ? resource[schema.urn] : resource;
  const value = isObject(holder) ? holder[attribute.name] : undefined;
  if (attribute.type !== 'complex') return value;
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  const chosen = elements.find((element) => isObject(element) && element.primary === true) ?? elements[0];
  return isObject(chosen) ? chosen[comparedPart(meaning)?.name ?? ''] : undefined;
}

function compare(meaning: Meaning, left: unknown, right: unknown): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  const { type, caseExact } = comparedPart(meaning) ?? meaning.attribute;
  if (typeof left !== 'string' || typeof right !== 'string') return Number(left) - Number(right);
  if (type === 'dateTime') return Number((instantFrom(left) ?? 0n) - (instantFrom(right) ?? 0n));
  return caseExact ? orderOfTexts(left, right) : orderOfTexts(withoutCase(left), withoutCase(right));
}
