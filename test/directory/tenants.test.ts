import { expect } from 'chai';
import { createIntegration, listIntegrations } from '../../src/directory/integration/integrations.js';
import { readIn, requestContext } from '../../src/directory/scope.js';
import { isSlug, openTenant, setProvisioningEnabled } from '../../src/directory/tenant/tenants.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

describe('the name of a tenant', () => {
  it('is short, in lower case, and has no hyphen at its ends', () => {
    for (const slug of ['acme', 'a1', 'acme-2', 'x'.repeat(63)]) expect(isSlug(slug), slug).to.equal(true);
    for (const slug of ['a', 'Acme', '-acme', 'acme-', 'ac me', 'ac_me', 'ácme', '', 'x'.repeat(64), 'acme\n']) {
      expect(isSlug(slug), slug).to.equal(false);
    }
  });
});

describe('administration', () => {
  let acme: TestTenant;
  const operator = () => systemActor(acme.tenant.id, acme.tenant.slug);
  const history = () =>
    readIn(acme.server.deps.db, operator(), requestContext(), (scope) =>
      scope.send<{ kind: string; resource_type: string; actor_kind: string; changes: object }>(
        { text: 'select kind, resource_type, actor_kind, changes from change_record where tenant_id = $1 order by id' },
        [scope.tenantId],
      ),
    );

  before(async function () {
    this.timeout(60_000);
    acme = await aTenant();
  });

  it('is in the history of the tenant, secrets without their values', async () => {
    await setProvisioningEnabled(acme.server.deps.db, operator(), requestContext(), false);
    await setProvisioningEnabled(acme.server.deps.db, operator(), requestContext(), false);
    const records = await history();
    expect(records.map(({ kind, resource_type }) => `${resource_type} ${kind}`)).to.deep.equal([
      'Tenant CREATED',
      'Integration CREATED',
      'Integration SECRET_ADDED',
      'Tenant CHANGED',
    ]);
    expect(records.at(-1)).to.deep.include({
      actor_kind: 'SYSTEM',
      changes: { provisioningEnabled: { before: true, after: false } },
    });
    expect(JSON.stringify(records)).to.not.include(acme.clientSecret.slice(4, 20));
  });

  it('opens one tenant for a name, however many ask at once', async () => {
    const slug = `${acme.tenant.slug}-twin`;
    const opened = await Promise.all([1, 2, 3].map(() => openTenant(acme.server.deps.db, slug, requestContext())));
    expect(new Set(opened.map(({ tenant }) => tenant.id)).size).to.equal(1);
    expect(opened.filter(({ created }) => created)).to.have.lengthOf(1);
  });

  it('is refused to integrations, analysts and the frontend', async () => {
    const { db, authenticator } = acme.server.deps;
    const tokens = [
      acme.token,
      await acme.personToken({ role: 'ANALYST' }),
      await acme.personToken({ role: 'FRONTEND' }),
    ];
    for (const token of tokens) {
      const actor = await authenticator.authenticate(`Bearer ${token}`);
      const attributes = { name: 'x', usersAndGroups: 'FULL', issues: 'NONE', compatibility: 'RFC' } as const;
      const refusal: unknown = await createIntegration(db, actor, requestContext(), attributes).catch(
        (error: unknown) => error,
      );
      expect(refusal).to.include({ kind: 'forbidden' });
    }
  });

  it("sees the integrations of its own tenant only, and their secrets' dates without hashes", async () => {
    const other = await aTenant();
    const listed = await listIntegrations(acme.server.deps.db, operator(), requestContext());
    expect(listed.map(({ id }) => id)).to.deep.equal([acme.clientId]);
    expect(listed[0]?.secrets[0]).to.have.all.keys('id', 'createdAt', 'expiresAt', 'revokedAt', 'lastUsedAt');
    expect(JSON.stringify(listed)).to.not.include(other.clientId);
  });
});
