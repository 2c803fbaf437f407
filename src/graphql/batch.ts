// What many fields of one level ask for is asked of the database once.
import DataLoader from 'dataloader';
import { type ReadScope } from '../directory/scope.js';

/** Asks for one key of a batch. Batches of one name must load alike. */
export type Batch = <Value>(name: string, key: string, load: Load<Value>) => Promise<Value | undefined>;

type Load<Value> = (scope: ReadScope, keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/** Batches over one snapshot; each key is loaded once. */
export function createBatch(scope: () => Promise<ReadScope>): Batch {
  const loaders = new Map<string, DataLoader<string, unknown>>();
  return <Value>(name: string, key: string, load: Load<Value>) => {
    const known = loaders.get(name) as DataLoader<string, Value | undefined> | undefined;
    if (known) return known.load(key);
    const loader = new DataLoader<string, Value | undefined>(async (keys) => {
      const found = await load(await scope(), keys);
      return keys.map((one) => found.get(one));
    });
    loaders.set(name, loader);
    return loader.load(key);
  };
}
