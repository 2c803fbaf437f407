// Entra's own question, told from all others: it is answered fastest.
import { fold } from '../attribute/attributeType.js';
import { type ResolvedFilter } from './resolvedFilter.js';

/** The folded userName of a filter that is `userName eq "…"` and nothing else. */
export function soleUserName(filter: ResolvedFilter): string | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  const { attribute, sub } = filter.target;
  return attribute.name === 'userName' && !sub && typeof filter.value === 'string' ? fold(filter.value) : undefined;
}
