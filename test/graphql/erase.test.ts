import { expect } from 'chai';
import { Client } from 'pg';
import { type Role } from '../../src/directory/actor.js';
import { historyOf } from '../scim/records.js';
import { aUser, ENTERPRISE_USER, patchOf, unique } from '../support/builders.js';
import { withOwnerUrl } from '../support/owner.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, globalId, group, person } from './asking.js';

const ERASE = `mutation ($id: ID!) { eraseUser(input: { id: $id }) {
  user { scimId userName displayName email status erasedAt deletedAt createdAt } userErrors { field code } } }`;

/** Every row of every table of the tenant, as text. */
async function everything(tenantId: string): Promise<string[]> {
  return withOwnerUrl(async (url) => {
    const owner = new Client(url);
    await owner.connect();
    try {
      await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
      const { rows: tables } = await owner.query<{ name: string }>(
        `select relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
         where relkind = 'r' and relnamespace = 'public'::regnamespace`,
      );
      const found: string[] = [];
      for (const { name } of tables) {
        const { rows } = await owner.query<{ line: string }>(
          `select '${name} ' || row_to_json(t)::text as line from ${name} t where tenant_id = $1`,
          [tenantId],
        );
        found.push(...rows.map(({ line }) => line));
      }
      return found;
    } finally {
      await owner.end();
    }
  });
}

