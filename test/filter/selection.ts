// Asks the service for who a filter selects: in this process by the handler that answers the request, so that
// thousands can be asked, or over HTTP.
import { expect } from 'chai';
import { type IntegrationActor } from '../../src/directory/actor.js';
import { requestContext } from '../../src/directory/scope.js';
import { type Deps } from '../../src/deps.js';
import { newNotes } from '../../src/scim/notes.js';
import { Refusal } from '../../src/refusal.js';
import { route } from '../../src/scim/router.js';
import { type Inhabited, type Question } from './population.js';
import { accepts } from './reading/accepts.js';
import { refuses } from './reading/refuses.js';
import { type Tree } from './reading/tree.js';
import { type Vocabulary } from './reading/vocabulary.js';

/** The ids selected, or the kind of the refusal. */
export type Selected = readonly string[] | 'invalidFilter';

export type Parameters = Readonly<Record<string, string | number>>;

export const ALL = 1000;
const MAX_BYTES = 8192;

/** What the reading makes of a filter that was written so. */
export function expected(tree: Tree, text: string, words: Vocabulary, { resources }: Inhabited): Selected {
  if (refuses(tree, words) || Buffer.byteLength(text) > MAX_BYTES) return 'invalidFilter';
  return resources
    .filter((resource) => accepts(tree, resource, words))
    .map(({ id }) => String(id))
    .sort();
}

/** Who a filter selects, in no order. */
export async function selected(words: Vocabulary, at: Inhabited, filter: string, deps?: Deps): Promise<Selected> {
  return whole(await listed(words, at, { filter, count: ALL }, deps));
}

/** A page of a list, in its order. */
export interface Listed {
  readonly ids: readonly string[];
  readonly totalResults: number;
  readonly nextCursor?: string;
}

/** One page. `deps` are the service's own unless others are given. */
export async function listed(
  { endpoint }: Vocabulary,
  { scene }: Inhabited,
  parameters: Parameters,
  deps: Deps = scene.server.deps,
): Promise<Listed | 'invalidFilter'> {
  const { tenant, clientId } = scene;
  const actor: IntegrationActor = {
    kind: 'INTEGRATION',
    id: clientId,
    name: 'Entra ID',
    usersAndGroups: 'FULL',
    issues: 'NONE',
    compatibility: 'RFC',
    provisioningEnabled: true,
    groupAdoptionAllowed: false,
    budget: null,
    tenantId: tenant.id,
    tenantSlug: tenant.slug,
  };
  const call = {
    deps,
    actor,
    request: requestContext(),
    reading: { lenient: false, notes: newNotes() },
    method: 'GET',
    query: new URLSearchParams(queryOf({ ...parameters, attributes: 'id' })),
    body: undefined,
    ifMatch: undefined,
    ifNoneMatch: undefined,
    base: `${deps.publicUrl}/scim/v2`,
    renewActor: () => Promise.resolve(actor),
    started: performance.now(),
  };
  try {
    const { body } = await route('GET', [endpoint.slice(1)]).handle(call);
    return listFrom(typeof body === 'string' ? JSON.parse(body) : undefined);
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'invalidFilter') return error.kind;
    throw error;
  }
}

/** The same over HTTP. */
export async function selectedOverHttp(
  { endpoint }: Vocabulary,
  { scene }: Inhabited,
  filter: string,
): Promise<Selected> {
  const answer = await scene.scim('GET', `${endpoint}?${queryOf({ filter, count: ALL })}`);
  if (answer.status === 200) return whole(listFrom(answer.body));
  if (answer.status === 400 && answer.body.scimType === 'invalidFilter') return 'invalidFilter';
  throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
}

const queryOf = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');

interface ListResponse {
  readonly totalResults: number;
  readonly itemsPerPage: number;
  readonly nextCursor?: string;
  readonly Resources: readonly { readonly id: string }[];
}

function listFrom(body: unknown): Listed {
  const { totalResults, itemsPerPage, nextCursor, Resources } = body as ListResponse;
  expect(itemsPerPage).to.equal(Resources.length);
  return { ids: Resources.map(({ id }) => id), totalResults, ...(nextCursor ? { nextCursor } : {}) };
}

/** The ids of a list that is not cut into pages. */
function whole(list: Listed | 'invalidFilter'): Selected {
  if (list === 'invalidFilter') return list;
  expect(list.totalResults).to.equal(list.ids.length);
  return [...list.ids].sort();
}

/** A tenant of the question, by any number. */
export function tenantAt({ tenants }: Question, at: number): Inhabited {
  const tenant = tenants[at % tenants.length];
  if (!tenant) throw new Error('there is no tenant');
  return tenant;
}
