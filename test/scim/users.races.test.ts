// People written at the same moment who mean each other: whoever is first, what is true after is what stands there.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestContext, writeIn, type WriteScope } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { deprovisionUser } from '../../src/directory/user/changeUser.js';
import { provisionUser } from '../../src/directory/user/provisionUser.js';
import { lockUser } from '../../src/directory/user/users.js';
import { aUser, ENTERPRISE_USER, unique } from '../support/builders.js';
import { type Json } from '../support/tenant.js';
import { aScene, type Scene } from './scene.js';

describe('somebody who is written at the same moment as who means them', () => {
  let scene: Scene;
  before(async () => (scene = await aScene()));

  /** Does the work, and commits it when told. */
  async function begun(work: (scope: WriteScope) => Promise<unknown>) {
    const done = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const { tenant, server } = scene;
    const committed = writeIn(server.deps.db, systemActor(tenant.id, tenant.slug), requestContext(), async (scope) => {
      await work(scope);
      done.resolve();
      await end.promise;
      return () => undefined;
    });
    await Promise.race([done.promise, committed]);
    return { commit: () => (end.resolve(), committed) };
  }
  const making = (attributes: Readonly<Record<string, unknown>>) => async (scope: WriteScope) => {
    const { saved } = await provisionUser(scope, { userName: `${unique()}@races.example`, ...attributes });
    await saved;
    // What follows the insert has been answered too.
    await scope.send({ text: 'select' }, []);
  };
  const posted = (attributes: Readonly<Record<string, unknown>>) => scene.scim('POST', '/Users', aUser(attributes));
  const managerOf = async (userName: string): Promise<Json> => {
    const { Resources } = await scene.find('/Users', `userName eq "${userName}"`);
    return Resources[0][ENTERPRISE_USER]?.manager;
  };

  it('is the manager where the manager is first, by name', async () => {
    const [boss, one] = [`${unique()}@races.example`, `${unique()}@races.example`];
    const { commit } = await begun(making({ userName: boss, displayName: 'Boss' }));
    const reporting = posted({ userName: one, [ENTERPRISE_USER]: { manager: { value: boss } } });
    await sleep(200);
    await commit();
    expect((await reporting).status).to.equal(201);
    expect((await managerOf(one)).displayName).to.equal('Boss');
  });

  it('is the manager where the manager is last, by name', async () => {
    const [boss, one] = [`${unique()}@races.example`, `${unique()}@races.example`];
    const { commit } = await begun(making({ userName: one, manager: boss }));
    const arriving = posted({ userName: boss, displayName: 'Boss' });
    await sleep(200);
    await commit();
    expect((await arriving).status).to.equal(201);
    expect((await managerOf(one)).displayName).to.equal('Boss');
  });

  it('is nobody’s manager where they are being deleted', async () => {
    const boss = await scene.person({ displayName: 'Boss' });
    const one = await scene.person();
    const { commit } = await begun(async (scope) => deprovisionUser(scope, await lockUser(scope, boss.id, 'delete')));
    const manager = { op: 'add', path: `${ENTERPRISE_USER}:manager`, value: { value: boss.id as string } };
    const reporting = scene.patch(`/Users/${one.id}`, manager);
    await sleep(200);
    await commit();
    expect((await reporting).status).to.equal(200);
    expect(await managerOf(one.userName)).to.deep.equal({ value: boss.id });
  });

  it('is not taken over by a name they had until then', async () => {
    const [old, now] = [`${unique()}@races.example`, `${unique()}@races.example`];
    const local = await scene.localPerson({ userName: old });
    const rename =
      'update directory_user set user_name = $3, user_name_key = $3, match_email_key = $3 where tenant_id = $1 and id = $2';
    const { commit } = await begun(({ send, tenantId }) => send({ text: rename }, [tenantId, local, now]));
    const made = posted({ userName: old, emails: undefined });
    await sleep(200);
    await commit();
    const { status, body } = await made;
    expect(status).to.equal(201);
    expect(body.id).to.not.equal(local);
    const [row] = await scene.sql(
      'select user_name, origin from directory_user where tenant_id = $1 and id = $2',
      local,
    );
    expect(row).to.deep.equal({ user_name: now, origin: 'SPEAKUP' });
  });
});
