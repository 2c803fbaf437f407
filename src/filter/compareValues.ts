// How two values compare in memory: the same as in PostgreSQL, where text is ordered by code point.
import { fold } from '../attribute/attributeType.js';
import { type ResolvedOperator, type ResolvedValue } from './resolvedFilter.js';

/** RFC 7644 table 3. False where the stored value is of another type than the asked one. */
export function compareValues(
  stored: unknown,
  operator: ResolvedOperator,
  asked: ResolvedValue,
  caseExact: boolean,
): boolean {
  if (typeof asked === 'string') {
    if (typeof stored !== 'string') return false;
    return caseExact ? compareTexts(stored, operator, asked) : compareTexts(fold(stored), operator, fold(asked));
  }
  if (asked instanceof Date) return stored instanceof Date && inOrder(stored.getTime() - asked.getTime(), operator);
  if (typeof asked === 'boolean') return operator === 'eq' && stored === asked;
  return typeof stored === 'number' && inOrder(stored - asked, operator);
}

function compareTexts(stored: string, operator: ResolvedOperator, asked: string): boolean {
  switch (operator) {
    case 'co':
      return stored.includes(asked);
    case 'sw':
      return stored.startsWith(asked);
    case 'ew':
      return stored.endsWith(asked);
    case 'eq':
      return stored === asked;
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      // The bytes of UTF-8 are in the order of code points; UTF-16, which `<` compares, is not.
      return inOrder(Buffer.compare(Buffer.from(stored), Buffer.from(asked)), operator);
  }
}

function inOrder(difference: number, operator: ResolvedOperator): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'co':
    case 'sw':
    case 'ew':
      return false;
  }
}
