import { expect } from 'chai';
import { type Role } from '../../src/directory/actor.js';
import { historyOf } from '../scim/records.js';
import { patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, globalId, person, post } from './asking.js';

const SIGN_IN = 'query ($by: UserKey!) { signIn(by: $by) { allowed reason explanation user { scimId } } }';
const LOCK = `mutation ($id: ID!, $reason: String) { lockUser(input: { id: $id, reason: $reason }) {
  user { active status signInLock { lockedAt reason lockedBy { userName } } } userErrors { field code } } }`;
const UNLOCK = `mutation ($id: ID!) { unlockUser(input: { id: $id }) {
  user { active status signInLock { reason } } userErrors { field code } } }`;
const ROLES = ['FRONTEND', 'ADMIN'] satisfies Role[];

describe('signing in', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });
  const ask = async (by: object, role: Role = 'FRONTEND'): Promise<Json> =>
    (await data(tenant, SIGN_IN, { by }, role)).signIn;
  const setActive = (id: string, value: boolean) =>
    tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value }));
  const lock = async (id: string, reason?: string) =>
    (await data(tenant, LOCK, { id: globalId('User', id), reason })).lockUser;
  const unlock = async (id: string) => (await data(tenant, UNLOCK, { id: globalId('User', id) })).unlockUser;

  it('lets in who is active, by whatever key', async () => {
    const userName = 'in@fabriek.example';
    const { id } = await person(tenant, {
      userName,
      externalId: 'in-1',
      emails: [{ value: 'In.Mail@fabriek.example' }],
    });
    const keys = [{ userName: 'IN@fabriek.example' }, { email: 'in.mail@fabriek.example' }, { externalId: 'in-1' }];
    for (const role of ROLES) {
      for (const by of [...keys, { scimId: id as string }, { id: globalId('User', id) }]) {
        expect(await ask(by, role), JSON.stringify(by)).to.deep.equal({
          allowed: true,
          reason: null,
          explanation: 'This person may enter.',
          user: { scimId: id },
        });
      }
    }
  });

  it('says why not: deactivated, locked, deleted, unknown', async () => {
    const { id, userName } = await person(tenant);
    const by = { userName };
    await setActive(id, false);
    expect(await ask(by)).to.deep.include({ allowed: false, reason: 'DEACTIVATED', user: { scimId: id } });
    await lock(id);
    expect(await ask(by)).to.deep.include({ allowed: false, reason: 'LOCKED', user: { scimId: id } });
    await unlock(id);
    await setActive(id, true);
    expect(await ask(by)).to.include({ allowed: true, reason: null });
    await tenant.scim('DELETE', `/Users/${id}`);
    expect(await ask(by), 'who was deleted is shown to administrators only').to.deep.include({
      allowed: false,
      reason: 'DELETED',
      user: null,
    });
    expect(await ask(by, 'ADMIN')).to.deep.include({ reason: 'DELETED', user: { scimId: id } });
    for (const unknown of [
      { userName: 'nobody@fabriek.example' },
      { scimId: '00000000-0000-7000-8000-000000000000' },
    ]) {
      expect(await ask(unknown)).to.deep.include({ allowed: false, reason: 'UNKNOWN', user: null });
    }
  });

  it('sees the living person where a deleted one had the same name', async () => {
    const body = { userName: 'twice@fabriek.example', externalId: 'first' };
    const { id } = await person(tenant, body);
    await tenant.scim('DELETE', `/Users/${id}`);
    const second = await person(tenant, { ...body, externalId: 'second' });
    expect(second.id).not.to.equal(id);
    expect(await ask({ userName: body.userName })).to.deep.include({ allowed: true, user: { scimId: second.id } });
  });

  it('knows nobody of another tenant', async () => {
    const other = await aTenant();
    const { id, userName } = await person(other);
    for (const by of [{ userName: userName as string }, { scimId: id as string }, { id: globalId('User', id) }]) {
      expect(await ask(by)).to.deep.include({ allowed: false, reason: 'UNKNOWN', user: null });
    }
    const missing = { user: null, userErrors: [{ field: ['id'], code: 'NOT_FOUND' }] };
    expect(await lock(id)).to.deep.equal(missing);
    expect(await unlock(id)).to.deep.equal(missing);
    expect(await lock('00000000-0000-7000-8000-000000000000')).to.deep.equal(missing);
    expect((await other.graphql(SIGN_IN, { by: { userName } })).body.data.signIn.allowed).to.equal(true);
  });

  it('is asked by the frontend and administrators only, and locks by administrators only', async () => {
    const { id, userName } = await person(tenant);
    const variables = { id: globalId('User', id) };
    expect(await codes(tenant, SIGN_IN, { by: { userName } }, 'ANALYST')).to.deep.equal(['FORBIDDEN']);
    const body = { query: SIGN_IN, variables: { by: { userName: userName as string } } };
    const program = await post(tenant, body, { Authorization: `Bearer ${tenant.token}` });
    expect(program.body.errors[0].extensions.code).to.equal('FORBIDDEN');
    for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
      expect(await codes(tenant, LOCK, variables, role)).to.deep.equal(['FORBIDDEN']);
      expect(await codes(tenant, UNLOCK, variables, role)).to.deep.equal(['FORBIDDEN']);
      const shown = 'query ($by: UserKey!) { user(by: $by) { signInLock { reason } } }';
      expect(await codes(tenant, shown, { by: { userName } }, role)).to.deep.equal(['FORBIDDEN']);
    }
    expect(await ask({ userName })).to.include({ allowed: true });
  });

  it('is locked with who, when and why, whatever SCIM says; `active` and the version stay', async () => {
    const admin = await person(tenant);
    const { id, userName, meta } = await person(tenant);
    const variables = { id: globalId('User', id), reason: ' Lost laptop ' };
    const { body } = await tenant.graphql(LOCK, variables, { userId: admin.id });
    const { user } = body.data.lockUser;
    expect(user).to.include({ active: true, status: 'ACTIVE' });
    expect(user.signInLock).to.deep.include({ reason: 'Lost laptop', lockedBy: { userName: admin.userName } });
    expect(Date.parse(user.signInLock.lockedAt)).to.be.closeTo(Date.now(), 5000);
    const scim = await tenant.scim('GET', `/Users/${id}`);
    expect([scim.body.active, scim.body.meta.version]).to.deep.equal([true, meta.version]);
    await setActive(id, false);
    await setActive(id, true);
    expect(await ask({ userName })).to.include({ allowed: false, reason: 'LOCKED' });

    expect((await lock(id, 'Another reason')).user.signInLock.reason).to.equal('Lost laptop');
    expect((await unlock(id)).user.signInLock).to.equal(null);
    expect(await unlock(id), 'again').to.deep.include({ userErrors: [] });
    const records = (await historyOf(tenant, id)).filter(({ kind }) => /LOCKED/.test(kind as string));
    expect(records.map(({ kind, actor_id, changes }) => [kind, actor_id, changes] as unknown)).to.deep.equal([
      [
        'LOCKED',
        admin.id,
        { locked: { before: false, after: true }, lockReason: { before: null, after: 'Lost laptop' } },
      ],
      [
        'UNLOCKED',
        null,
        { locked: { before: true, after: false }, lockReason: { before: 'Lost laptop', after: null } },
      ],
    ]);
  });

  it('is locked once by two administrators at the same moment', async () => {
    const { id } = await person(tenant);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((reason) => lock(id, reason)));
    expect(answers.flatMap(({ userErrors }) => userErrors as Json[])).to.deep.equal([]);
    expect((await historyOf(tenant, id)).filter(({ kind }) => kind === 'LOCKED')).to.have.length(1);
  });

  it('refuses a reason that cannot be kept', async () => {
    const { id } = await person(tenant);
    expect((await lock(id, 'x'.repeat(501))).userErrors).to.deep.equal([{ field: ['reason'], code: 'INVALID' }]);
  });
});
