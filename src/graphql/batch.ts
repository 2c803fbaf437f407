// What many fields of one level ask for is asked of the database once.
import DataLoader from 'dataloader';
import { type ReadScope } from '../directory/scope.js';

/** Each key is loaded once. Those of one name must load alike. */
export interface Batches {
  /** Asks for a key, with all others that are asked for in one go; the value itself where it was read ahead. */
  readonly batch: <Value>(
    name: string,
    key: string,
    load: Load<Value>,
  ) => Promise<Value | undefined> | Value | undefined;
  /** Reads what will be asked for; what cannot be read fails when it is asked for. */
  readonly ahead: <Value>(name: string, keys: readonly string[], load: Load<Value>) => Promise<void>;
}

type Load<Value> = (scope: ReadScope, keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

interface Loaded<Value> {
  readonly loader: DataLoader<string, Value | undefined>;
  /** What was read ahead. */
  readonly values: Map<string, Value | undefined>;
}

/** Batches over one snapshot. */
export function createBatches(scope: () => Promise<ReadScope>): Batches {
  const loaded = new Map<string, Loaded<unknown>>();
  const named = <Value>(name: string, load: Load<Value>) => {
    const known = loaded.get(name) as Loaded<Value> | undefined;
    if (known) return known;
    const loader = new DataLoader<string, Value | undefined>(async (keys) => {
      const found = await load(await scope(), keys);
      return keys.map((one) => found.get(one));
    });
    const values = new Map<string, Value | undefined>();
    loaded.set(name, { loader, values });
    return { loader, values };
  };
  return {
    batch: (name, key, load) => {
      const { loader, values } = named(name, load);
      return values.has(key) ? values.get(key) : loader.load(key);
    },
    ahead: async (name, keys, load) => {
      const { loader, values } = named(name, load);
      const found = await loader.loadMany(keys);
      keys.forEach((key, n) => {
        const value = found[n];
        if (!(value instanceof Error)) values.set(key, value);
      });
    },
  };
}
