// RFC 7644 section 3.4.2.2 read slowly: a filter over one resource, as JSON from the server. It shares no code with
// src/filter, so that where the two differ one of them is wrong.
import { satisfies } from './compare.js';
import { type Comparison, isObject, type Json, type Name, type Tree } from './tree.js';
import { type Attribute, comparedPart, meaningOf, partOf, type Vocabulary } from './vocabulary.js';

/** Whether the resource is one the filter asks for. The filter must be one that `refuses` lets pass. */
export function accepts(tree: Tree, resource: Json, words: Vocabulary): boolean {
  return holds(tree, { valuesOf: (name) => valuesOf(name, resource, words) }, words);
}

/** The same of an element of the attribute, by what stands within brackets. */
export const acceptsElement = (tree: Tree, attribute: Attribute, element: Json, words: Vocabulary): boolean =>
  holds(tree, { valuesOf: (name) => partsOf(name, attribute, element) }, words);

/** The values that a name has, each with the node it is in, and what it is compared as. */
interface Values {
  /** What is assigned of the attribute itself: the elements of a multi-valued one. */
  readonly nodes: readonly unknown[];
  readonly attribute: Attribute;
  /** Undefined where it is only asked whether there is a value. */
  readonly compared: Attribute | undefined;
  /** The values of `compared`. */
  readonly found: readonly Found[];
}

interface Found {
  readonly value: unknown;
  /** The complex value it is a part of. */
  readonly node: Json | undefined;
}

/** A resource, or one element of it. */
interface Place {
  readonly valuesOf: (name: Name) => Values;
}

function holds(tree: Tree, place: Place, words: Vocabulary): boolean {
  switch (tree.is) {
    case 'and':
      return tree.parts.every((part) => holds(part, place, words));
    case 'or':
      return tree.parts.some((part) => holds(part, place, words));
    case 'not':
      return !holds(tree.part, place, words);
    case 'presence':
      return place.valuesOf(tree.of).nodes.length > 0;
    case 'comparison':
      return compares(tree, place);
    case 'valuePath': {
      const { nodes, attribute } = place.valuesOf(tree.of);
      const asked: readonly Tree[] = tree.then ? [tree.inside, tree.then] : [tree.inside];
      return nodes.some(
        (node) => isObject(node) && asked.every((part) => acceptsElement(part, attribute, node, words)),
      );
    }
  }
}

function compares(comparison: Comparison, place: Place): boolean {
  const { operator, literal } = comparison;
  // Whatever has no equal value is not equal: the unassigned too.
  if (operator === 'ne') return !compares({ ...comparison, operator: 'eq' }, place);
  const { nodes, compared, found } = place.valuesOf(comparison.of);
  if (literal === null) return nodes.length === 0;
  if (!compared) throw new Error(`${comparison.of.attribute} cannot be compared`);
  // A manager is compared by its value, as it was sent.
  return found.some(({ value }) => satisfies(compared, value, operator, literal));
}

function valuesOf(name: Name, resource: Json, words: Vocabulary): Values {
  const meaning = meaningOf(name, words);
  if (!meaning) throw new Error(`${name.attribute} is refused`);
  const { schema, attribute, sub } = meaning;
  const holder = schema.extension ? resource[schema.urn] : resource;
  const all = assigned(isObject(holder) ? holder[attribute.name] : undefined);
  const compared = comparedPart(meaning);
  const found =
    attribute.type === 'complex'
      ? all
          .filter(isObject)
          .flatMap((node) => assigned(compared && node[compared.name]).map((value) => ({ value, node })))
      : all.map((value) => ({ value, node: undefined }));
  return { nodes: sub ? found.map(({ value }) => value) : all, attribute, compared, found };
}

function partsOf({ attribute: name }: Name, attribute: Attribute, element: Json): Values {
  const part = partOf(attribute, name);
  if (!part) throw new Error(`${name} is refused`);
  const nodes = assigned(element[name]);
  return { nodes, attribute: part, compared: part, found: nodes.map((value) => ({ value, node: element })) };
}

/** RFC 7643 section 2.5: null, the empty list and, of the complex, what has no part are unassigned. */
function assigned(value: unknown): readonly unknown[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => one !== undefined && one !== null && !(isObject(one) && Object.keys(one).length === 0));
}
