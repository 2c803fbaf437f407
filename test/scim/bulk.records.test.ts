import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { revokeIntegration } from '../../src/directory/integration/integrations.js';
import { requestContext } from '../../src/directory/scope.js';
import { setProvisioningEnabled } from '../../src/directory/tenant/tenants.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { aGroup, aUser, CORE_USER, patchOf } from '../support/builders.js';
import { type Answer, type Json } from '../support/tenant.js';
import { bulk, bulkOf, madeBy, post, resultsOf, statuses } from './bulkRequest.js';
import { historyOfRequest, logged } from './records.js';
import { aScene, expectRefusal, type Scene } from './scene.js';

const requestIdOf = ({ headers }: Answer<Json>): string => headers.get('X-Request-Id') ?? '';

describe('what a Bulk request leaves behind', () => {
  let scene: Scene;
  before(async () => {
    scene = await aScene();
  });

  const sent = (operations: readonly unknown[]) => scene.scim('POST', '/Bulk', bulkOf(operations));

  it('has a record of history for each resource that each operation touched', async () => {
    const [left, gone] = [await scene.person(), await scene.person()];
    const group = await scene.group([gone.id]);
    const title = (value: string) => patchOf({ op: 'replace', path: 'title', value });
    const answer = await sent([
      post('a', '/Users', aUser()),
      { method: 'PATCH', path: `/Users/${left.id}`, data: title('one') },
      { method: 'PATCH', path: `/Users/${left.id}`, data: title('one') },
      { method: 'PATCH', path: `/Users/${left.id}`, data: title('two') },
      { method: 'PATCH', path: `/Users/${left.id}`, data: patchOf({ op: 'replace', path: 'id', value: 'x' }) },
      { method: 'DELETE', path: `/Users/${gone.id}` },
    ]);
    const [made] = resultsOf(answer);
    const records = await historyOfRequest(scene, requestIdOf(answer));
    expect(records.map(({ kind, resource_id }) => [kind, resource_id])).to.have.deep.members([
      ['CREATED', madeBy(made)],
      ['CHANGED', left.id],
      ['CHANGED', left.id],
      ['DELETED', gone.id],
      ['CHANGED', group.id],
    ]);
    expect(new Set(records.map(({ actor_id }) => actor_id as string))).to.deep.equal(new Set([scene.clientId]));
  });

  it('has an entry in the provisioning log for each operation, with its own leniencies', async () => {
    const { id } = await scene.person({ userName: 'mara.vos@fabriek.example' });
    const answer = await sent([
      post('a', '/Users', aUser({ userName: 'jan@fabriek.example', active: 'True', shoeSize: 43 })),
      post('b', '/Groups', aGroup({ displayName: 'Kade' })),
      post('c', '/Users', { schemas: [CORE_USER] }),
      { method: 'PATCH', path: `/Users/${id}`, data: patchOf({ op: 'replace', path: 'manager', value: 'x' }) },
      { method: 'PATCH', path: `/Groups/${id}`, data: patchOf({ op: 'replace', path: 'displayName', value: 'x' }) },
      { method: 'GET', path: '/Users' },
      post(
        'd',
        '/Users',
        aUser({ 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: 'bulkId:e' } }),
      ),
      post('e', '/Users', aUser({ userName: 'ida@fabriek.example' })),
    ]);
    const entries = await logged(scene, requestIdOf(answer));
    const told = entries.map(({ method, resource_type, status, outcome, sentence, leniencies }) => [
      method,
      resource_type,
      status,
      outcome,
      sentence,
      leniencies,
    ]);
    expect(told.slice(0, 6)).to.deep.equal([
      ['POST', 'User', 201, 'SUCCEEDED', 'Created user ja***@fabriek.example.', ['stringBoolean']],
      ['POST', 'Group', 201, 'SUCCEEDED', 'Created group Ka***.', null],
      ['POST', 'User', 400, 'REFUSED', 'Refused a user request: userName is required.', null],
      [
        'PATCH',
        'User',
        200,
        'SUCCEEDED',
        'Changed user ma***@fabriek.example.',
        ['enterpriseNameWithoutUrn', 'managerAsString'],
      ],
      ['PATCH', 'Group', 404, 'REFUSED', entries[4].sentence, null],
      [
        'GET',
        null,
        400,
        'REFUSED',
        'Refused a request: Operations[5].method must be POST, PUT, PATCH or DELETE.',
        null,
      ],
    ]);
    // The one that waited for another is told once, after it.
    expect(told.slice(6).map(([, , status, , sentence]) => [status, sentence])).to.deep.equal([
      [201, 'Created user id***@fabriek.example.'],
      [201, told[7]?.[4]],
    ]);
    expect(entries[0].ignored_attributes).to.deep.equal(['shoeSize']);
    expect(entries[1].ignored_attributes).to.equal(null);
    expect(entries.slice(0, 2).map(({ resource_id }) => resource_id as string)).to.deep.equal(
      resultsOf(answer).slice(0, 2).map(madeBy),
    );
  });

  it('has one entry when the request is refused as a whole', async () => {
    const answer = await scene.scim('POST', '/Bulk', { Operations: [post('a', '/Users', aUser())] });
    const entries = await logged(scene, requestIdOf(answer));
    expect(entries.map(({ method, resource_type, status }) => [method, resource_type, status])).to.deep.equal([
      ['POST', null, 400],
    ]);
  });
});

