// Which filters are no filters of this service: 400 invalidFilter in profile RFC, whatever the resources are.
import { instantFrom } from './instant.js';
import { type Comparison, type Literal, type Name, type Operator, type Tree } from './tree.js';
import { type Attribute, comparedPart, isAddress, meaningOf, partOf, type Vocabulary } from './vocabulary.js';

/** RFC 7644 sections 3.4.2.2 and 3.12, and SPEC section 6, row "filter". `within` is the attribute before the brackets. */
export function refuses(tree: Tree, words: Vocabulary, within?: Attribute): boolean {
  switch (tree.is) {
    case 'and':
    case 'or':
      return tree.parts.some((part) => refuses(part, words, within));
    case 'not':
      return refuses(tree.part, words, within);
    case 'presence':
      return find(tree.of, words, within) === undefined;
    case 'comparison':
      return refusesComparison(tree, words, within);
    case 'valuePath': {
      if (within || tree.of.sub !== undefined) return true;
      const attribute = find(tree.of, words)?.attribute;
      if (!attribute?.subAttributes) return true;
      return (
        refuses(tree.inside, words, attribute) || (tree.then !== undefined && refuses(tree.then, words, attribute))
      );
    }
  }
}

function find(name: Name, words: Vocabulary, within?: Attribute) {
  if (!within) return meaningOf(name, words);
  if (name.urn !== undefined || name.sub !== undefined) return undefined;
  const attribute = partOf(within, name.attribute);
  return attribute && { attribute };
}

function refusesComparison({ of, operator, literal }: Comparison, words: Vocabulary, within?: Attribute): boolean {
  const found = find(of, words, within);
  if (!found) return true;
  if (literal === null) return !EQUALITY.includes(operator);
  const compared = comparedPart(found);
  return !compared || !suits(compared, operator, literal);
}

const EQUALITY: readonly Operator[] = ['eq', 'ne'];
const IN_TEXT: readonly Operator[] = ['co', 'sw', 'ew'];

/** RFC 7644 table 3: "boolean and binary attributes SHALL cause a failed response" for the orders. */
function suits(compared: Attribute, operator: Operator, literal: Literal): boolean {
  if (isAddress(compared)) return typeof literal === 'string' && EQUALITY.includes(operator);
  switch (compared.type) {
    case 'string':
    case 'reference':
      return typeof literal === 'string';
    case 'binary':
      return typeof literal === 'string' && EQUALITY.includes(operator);
    case 'boolean':
      return typeof literal === 'boolean' && EQUALITY.includes(operator);
    case 'dateTime':
      return typeof literal === 'string' && !IN_TEXT.includes(operator) && instantFrom(literal) !== undefined;
    case 'integer':
    case 'decimal':
      return typeof literal === 'number' && !IN_TEXT.includes(operator);
    default:
      return false;
  }
}
