import { expect } from 'chai';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isOfTenants, tables } from '../../src/database/catalogue.js';
import { sealChanges } from '../../src/directory/history/sealer.js';
import { requestContext } from '../../src/directory/scope.js';
import { openTenant } from '../../src/directory/tenant/tenants.js';
import { LEFT_OUT, EXPORTED } from '../../src/directory/tenant/exportTenant.js';
import { unique } from '../support/builders.js';
import { contents, isEmpty } from '../support/contents.js';
import { temporaryFolder } from '../support/database.js';
import { aFullTenant, type FullTenant } from '../support/fullTenant.js';
import { withOwnerIn } from '../support/owner.js';
import { cli } from '../support/program.js';
import { theDatabase } from '../support/server.js';
import { send, type Json } from '../support/tenant.js';

describe('a tenant that leaves', function () {
  this.timeout(120_000);
  let acme: FullTenant;
  let other: FullTenant;
  let folder: string;
  const run = async (...args: string[]) => cli(args, (await theDatabase()).environment);
  const contentsOf = ({ tenant }: FullTenant) => withOwnerIn(tenant.id, (owner) => contents(owner, tenant.id));

  before(async () => {
    acme = await aFullTenant();
    other = await aFullTenant();
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true }));

  describe('is exported', () => {
    let lines: readonly Json[];
    let text: string;
    before(async () => {
      const file = join(folder, 'acme.jsonl');
      const { code, stdout, stderr } = await run('tenant', 'export', acme.tenant.slug, '--out', file, '--json');
      expect([code, stderr]).to.deep.equal([0, '']);
      text = await readFile(file, 'utf8');
      lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(JSON.parse(stdout)).to.deep.equal({ tenant: acme.tenant.slug, file, lines: lines.length });
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
    });
    const rowsOf = (type: string): readonly Json[] => lines.filter((line) => line.type === type).map(({ row }) => row);

    it('in a format that says what it is, and that it is complete', () => {
      expect(lines[0]).to.include({ format: 'speakup-directory tenant', version: 1, tenant: acme.tenant.slug });
      const counted = Object.entries<number>(lines.at(-1).counts);
      expect(lines.at(-1).end).to.equal(true);
      expect(counted.map(([type]) => rowsOf(type).length)).to.deep.equal(counted.map(([, count]) => count));
      expect(counted.map(([type]) => type)).to.deep.equal(['tenant', ...Object.keys(EXPORTED)]);
    });

    it('with every row of every table that is not made from others', async () => {
      const all = await contentsOf(acme);
      const counts = Object.fromEntries(Object.entries(all).map(([table, content]) => [table, parseInt(content, 10)]));
      for (const [type, count] of Object.entries<number>(lines.at(-1).counts)) {
        expect([type, count]).to.deep.equal([type, counts[type]]);
        expect(count, type).to.be.above(0);
      }
    });

    it('with people and groups as they were sent', () => {
      const daan = rowsOf('directory_user').find(({ user_name }) => user_name === 'daan.visser@fabriek.example');
      expect(daan).to.include({ title: 'Monteur', department: 'Productie', status: 'ACTIVE', origin: 'SCIM' });
      expect(daan.emails).to.deep.equal([{ type: 'work', primary: true, value: 'daan.visser@fabriek.example' }]);
      expect(rowsOf('membership').some(({ user_id }) => user_id === daan.id)).to.equal(true);
    });

    it("without anybody else's rows, secrets' hashes, and what an erased person was called", async () => {
      expect(text).to.not.include(other.tenant.id);
      expect(Object.keys(rowsOf('integration_secret')[0]).sort()).to.deep.equal(
        ['created_at', 'expires_at', 'id', 'integration_id', 'last_used_at', 'revoked_at', 'tenant_id'].sort(),
      );
      const hashes = await withOwnerIn(acme.tenant.id, (owner) =>
        owner.query<{ hash: string }>(
          "select encode(hash, 'hex') as hash from integration_secret where tenant_id = $1",
          [acme.tenant.id],
        ),
      );
      for (const { hash } of hashes.rows) expect(text).to.not.include(hash);
      expect(text).to.not.include(acme.clientSecret);
      expect(text).to.not.include(acme.erased.userName);
    });

    it('over no other file, and not at all where it does not exist', async () => {
      const file = join(folder, 'precious');
      await writeFile(file, 'precious');
      for (const [slug, words] of [
        [acme.tenant.slug, /is there already/],
        ['nobody', /no tenant "nobody"/],
      ] as const) {
        const { code, stdout, stderr } = await run('tenant', 'export', slug, '--out', file);
        expect([code, stdout]).to.deep.equal([1, '']);
        expect(stderr).to.match(words);
      }
      expect(await readFile(file, 'utf8')).to.equal('precious');
    });

    it('from every table of tenants: a new one is exported or said to be left out', async () => {
      const known = await withOwnerIn(acme.tenant.id, tables);
      const ofTenants = known.filter(isOfTenants).map(({ name }) => name);
      expect([...Object.keys(EXPORTED), ...LEFT_OUT]).to.have.members(ofTenants);
      // What lets somebody in is never text alone: bytes are not exported, whoever adds them.
      const bytes = known
        .filter(({ name }) => name in EXPORTED)
        .flatMap(({ name, columns }) =>
          columns.filter((column) => column.type === 'bytea' && !EXPORTED[name]?.includes(column.name)),
        );
      expect(bytes).to.deep.equal([]);
    });
  });

  describe('is deleted', () => {
    it('only when its name is given again', async () => {
      const before = await contentsOf(acme);
      for (const more of [[], ['--confirm', other.tenant.slug]]) {
        const { code, stderr } = await run('tenant', 'delete', acme.tenant.slug, ...more);
        expect(code).to.equal(1);
        expect(stderr).to.match(/Nothing was deleted/);
      }
      expect(await contentsOf(acme)).to.deep.equal(before);
    });

    it('with everything of it in every table, and nothing of anybody else', async () => {
      const before = await contentsOf(acme);
      expect(Object.keys(EXPORTED).filter((table) => isEmpty(before[table]))).to.deep.equal([]);
      const neighbour = await contentsOf(other);
      const { slug } = acme.tenant;
      // An administrator who goes on working: nothing ends their token before the tenant is gone.
      const state = { ended: false };
      const statuses = new Set<unknown>();
      const work = async () => {
        while (!state.ended) {
          const query = `mutation { createGroup(input: { displayName: "${unique()}" }) { userErrors { message } } }`;
          const { status, body } = await acme.graphql(query);
          statuses.add(body.errors?.[0].extensions.code ?? status);
        }
      };
      const working = [work(), work()];
      const { code, stdout, stderr } = await run('tenant', 'delete', slug, '--confirm', slug, '--json');
      state.ended = true;
      await Promise.all(working);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect([...statuses].sort()).to.include.members([200, 'UNAUTHENTICATED']);
      expect([200, 'NOT_FOUND', 'UNAUTHENTICATED']).to.include.members([...statuses]);
      const { deleted } = JSON.parse(stdout) as { deleted: Record<string, number> };
      expect(deleted).to.include({ tenant: 1, directory_user: parseInt(before.directory_user ?? '', 10) });
      // What the server still knew of it a moment ago.
      const { db, activity } = acme.server.deps;
      activity.note({ tenantId: acme.tenant.id, id: acme.clientId }, 'TOKEN', new Date());
      await activity.write(db, { everything: true });
      await sealChanges(db);
      const after = await contentsOf(acme);
      expect(Object.entries(after).filter(([, content]) => !isEmpty(content))).to.deep.equal([]);
      expect(await contentsOf(other)).to.deep.equal(neighbour);
    });

    it('and its tokens with it, of people too', async () => {
      const { status } = await acme.scim('GET', '/Users');
      expect(status).to.equal(401);
      const headers = { Authorization: `Bearer ${await acme.personToken()}`, 'Content-Type': 'application/json' };
      const graphql = await send(`${acme.server.url}/graphql`, 'POST', { query: '{ viewer { role } }' }, headers);
      expect(graphql.status).to.equal(401);
      expect((await other.scim('GET', '/Users')).body.totalResults).to.be.above(10);
      const again = await run('tenant', 'delete', acme.tenant.slug, '--confirm', acme.tenant.slug);
      expect(again.stderr).to.match(/There is no tenant/);
    });

    it('so that its name can be given to another', async () => {
      const { tenant, created } = await openTenant(acme.server.deps.db, acme.tenant.slug, requestContext());
      expect(created).to.equal(true);
      expect(tenant.id).to.not.equal(acme.tenant.id);
    });
  });
});