describe('who may send a Bulk request', () => {
  const operator = ({ tenant }: Scene) => systemActor(tenant.id, tenant.slug);
  const peopleIn = async (scene: Scene): Promise<number> => {
    const [row] = await scene.sql('select count(*)::int as people from directory_user where tenant_id = $1');
    return row.people as number;
  };
  const crowd = (size: number) => Array.from({ length: size }, (_, index) => post(String(index), '/Users', aUser()));

  it('S12: nobody who may not write: the whole is 403', async () => {
    for (const usersAndGroups of ['READ_ONLY', 'NONE'] as const) {
      const scene = await aScene({ usersAndGroups });
      const answer = await scene.scim('POST', '/Bulk', bulkOf([{ method: 'DELETE', path: '/Users/x' }]));
      expectRefusal(answer, { status: 403, detail: usersAndGroups === 'NONE' ? /no access/ : /may read.*not write/ });
    }
  });

  it('with POST only, and at its own address only', async () => {
    const scene = await aScene();
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await scene.scim(method, '/Bulk');
      expectRefusal(answer, { status: 405, detail: /use POST/ });
      expect(answer.headers.get('Allow')).to.match(/^POST\b/);
    }
    expectRefusal(await scene.scim('POST', '/Bulk/x', bulkOf([])), { status: 404, detail: /nothing at this address/ });
    expect((await scene.scim('POST', '/Bulk/', bulkOf(crowd(1)))).status).to.equal(200);
  });

  /** Sends 1000 operations, and does something once the first ones are done. */
  const interrupted = async (scene: Scene, interrupt: () => Promise<unknown>): Promise<Json[]> => {
    const running = bulk(scene, crowd(1000));
    for (let tries = 0; tries < 500 && (await peopleIn(scene)) === 0; tries += 1) await sleep(5);
    await interrupt();
    return running;
  };

  it('as long as the integration is not revoked: the rest of a running one is 401', async function () {
    this.timeout(60_000);
    const scene = await aScene();
    const results = await interrupted(scene, () =>
      revokeIntegration(scene.server.deps.db, operator(scene), requestContext(), scene.clientId),
    );
    const done = statuses(results).indexOf('401');
    expect(done).to.be.above(0);
    expect(new Set(statuses(results).slice(done))).to.deep.equal(new Set(['401']));
    expect(await peopleIn(scene)).to.equal(done);
  });

  it('as long as provisioning is on: the rest of a running one is 403', async function () {
    this.timeout(60_000);
    const scene = await aScene();
    const results = await interrupted(scene, () =>
      setProvisioningEnabled(scene.server.deps.db, operator(scene), requestContext(), false),
    );
    const done = statuses(results).indexOf('403');
    expect(done).to.be.above(0);
    expect(results.at(-1).response.detail).to.match(/switched off/);
    expect(await peopleIn(scene)).to.equal(done);
  });
});
