// Two values compared, as RFC 7644 table 3 says for their type.
import { instantFrom } from './instant.js';
import { type Literal, type Operator } from './tree.js';
import { type Attribute, isAddress } from './vocabulary.js';

/** Whether one stored value satisfies the comparison. `ne` is never asked: it is what is not `eq`. */
export function satisfies(attribute: Attribute, stored: unknown, operator: Operator, literal: Literal): boolean {
  if (isAddress(attribute)) return sameResource(String(stored), String(literal));
  switch (attribute.type) {
    case 'string':
    case 'reference':
    case 'binary':
      return satisfiesText(readable(attribute, String(stored)), operator, readable(attribute, String(literal)));
    case 'dateTime':
      return isInOrder(inOrder(instantFrom(String(stored)), instantFrom(String(literal))), operator);
    case 'boolean':
      return stored === literal;
    default:
      return isInOrder(inOrder(Number(stored), Number(literal)), operator);
  }
}

/**
 * Text where case does not count: each character in lower case by Unicode's root locale, and the small sigma at a
 * word's end is any small sigma. Character by character, so that nothing depends on what stands beside it.
 */
export const withoutCase = (text: string): string =>
  Array.from(text, (character) => character.toLowerCase())
    .join('')
    .replace(/ς/g, 'σ');

const readable = ({ caseExact }: Attribute, text: string): string => (caseExact ? text : withoutCase(text));

/** Texts in the order of their code points, which is not the order of UTF-16. */
export function orderOfTexts(left: string, right: string): number {
  const [one, other] = [Array.from(left), Array.from(right)];
  const at = one.findIndex((character, place) => character !== other[place]);
  if (at < 0) return one.length - other.length;
  return at >= other.length ? 1 : (one[at]?.codePointAt(0) ?? 0) - (other[at]?.codePointAt(0) ?? 0);
}

function satisfiesText(stored: string, operator: Operator, asked: string): boolean {
  switch (operator) {
    case 'co':
      return stored.includes(asked);
    case 'sw':
      return stored.startsWith(asked);
    case 'ew':
      return stored.endsWith(asked);
    default:
      return isInOrder(orderOfTexts(stored, asked), operator);
  }
}

function inOrder<T extends number | bigint | undefined>(left: T, right: T): number {
  if (left === undefined || right === undefined) throw new Error('not a value of its type');
  return left < right ? -1 : left > right ? 1 : 0;
}

function isInOrder(order: number, operator: Operator): boolean {
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    default:
      throw new Error(`${operator} is not about order`);
  }
}

/** Addresses of one resource under two names of the service end alike: in the endpoint and the id. */
function sameResource(left: string, right: string): boolean {
  const [one, other] = [endOf(left), endOf(right)];
  return one !== undefined && one === other;
}

function endOf(address: string): string | undefined {
  const [id = '', endpoint = ''] = address.split('/').reverse();
  return id !== '' && (endpoint === 'Users' || endpoint === 'Groups') ? `${endpoint}/${id}` : undefined;
}
