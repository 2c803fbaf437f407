// A page as a ListResponse: RFC 7644 section 3.4.2, RFC 9865 section 2.
import { Readable } from 'node:stream';
import { type Answer } from './call.js';
import { type ListRequest } from './listRequest.js';

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** One resource: whole, or the pieces of its JSON. */
export type Shown = Readonly<Record<string, unknown>> | AsyncIterable<string>;

const isInPieces = (shown: Shown): shown is AsyncIterable<string> => Symbol.asyncIterator in shown;

export interface ListPage {
  readonly total: number;
  readonly resources: readonly Shown[];
  /** Where the next page begins; none on the last. */
  readonly nextCursor?: string;
}

/** A whole ListResponse of documents. `Resources` is there even when it is empty: Entra expects it. */
export const listResponse = (resources: readonly unknown[]) => ({
  ...headOf({ startIndex: 1 }, resources.length, resources.length),
  Resources: resources,
});

/** A page, as a stream where one of its resources is. */
export function listAnswer(request: ListRequest, { total, resources, nextCursor }: ListPage): Answer {
  const place = request.cursor === undefined ? { startIndex: request.startIndex } : {};
  const head = { ...headOf(place, total, resources.length), ...(nextCursor ? { nextCursor } : {}) };
  // As one text: to join the texts of a hundred people would cost as much again as to make them.
  if (!resources.some(isInPieces)) return { status: 200, body: JSON.stringify({ ...head, Resources: resources }) };
  const opening = `${JSON.stringify(head).slice(0, -1)},"Resources":[`;
  const body = Readable.from(pieces(opening, resources), { objectMode: false, encoding: 'utf8' });
  return { status: 200, body };
}

const headOf = (place: { readonly startIndex?: number }, totalResults: number, itemsPerPage: number) => ({
  schemas: [LIST_RESPONSE],
  totalResults,
  ...place,
  itemsPerPage,
});

async function* pieces(opening: string, resources: readonly Shown[]): AsyncGenerator<string> {
  yield opening;
  for (const [index, one] of resources.entries()) {
    if (index > 0) yield ',';
    if (isInPieces(one)) yield* one;
    else yield JSON.stringify(one);
  }
  yield ']}';
}
