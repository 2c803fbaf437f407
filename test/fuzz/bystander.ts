// A tenant that nobody attacks: what it looks like from outside must be the same in the end as in the beginning.
import { isDeepStrictEqual } from 'node:util';
import { type Base } from './bases.js';
import { bytesOf } from './fuzzRequest.js';
import { rawClient } from './raw.js';
import { openScene, type Scene, type Target } from './scene.js';

export interface Bystander {
  /** What has changed, as sentences. */
  changes(): Promise<string[]>;
}

const VIEWS = [
  '/Users',
  '/Groups',
  '/Users?sortBy=userName&sortOrder=descending',
  '/Groups?attributes=members',
  '/Schemas',
  '/ResourceTypes',
  '/ServiceProviderConfig',
];

/** Opens the tenant with the people and groups of a base. */
export async function standBy(target: Target, base: Base): Promise<Bystander> {
  const client = rawClient(target.port);
  const scene = await openScene(target, client, base);
  client.close();
  const before = await views(target, scene);
  return {
    async changes() {
      const after = await views(target, scene);
      return VIEWS.filter((path) => !isDeepStrictEqual(before.get(path), after.get(path))).map(
        (path) => `${path} of an untouched tenant has changed: ${after.get(path)?.slice(0, 500)}`,
      );
    },
  };
}

async function views({ port }: Target, scene: Scene): Promise<ReadonlyMap<string, string>> {
  const client = rawClient(port);
  const seen = new Map<string, string>();
  for (const path of VIEWS) {
    const request = scene.ask({ method: 'GET', path });
    const { answers } = await client.send({ bytes: bytesOf(request), isHead: false, mayWait: false });
    seen.set(path, `${answers[0]?.status} ${answers[0]?.body.toString()}`);
  }
  client.close();
  return seen;
}
