// Runs a property several times at once, so that the database has something to do while the next filter is made.
import fc from 'fast-check';
import { SEED } from '../support/property.js';

const LANES = 6;

/** Checks the property that often in all. A failure is thrown once nothing runs any more. */
export async function holds<T>(property: fc.IAsyncProperty<T>, runs: number): Promise<void> {
  const lanes = Array.from({ length: LANES }, (_, lane) => {
    const numRuns = Math.floor((runs + lane) / LANES);
    return fc.assert(property, { numRuns, seed: SEED + lane });
  });
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason as Error;
}
