// A tenant of its own for a handful of mutated requests: what is recorded as given, and every request filled in.
import { randomBytes } from 'node:crypto';
import { type Deps } from '../../src/deps.js';
import { createIntegration } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { openTenant } from '../../src/directory/tenant/tenants.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { signAccessToken } from '../../src/access/token.js';
import { filledIn } from '../entra/exchange.js';
import { tokenOf } from '../support/tenant.js';
import { type Base, type BaseRequest } from './bases.js';
import { type FuzzRequest } from './fuzzRequest.js';
import { bytesOf } from './fuzzRequest.js';
import { type RawClient } from './raw.js';

/** The service under attack, and its directory as this process opened it beside. */
export interface Target {
  readonly port: number;
  readonly deps: Deps;
}

export interface Scene {
  readonly base: Base;
  readonly requests: readonly FuzzRequest[];
  /** What differs between two scenes of the same base: ids and tokens, in the same order. */
  readonly names: readonly string[];
  /** A request to this tenant. */
  ask(asked: BaseRequest): FuzzRequest;
}

/** Opens a tenant and plays what is given. Throws when that does not succeed: it is not mutated. */
export async function openScene(target: Target, client: RawClient, base: Base): Promise<Scene> {
  const opened = await openedTenant(target, base);
  const answers = new Map<string, unknown>([
    ['service', { base: `http://127.0.0.1:${target.port}/scim/v2` }],
    ['client', { id: opened.clientId, secret: opened.clientSecret }],
  ]);
  const names = [opened.clientId, opened.clientSecret, opened.integration, opened.administrator];
  const ask = (asked: BaseRequest) => requestOf(filledIn(asked, answers), target.port, opened);
  for (const given of base.given) {
    const { answers: got } = await client.send({ bytes: bytesOf(ask(given)), isHead: false, mayWait: false });
    const text = got[0]?.body.toString() ?? '';
    if ((got[0]?.status ?? 0) >= 300 || got.length === 0)
      throw new Error(`${base.name}: what is given failed: ${text}`);
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    if (given.as !== undefined) answers.set(given.as, answer);
    names.push(String((answer as { id?: string }).id));
  }
  return { base, requests: base.requests.flatMap((request) => known(request, ask)), names, ask };
}

/** A request that speaks of an answer which was not asked for (it is mutated itself) is left out. */
function known(request: BaseRequest, ask: Scene['ask']): FuzzRequest[] {
  const named = new Set(JSON.stringify(request).match(/\$\{\w+\.[\w.]+\}/g));
  try {
    return [ask(request)];
  } catch (error) {
    if (named.size > 0) return [];
    throw error;
  }
}

type Opened = Awaited<ReturnType<typeof openedTenant>>;

async function openedTenant({ deps, port }: Target, { profile }: Base) {
  const { db, keys, publicUrl, clock } = deps;
  const slug = `fuzz-${randomBytes(8).toString('hex')}`;
  const { tenant } = await openTenant(db, slug, requestContext());
  const credentials = await createIntegration(
    db,
    systemActor(tenant.id, slug),
    { ...requestContext(), now: clock() },
    { name: 'Fuzz', usersAndGroups: 'FULL', issues: 'NONE', compatibility: profile },
  );
  const person = { kind: 'PERSON', tenantId: tenant.id, userId: null, role: 'ADMIN' } as const;
  return {
    ...credentials,
    integration: await tokenOf(`http://127.0.0.1:${port}`, credentials),
    administrator: await signAccessToken(person, keys, publicUrl, clock()),
  };
}

function requestOf(
  { by = 'integration', face = 'scim', method, path, headers = {}, body }: BaseRequest,
  port: number,
  opened: Opened,
): FuzzRequest {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const media = face === 'scim' ? 'application/scim+json; charset=utf-8' : 'application/json';
  const all = {
    Host: `127.0.0.1:${port}`,
    ...(by === 'nobody' ? {} : { Authorization: `Bearer ${opened[by]}` }),
    ...(text === undefined ? {} : { 'Content-Type': media }),
    ...headers,
  };
  return {
    method,
    target: face === 'scim' ? `/scim/v2${path}` : path,
    headers: Object.entries(all).filter(([, value]) => value !== ''),
    ...(text === undefined ? {} : { body: Buffer.from(text) }),
    framing: { kind: 'length' },
    mutations: [],
  };
}

/** The same request in another scene of the same base. */
export function transplanted(request: FuzzRequest, from: Scene, to: Scene): FuzzRequest {
  const moved = (text: string) =>
    from.names.reduce((changed, name, n) => changed.replaceAll(name, to.names[n] ?? name), text);
  return {
    ...request,
    target: moved(request.target),
    headers: request.headers.map(([name, value]) => [name, moved(value)] as const),
    ...(request.body ? { body: Buffer.from(moved(request.body.toString('latin1')), 'latin1') } : {}),
  };
}