describe('erasing a person', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
  });
  const erase = async (id: string): Promise<Json> =>
    (await data(tenant, ERASE, { id: globalId('User', id) })).eraseUser;
  const deactivate = (id: string) =>
    tenant.scim('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'active', value: false }));

  /** Somebody of whom as much as possible is known, in as many places as possible, and the words of it. */
  async function somebody() {
    const mark = unique();
    const mail = `jo.${mark}@fabriek.example`;
    const { id } = await person(tenant, {
      userName: `first${mark}@fabriek.example`,
      externalId: `number${mark}`,
      displayName: `Jo${mark}`,
      name: { givenName: `Jo${mark}`, familyName: `old${mark}` },
      emails: [{ type: 'work', primary: true, value: `old${mark}@fabriek.example` }],
      phoneNumbers: [{ type: 'work', value: `+31 ${mark}` }],
      addresses: [{ streetAddress: `street${mark} 1` }],
      title: `title${mark}`,
      [ENTERPRISE_USER]: { employeeNumber: `number${mark}`, manager: { value: `boss${mark}` } },
    });
    const emails = { op: 'replace', path: 'emails[type eq "work"].value', value: mail };
    const renamed = { op: 'replace', path: 'userName', value: mail };
    await tenant.scim('PATCH', `/Users/${id}`, patchOf(emails, renamed));
    const byId = await person(tenant, { [ENTERPRISE_USER]: { manager: { value: id as string } } });
    const byMail = await person(tenant, { [ENTERPRISE_USER]: { manager: { value: mail.toUpperCase() } } });
    const byOldName = await person(tenant, {
      [ENTERPRISE_USER]: { manager: { value: `first${mark}@fabriek.example` } },
    });
    await group(tenant, `Team ${unique()}`, [id]);
    await tenant.scim('POST', '/Users', aUser({ userName: mail }));
    const lock =
      'mutation ($id: ID!, $reason: String) { lockUser(input: { id: $id, reason: $reason }) { userErrors { code } } }';
    await data(tenant, lock, { id: globalId('User', id as string), reason: `reason${mark}` });
    return { id: id as string, mail, mark, reports: [byId, byMail, byOldName] as Json[] };
  }

  it('leaves none of what was known in any table, and keeps the fact', async () => {
    const bystander = await person(tenant, { title: 'Stays' });
    const { id, mail, mark, reports } = await somebody();
    const known = (await everything(tenant.tenant.id)).filter((line) => line.includes(mark));
    const tables = new Set(known.map((line) => line.split(' ')[0]));
    expect([...tables]).to.include.members(['directory_user', 'user_email', 'change_record', 'sign_in_lock']);
    expect(await erase(id), 'while active').to.deep.equal({
      user: null,
      userErrors: [{ field: null, code: 'NOT_NOW' }],
    });
    await deactivate(id);
    const { user, userErrors } = await erase(id);
    expect(userErrors).to.deep.equal([]);
    expect(user).to.include({ scimId: id, userName: '', displayName: null, email: null, status: 'DELETED' });
    expect(Date.parse(user.erasedAt)).to.be.closeTo(Date.now(), 5000);

    const left = await everything(tenant.tenant.id);
    const lower = left.map((line) => line.toLowerCase());
    for (const word of [mark, mail, 'jo***@fabriek'])
      expect(lower.filter((line) => line.includes(word))).to.deep.equal([]);
    expect(left.filter((line) => line.includes(id) && line.startsWith('directory_user'))).to.not.be.empty;
    expect(left.filter((line) => line.includes(id) && line.startsWith('membership'))).to.deep.equal([]);

    const records = await historyOf(tenant, id);
    expect(records.map(({ kind }) => kind as string)).to.deep.equal([
      'CREATED',
      'CHANGED',
      'LOCKED',
      'DEACTIVATED',
      'ERASED',
    ]);
    expect(records[0].changes.displayName).to.deep.equal({ before: null, after: null, erased: true });
    expect(records[0].changes.active).to.deep.equal({ before: null, after: true });
    expect(records[4]).to.deep.include({
      actor_kind: 'PERSON',
      changes: { status: { before: 'DEACTIVATED', after: 'DELETED' } },
    });
    for (const report of reports) {
      const { body } = await tenant.scim('GET', `/Users/${report.id}`);
      expect(body[ENTERPRISE_USER]?.manager?.$ref).to.equal(undefined);
    }
    expect((await tenant.scim('GET', `/Users/${bystander.id}`)).body.title).to.equal('Stays');
    expect((await historyOf(tenant, bystander.id as string))[0].changes.title.after).to.equal('Stays');
    expect(
      left.filter((line) => line.startsWith('provisioning_entry') && line.includes('erased since')),
    ).to.have.length(3);
  });

  it('works for who was deleted, and only once', async () => {
    const { id, mark } = await somebody();
    await tenant.scim('DELETE', `/Users/${id}`);
    const { user } = await erase(id);
    expect(user.status).to.equal('DELETED');
    const again = await erase(id);
    expect(again.user.erasedAt).to.equal(user.erasedAt);
    expect((await historyOf(tenant, id)).filter(({ kind }) => kind === 'ERASED')).to.have.length(1);
    expect((await everything(tenant.tenant.id)).filter((line) => line.includes(mark))).to.deep.equal([]);
  });

  it('makes the identity provider’s next attempt somebody new, and frees the name', async () => {
    const { id, mail, mark } = await somebody();
    await deactivate(id);
    await erase(id);
    expect((await tenant.scim('GET', `/Users/${id}`)).status).to.equal(404);
    const next = await person(tenant, { userName: mail, externalId: `number${mark}`, emails: undefined });
    expect(next.id).not.to.equal(id);
    const signIn = 'query ($by: UserKey!) { signIn(by: $by) { allowed reason } }';
    expect((await data(tenant, signIn, { by: { scimId: id } })).signIn).to.deep.equal({
      allowed: false,
      reason: 'DELETED',
    });
  });

  it('leaves alone a reference that means somebody else by now', async () => {
    const first = await person(tenant, { userName: 'role@fabriek.example', emails: undefined, externalId: 'first' });
    await tenant.scim('DELETE', `/Users/${first.id}`);
    const second = await person(tenant, { userName: 'role@fabriek.example', emails: undefined, externalId: 'second' });
    expect(second.id).not.to.equal(first.id);
    const report = await person(tenant, { [ENTERPRISE_USER]: { manager: { value: 'role@fabriek.example' } } });
    await erase(first.id as string);
    const { body } = await tenant.scim('GET', `/Users/${report.id}`);
    expect(body[ENTERPRISE_USER].manager.$ref).to.match(new RegExp(`${second.id}$`));
  });

  it('is for administrators, of their own tenant', async () => {
    const { id } = await person(tenant);
    await deactivate(id);
    const variables = { id: globalId('User', id) };
    for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
      expect(await codes(tenant, ERASE, variables, role)).to.deep.equal(['FORBIDDEN']);
    }
    const other = await aTenant();
    for (const one of [globalId('User', id), globalId('User', '00000000-0000-7000-8000-000000000000')]) {
      expect((await data(other, ERASE, { id: one })).eraseUser).to.deep.equal({
        user: null,
        userErrors: [{ field: ['id'], code: 'NOT_FOUND' }],
      });
    }
    expect((await tenant.scim('GET', `/Users/${id}`)).status).to.equal(200);
  });

  it('is the only way to change history, and no way to change that of others', async () => {
    const { id } = await person(tenant);
    const { pool } = tenant.server.deps.db;
    const client = await pool.connect();
    const codeOf = (sql: string, params: unknown[]) =>
      client.query(sql, params).then(
        () => 'done',
        ({ code }: { code: string }) => code,
      );
    try {
      for (const [sql, code] of [
        ["update change_record set changes = '{}' where resource_id = $1", '42501'],
        ['delete from change_record where resource_id = $1', '42501'],
        ["select blank_erased_values($1, '{}', '{}', '-infinity')", 'P0001'],
      ] as const) {
        await client.query(`begin; set local app.tenant = '${tenant.tenant.id}'`);
        expect(await codeOf(sql, [id]), sql).to.equal(code);
        await client.query('rollback');
      }
    } finally {
      client.release();
    }
  });
});
