// Checks that do not touch each other, all at once: the service has more to do than to wait.

/** Does the work for every item and waits for all; fails with the first failure. */
export const together = async <Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> => {
  await Promise.all(items.map((item) => work(item)));
};
