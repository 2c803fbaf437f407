// Looking up one person or group.
import { type ResolvedFilter } from '../filter/resolvedFilter.js';
import { listRows } from '../directory/lists.js';
import { type Source } from '../directory/sources.js';
import { Refusal } from '../refusal.js';
import { type GraphqlContext } from './context.js';
import { type NodeType, toGlobalId } from './globalId.js';

/** A key with a SCIM id as one with a global id, and every other field as a condition of equality. */
export function whereFromKey(type: NodeType, key: object): Record<string, { eq: string }> {
  const given = Object.entries(key as Readonly<Record<string, string>>);
  return Object.fromEntries(
    given.map(([name, value]) => (name === 'scimId' ? ['id', { eq: toGlobalId(type, value) }] : [name, { eq: value }])),
  );
}

/** The one row that fits; null where there is none. Refuses with `invalidValue` where there are several. */
export async function findOne<Row>(
  context: GraphqlContext,
  source: Source<Row>,
  filter: ResolvedFilter,
  withDeleted = false,
): Promise<Row | null> {
  const query = { filter, withDeleted, sort: [], backward: false, after: undefined, limit: 2 };
  const [row, other] = await listRows(await context.scope(), source, query);
  if (other) throw new Refusal('invalidValue', 'Several have this value. List them with where.');
  return row ?? null;
}
