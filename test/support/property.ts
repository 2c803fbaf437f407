// How long and how random a property is tested: a few thousand runs in `npm test`, many more in `npm run test:deep`.
// A failure names its seed; TEST_SEED repeats it.

/** Whether this is `npm run test:deep`. */
export const DEEP = process.env.TEST_DEEP === '1';

/** Belongs into the title of each `describe` that uses it. */
export const SEED = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);

/** How many runs. */
export const runsOf = ({ usual, deep }: { usual: number; deep: number }): number => (DEEP ? deep : usual);
