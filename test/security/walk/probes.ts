// All probes there are, made from what the running service says of itself.
import { random } from '../../fuzz/random.js';
import { type Json, type TestTenant } from '../../support/tenant.js';
import { graphqlProbes, schemaOf } from './graphqlProbes.js';
import { headerProbes, tokenProbes } from './headerProbes.js';
import { type Probe } from './probe.js';
import { cursorProbes, filterProbes } from './scimFilters.js';
import { pathProbes, routesOf } from './scimPaths.js';
import { writeProbes } from './scimWrites.js';

/** By where the values stand. */
export type Probes = Readonly<Record<string, readonly Probe[]>>;

/** Asks a tenant that is not asked by the probes: what is refused here is in its provisioning log. */
export async function allProbes(tenant: TestTenant): Promise<Probes> {
  const documents = (await tenant.scim('GET', '/Schemas')).body.Resources as Json[];
  const graphql = graphqlProbes(await schemaOf(tenant));
  return {
    'GraphQL queries': graphql.filter(({ writes }) => !writes),
    'GraphQL mutations': graphql.filter(({ writes }) => writes),
    filters: filterProbes(documents),
    cursors: cursorProbes(),
    headers: headerProbes(),
    paths: pathProbes(await routesOf(tenant)),
    writes: writeProbes(documents),
    'token endpoint': tokenProbes(),
  };
}

/** About so many, as many of each kind where there are so many, in their order; the same for the same seed. */
export function sampleOf(probes: Probes, count: number, seed: number): Probe[] {
  const kinds = Object.values(probes);
  const chance = random(seed);
  return kinds.flatMap((kind) => {
    const chosen = new Set<number>();
    const wanted = Math.min(kind.length, Math.ceil(count / kinds.length));
    while (chosen.size < wanted) chosen.add(chance.below(kind.length));
    return kind.filter((_, at) => chosen.has(at));
  });
}

export const everyOne = (probes: Probes): Probe[] => Object.values(probes).flat();
