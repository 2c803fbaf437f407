// A simulated Entra ID in front of a tenant of the server under test.
import { connect, type Connected, type JobWanted } from '../../src/simulator/connect.js';
import { newState, type State } from '../../src/simulator/cycle/state.js';
import { generateOrganisation, type OrganisationWanted } from '../../src/simulator/organisation/generate.js';
import { compare } from '../../src/simulator/verify/compare.js';
import { type Difference } from '../../src/simulator/verify/difference.js';
import { graphqlTestimony } from '../../src/simulator/verify/graphqlTestimony.js';
import { scimTestimony } from '../../src/simulator/verify/scimTestimony.js';
import { fixedToken } from '../../src/simulator/wire/token.js';
import { type TestTenant } from '../support/tenant.js';

/** An organisation that has not been provisioned yet. */
export const aState = async (wanted: Partial<OrganisationWanted> = {}): Promise<State> =>
  newState(await generateOrganisation({ people: 120, groups: 12, seed: 42, locales: ['nl', 'de', 'en'], ...wanted }));

/** A job of that state, with the tenant's credentials. */
export const aJob = (tenant: TestTenant, state: State, wanted: Partial<JobWanted> = {}): Connected =>
  connect({ target: targetOf(tenant), state, ...wanted });

export const targetOf = ({ server, clientId, clientSecret }: TestTenant, base = server.url) => ({
  tenantUrl: `${base}/scim/v2`,
  credentials: { tokenEndpoint: `${base}/oauth2/token`, clientId, clientSecret, sent: 'both' as const },
});

/** What both witnesses find; empty when both agree with the organisation. */
export async function differences(tenant: TestTenant, job: Connected): Promise<readonly Difference[]> {
  const byScim = await compare(job.state, 'SCIM', scimTestimony(job.client));
  const token = await tenant.personToken({ role: 'ANALYST' });
  const connection = { url: `${tenant.server.url}/graphql`, transport: job.transport, tokens: fixedToken(token) };
  const byGraphql = await compare(job.state, 'GraphQL', graphqlTestimony(connection));
  return [...byScim.differences, ...byGraphql.differences];
}
