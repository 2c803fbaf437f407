// Short ways to ask: a filter from text, and the refusal of what is refused.
import { groupType, userType } from '../../src/directory/resourceTypes.js';
import { parseFilter } from '../../src/filter/parseFilter.js';
import { type ResolvedFilter } from '../../src/filter/resolvedFilter.js';
import { resolveFilter } from '../../src/filter/resolveFilter.js';
import { Refusal } from '../../src/refusal.js';

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const strict = { unquotedStrings: false };

/** Profile RFC. */
export const askUsers = (text: string): ResolvedFilter =>
  resolveFilter(parseFilter(text, strict), userType, { shortNames: false });

export const askGroups = (text: string): ResolvedFilter =>
  resolveFilter(parseFilter(text, strict), groupType, { shortNames: false });

/** Profile ENTRA, with the leniencies that were used. */
export function askAsEntra(text: string): { filter: ResolvedFilter; notes: string[] } {
  const notes: string[] = [];
  const note = (leniency: string) => void notes.push(leniency);
  const filter = resolveFilter(parseFilter(text, { unquotedStrings: true, note }), userType, {
    shortNames: true,
    note,
  });
  return { filter, notes };
}

/** `kind: message` of the refusal; fails where there is none. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return `${error.kind}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}
