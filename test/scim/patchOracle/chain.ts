// Random PATCHes one after the other on one resource, each on what the one before left. A disagreement is shrunk on the
// state in which it was found, and told with it.
import fc from 'fast-check';
import { compare, type Comparison, reset, type Seen } from './comparison.js';
import { type Json, type JsonObject } from './interpreterState.js';
import { type Subject } from './subject.js';

/** How many PATCHes follow each other before a PUT brings the beginning back: a resource grows poor and odd otherwise. */
const AGAIN = 40;

interface Chain {
  state: Seen;
  length: number;
  succeeded: number;
  /** The state before the first disagreement: while the example is shrunk, every try starts here. */
  pinned?: JsonObject;
}

/** Asks service and interpreter the same so many times; throws the smallest disagreement. Returns how many succeeded. */
export async function agree(subject: Subject, { runs, seed }: { runs: number; seed: number }): Promise<number> {
  const chain: Chain = { state: await reset(subject, subject.beginning), length: 0, succeeded: 0 };
  const property = fc.asyncProperty(subject.messages, async (message) => {
    if (chain.pinned) chain.state = await reset(subject, chain.pinned);
    else if (++chain.length % AGAIN === 0) chain.state = await reset(subject, subject.beginning);
    const before = chain.state.resource;
    const { differences, outcome, after } = await compare(subject, chain.state, message);
    chain.state = after;
    if (outcome.kind === 'done') chain.succeeded += 1;
    if (differences.length === 0) return;
    chain.pinned ??= before;
    throw new Error(told(before, message, differences));
  });
  await fc.assert(property, { numRuns: Math.ceil(runs), seed });
  return chain.succeeded;
}

/** The first disagreement within so many PATCHes, and after how many it came; for controls. */
export async function firstDisagreement(
  subject: Subject,
  { runs, seed }: { runs: number; seed: number },
): Promise<{ readonly after: number; readonly found: Comparison } | undefined> {
  let state = await reset(subject, subject.beginning);
  for (const [index, message] of fc.sample(subject.messages, { numRuns: runs, seed }).entries()) {
    if (index % AGAIN === AGAIN - 1) state = await reset(subject, subject.beginning);
    const found = await compare(subject, state, message);
    if (found.differences.length > 0) return { after: index + 1, found };
    state = found.after;
  }
  return undefined;
}

const told = (before: JsonObject, message: Json, differences: readonly string[]): string =>
  [...differences, `before:  ${JSON.stringify(before)}`, `request: ${JSON.stringify(message)}`].join('\n');
