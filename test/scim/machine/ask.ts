// One request: sent, foretold by the model, and compared. Access is foretold here, for every command alike; and an id of
// the other tenant is asked for twice, because it must be answered like one that nobody has.
import { expect } from 'chai';
import { type Answer, type Json } from '../../support/tenant.js';
import { expectRefusal } from '../scene.js';
import { compareResource, etagOf, pathOf } from './expected.js';
import { type Model, type Tenant, type Which } from './model.js';
import { type Outcome, type ReasonName, REASONS, refused } from './outcome.js';
import { type Caller, type Request, type World, meet } from './world.js';

export interface Machine {
  readonly model: Model;
  readonly world: World;
}

/** What a command asks; `foreign` is an id of the other tenant that stands in it. */
export interface Ask extends Request {
  readonly foreign?: string;
}

/** An id that nobody has. */
export const NOBODY = '0199a000-0000-7000-8000-000000000000';
/** Another one, for the second asking: the first may stand in the same request. */
const NOBODY_ELSE = '0199a000-0000-7000-8000-000000000001';

/** Sends the request and compares. `foretell` changes the model; it is given the id of the answer, for a new resource. */
export async function ask({ model, world }: Machine, request: Ask, foretell: (id: string) => Outcome): Promise<Json> {
  const tenant = model.tenants[request.which];
  const answer = await world.send(request);
  const denied = deniedTo(tenant, request.caller, request.method);
  const outcome = denied.length > 0 ? refused(...denied) : foretell(String(answer.body?.id));
  count(world, outcome);
  compare(tenant, outcome, answer, world.base);
  const changed = keepHistory(tenant, answer);
  if (request.foreign !== undefined && !changed)
    await compareWithNobody(tenant, world, request, request.foreign, answer);
  return answer.body;
}

/** Why a caller gets no further, whatever is asked. */
function deniedTo({ provisioningEnabled }: Tenant, caller: Caller, method: string): ReasonName[] {
  return [
    ...(provisioningEnabled ? [] : ['switchedOff' as const]),
    ...(caller === 'none' ? ['noAccess' as const] : []),
    ...(caller === 'reader' && method !== 'GET' ? ['readOnly' as const] : []),
  ];
}

/** Remembers what history must say of this request; answers whether it changed anything. */
export function keepHistory(tenant: Tenant, { headers }: Answer<Json>): boolean {
  const requestId = headers.get('X-Request-Id');
  expect(requestId, 'X-Request-Id').to.be.a('string');
  const touched = new Map(tenant.touched);
  tenant.history.set(requestId ?? '', touched);
  tenant.touched.clear();
  return touched.size > 0;
}

function compare(tenant: Tenant, outcome: Outcome, answer: Answer<Json>, base: string): void {
  switch (outcome.kind) {
    case 'refused':
      return compareRefusal(outcome.reasons, answer);
    case 'empty':
      expect(answer.status, JSON.stringify(answer.body)).to.equal(outcome.status);
      expect(answer.body).to.equal(undefined);
      if (outcome.of) expect(answer.headers.get('ETag')).to.equal(etagOf(outcome.of));
      return;
    case 'shown':
      return compareShown(tenant, outcome, answer, base);
    case 'list':
      return compareList(tenant, outcome, answer, base);
  }
}

function compareRefusal(reasons: readonly ReasonName[], answer: Answer<Json>): void {
  const fits = (name: ReasonName) =>
    REASONS[name].status === answer.status && REASONS[name].detail.test(String(answer.body?.detail));
  const reason = reasons.find(fits) ?? reasons[0];
  if (!reason) throw new Error('a refusal needs a reason');
  expectRefusal(answer, REASONS[reason]);
}

type Shown = Extract<Outcome, { kind: 'shown' }>;

function compareShown(tenant: Tenant, outcome: Shown, answer: Answer<Json>, base: string): void {
  const { status, resource, newerThan, withoutMembers } = outcome;
  expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
  if (newerThan !== undefined) {
    resource.version = Number(/^W\/"(\d+)"$/.exec(answer.body.meta.version)?.[1]);
    expect(resource.version, 'a new version').to.be.greaterThan(newerThan);
  }
  expect(answer.headers.get('ETag')).to.equal(etagOf(resource));
  if (status === 201) expect(answer.headers.get('Location')).to.equal(`${base}${pathOf(resource)}`);
  compareResource(tenant, resource, answer.body, base, withoutMembers);
}

type List = Extract<Outcome, { kind: 'list' }>;

function compareList(tenant: Tenant, outcome: List, { status, body }: Answer<Json>, base: string): void {
  const { resources, total, startIndex, withoutMembers } = outcome;
  expect(status, JSON.stringify(body)).to.equal(200);
  const { Resources, ...rest } = body;
  expect(rest).to.deep.equal({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
  });
  expect(Resources.map(({ id }: Json) => id)).to.deep.equal(resources.map(({ id }) => id));
  resources.forEach((resource, index) => compareResource(tenant, resource, Resources[index], base, withoutMembers));
}

/** The same request with an id that nobody has: the answers may differ in the id only. */
async function compareWithNobody(
  tenant: Tenant,
  { send }: World,
  request: Ask,
  foreign: string,
  answer: Answer<Json>,
): Promise<void> {
  const { body, path } = request;
  const twin = await send({
    ...request,
    path: path.replaceAll(foreign, NOBODY_ELSE),
    body:
      body === undefined ? undefined : (JSON.parse(JSON.stringify(body).replaceAll(foreign, NOBODY_ELSE)) as unknown),
  });
  const seen = (one: Answer<Json>, id: string) =>
    JSON.stringify([one.status, one.body ?? null, one.headers.get('ETag')]).replaceAll(id, '<id>');
  expect(seen(answer, foreign), "another tenant's id").to.equal(seen(twin, NOBODY_ELSE));
  keepHistory(tenant, twin);
}

function count(world: World, outcome: Outcome): void {
  if (outcome.kind === 'refused') for (const reason of outcome.reasons) meet(world, reason);
  else meet(world, outcome.kind === 'shown' ? (outcome.as ?? 'shown') : outcome.kind);
}

/** The model of the tenant that a request is sent to. */
export const tenantOf = ({ model }: Machine, which: Which): Tenant => model.tenants[which];
