// The parameters of a list, as text: from the query of a GET (RFC 7644 section 3.4.2) or the body of a POST to .search
// (section 3.4.3). RFC 9865 adds `cursor`.
import { Refusal } from '../refusal.js';
import { assertMessage } from './validateMessage.js';

const NAMES = [
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
  'attributes',
  'excludedAttributes',
] as const;

type Name = (typeof NAMES)[number];

/** What was given, as it was spelled; lists are joined by commas. */
export type ListParameters = Readonly<Partial<Record<Name, string>>>;

const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const BY_LOWER_CASE: ReadonlyMap<string, Name> = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** Names in any case; the first of a repeated one counts, and what is no parameter of a list is ignored. */
export function parametersOfQuery(query: URLSearchParams): ListParameters {
  const parameters: Partial<Record<Name, string>> = {};
  for (const [key, value] of query) {
    const name = BY_LOWER_CASE.get(key.toLowerCase());
    if (name) parameters[name] ??= value;
  }
  return parameters;
}

/** Refuses with `invalidSyntax` a body that is no SearchRequest, and with `invalidValue` a parameter of another type. */
export function parametersOfSearch(body: unknown): ListParameters {
  const parameters: Partial<Record<Name, string>> = {};
  for (const [key, value] of Object.entries(assertMessage(body, SEARCH_REQUEST))) {
    const name = BY_LOWER_CASE.get(key.toLowerCase());
    if (name && value !== null) parameters[name] = textOf(name, value);
  }
  return parameters;
}

function textOf(name: Name, value: unknown): string {
  // Whether it is a whole number is looked at where a query's is.
  if (name === 'startIndex' || name === 'count') return typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof value === 'string') return value;
  const isList = name === 'attributes' || name === 'excludedAttributes';
  if (isList && Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
  const kind = name === 'filter' ? 'invalidFilter' : name === 'cursor' ? 'invalidCursor' : 'invalidValue';
  throw new Refusal(kind, `${name} must be ${isList ? 'a list of attribute names' : 'text'}.`);
}
