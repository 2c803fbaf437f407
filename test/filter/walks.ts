// Ways to walk through a list from its first page to its last.
import { expect } from 'chai';
import { type Inhabited } from './population.js';
import { type Vocabulary } from './reading/vocabulary.js';
import { listed, type Parameters } from './selection.js';

/** The ids in the order they were met, with `count` on a page. */
export type Walk = (
  words: Vocabulary,
  at: Inhabited,
  query: Parameters,
  count: number,
) => Promise<readonly string[] | 'invalidFilter'>;

/** RFC 7644 section 3.4.2.4: by startIndex, until a page is empty. */
const byIndex: Walk = async (words, at, query, count) => {
  const ids: string[] = [];
  for (let startIndex = 1; startIndex <= at.resources.length + 1; startIndex += count) {
    const page = await listed(words, at, { ...query, startIndex, count });
    if (page === 'invalidFilter') return page;
    ids.push(...page.ids);
    if (page.ids.length === 0) break;
    expect(page.totalResults).to.be.at.least(ids.length);
  }
  return ids;
};

/** RFC 9865: by the cursor that each page gives for the next. */
const byCursor: Walk = async (words, at, query, count) => {
  const ids: string[] = [];
  // One page more than there are resources would be a walk without an end.
  for (let cursor = '', pages = 0; pages <= at.resources.length; pages += 1) {
    const page = await listed(words, at, { ...query, cursor, count });
    if (page === 'invalidFilter') return page;
    ids.push(...page.ids);
    if (page.nextCursor === undefined) {
      expect(page.totalResults).to.equal(ids.length);
      return ids;
    }
    cursor = page.nextCursor;
  }
  throw new Error('the walk has no end');
};

export const WALKS: Readonly<Record<string, Walk>> = { 'by index': byIndex, 'by cursor': byCursor };
