import { expect } from 'chai';
import { copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { withOwnersUrl } from '../../src/database/owner.js';
import { aUser } from '../support/builders.js';
import { contents } from '../support/contents.js';
import { freshDatabase, temporaryFolder } from '../support/database.js';
import { aFullTenant, type FullTenant } from '../support/fullTenant.js';
import { cli } from '../support/program.js';
import { startServer, type TestServer } from '../support/server.js';
import { send, tokenOf } from '../support/tenant.js';

/** Rows of these say where and when, not what. */
const OF_THE_PLACE = ['service_state', 'schema_migration'];

/** Everything that keeps rows apart, in order and in bounds, as the database says it. */
const RULES = `
  select 'policy ' || p::text as rule from pg_policies p where schemaname = 'public'
  union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
  union all select 'trigger ' || pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal
  union all select 'table ' || relname || relrowsecurity || relforcerowsecurity || pg_get_userbyid(relowner) || coalesce(array_to_string(relacl, ' '), '')
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  union all select 'function ' || pg_get_functiondef(oid) || pg_get_userbyid(proowner) || coalesce(array_to_string(proacl, ' '), '')
    from pg_proc where pronamespace = 'public'::regnamespace
  union all select 'role ' || rolname || rolsuper || rolbypassrls || rolcanlogin || rolinherit from pg_roles where rolname like 'speakup%'
  order by 1`;

describe('a backup', function () {
  this.timeout(180_000);
  let server: TestServer;
  let acme: FullTenant;
  let other: FullTenant;
  let here: string;
  let folder: string;
  let file: string;
  const places: string[] = [];

  const run = (place: string, ...args: string[]) => cli(args, { DATA_DIR: place });
  const asOwnerOf = <T>(place: string, work: (owner: Client) => Promise<T>): Promise<T> =>
    withOwnersUrl(
      { dataDir: place, databaseUrl: undefined },
      () => undefined,
      async (url) => {
        const owner = new Client(url);
        await owner.connect();
        try {
          return await work(owner);
        } finally {
          await owner.end();
        }
      },
    );
  const contentsOf = (place: string) =>
    asOwnerOf(place, (owner) => contents(owner, undefined, ({ name }) => !OF_THE_PLACE.includes(name)));
  const rulesOf = (place: string) =>
    asOwnerOf(place, async (owner) => (await owner.query<{ rule: string }>(RULES)).rows.map(({ rule }) => rule));
  const emptyPlace = async (withKey = true) => {
    const place = await temporaryFolder();
    places.push(place);
    if (withKey) await copyFile(join(here, 'master.key'), join(place, 'master.key'));
    return place;
  };

  before(async () => {
    const database = await freshDatabase('');
    here = database.environment.DATA_DIR ?? '';
    places.push(here);
    server = await startServer(database.environment);
    acme = await aFullTenant({}, server);
    other = await aFullTenant({}, server);
    folder = await temporaryFolder();
    places.push(folder);
    file = join(folder, 'backup.jsonl.gz');
  });
  after(async () => {
    await server.stop();
    for (const place of places) await rm(place, { recursive: true, force: true });
  });

  it('is made while the service runs, in a file for its owner only, and over no other', async () => {
    const { code, stderr, stdout } = await run(here, 'backup', '--out', file);
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/master key/);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const again = await run(here, 'backup', '--out', file);
    expect(again.code).to.equal(1);
    expect(again.stderr).to.match(/is there already/);
  });

  it('holds no secret in the clear, and not the master key', async () => {
    const text = gunzipSync(await readFile(file)).toString();
    const key = (await readFile(join(here, 'master.key'), 'utf8')).trim();
    for (const secret of [acme.clientSecret, key, acme.erased.userName]) expect(text).to.not.include(secret);
  });

  it('is restored into an empty folder: every row, constraint, index, policy, grant, function and role is as it was', async () => {
    const place = await emptyPlace();
    const { code, stderr } = await run(place, 'restore', file);
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(await contentsOf(place)).to.deep.equal(await contentsOf(here));
    const rules = await rulesOf(here);
    expect(rules.length).to.be.above(100);
    expect(await rulesOf(place)).to.deep.equal(rules);
  });

  describe('that was restored', () => {
    let restored: TestServer;
    let place: string;
    before(async () => {
      place = await emptyPlace();
      expect((await run(place, 'restore', file, '--json')).code).to.equal(0);
      restored = await startServer({ DATA_DIR: place });
    });
    after(() => restored.stop());
    const scim = (method: string, path: string, body?: unknown) =>
      send(`${restored.url}/scim/v2${path}`, method, body, {
        Authorization: `Bearer ${acme.token}`,
        'Content-Type': 'application/scim+json',
      });

    it('lets in who was let in before: tokens and secrets', async () => {
      expect((await scim('GET', '/Users')).body.totalResults).to.equal(
        (await acme.scim('GET', '/Users')).body.totalResults,
      );
      expect(await tokenOf(restored.url, other)).to.be.a('string');
    });

    it('keeps tenants apart, and refuses references to nobody', async () => {
      const { rows } = await restored.deps.db.pool.query('select from directory_user');
      expect(rows).to.have.lengthOf(0);
      await asOwnerOf(place, async (owner) => {
        const foreign = await owner
          .query(
            `insert into membership (tenant_id, group_id, user_id, added_at)
             select g.tenant_id, g.id, u.id, now() from directory_group g, directory_user u
             where g.tenant_id = $1 and u.tenant_id = $2 limit 1`,
            [acme.tenant.id, other.tenant.id],
          )
          .catch((error: unknown) => error);
        expect((foreign as { code?: string }).code).to.equal('23503');
      });
    });

    it('leaves erased people erased: nothing brings them back', async () => {
      expect((await scim('GET', `/Users/${acme.erased.id}`)).status).to.equal(404);
      const { userName } = acme.erased;
      const again = await scim('POST', '/Users', aUser({ userName, emails: [{ value: userName, primary: true }] }));
      expect(again.status).to.equal(201);
      expect(again.body.id).to.not.equal(acme.erased.id);
      const [row] = await asOwnerOf(place, async (owner) => {
        const sql = 'select user_name, emails, erased_at is not null as erased from directory_user where id = $1';
        return (await owner.query<Record<string, unknown>>(sql, [acme.erased.id])).rows;
      });
      expect(row).to.deep.equal({ user_name: '', emails: null, erased: true });
    });

    it('goes on numbering changes where it was', async () => {
      const last = async () => {
        const sql = 'select max(position) as last, count(*) from change_position where tenant_id = $1';
        const [row] = await asOwnerOf(
          place,
          async (owner) => (await owner.query<{ last: string; count: string }>(sql, [acme.tenant.id])).rows,
        );
        return [Number(row?.last), Number(row?.count)] as const;
      };
      const [before] = await last();
      const rows = gunzipSync(await readFile(file))
        .toString()
        .split('\n');
      const placed = rows.filter((row) => row.includes('"position":') && row.includes(acme.tenant.id));
      expect(before).to.be.at.least(placed.length).and.above(0);
      expect(placed).to.not.deep.equal([]);
      await scim('POST', '/Users', aUser());
      for (const start = performance.now(); performance.now() - start < 5000 && (await last())[0] <= before;);
      const [after, count] = await last();
      expect(after).to.be.above(before).and.equal(count);
    });
  });

  it('is refused where there is a database already, and where the master key is missing or another one', async () => {
    const wrong = await emptyPlace(false);
    await writeFile(join(wrong, 'master.key'), Buffer.alloc(32, 7).toString('base64'));
    const before = await contentsOf(here);
    for (const [place, words] of [
      [here, /There is a database in DATA_DIR already/],
      [await emptyPlace(false), /master key of the backup is missing/],
      [wrong, /master key here is not the one/],
    ] as const) {
      const { code, stdout, stderr } = await run(place, 'restore', file);
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.match(words);
    }
    expect(await contentsOf(here)).to.deep.equal(before);
  });

  it('is of use without its master key, too: signing keys are made anew, and secrets go on', async () => {
    const place = await emptyPlace(false);
    expect((await run(place, 'restore', file, '--new-master-key')).code).to.equal(0);
    const restored = await startServer({ DATA_DIR: place });
    const headers = { Authorization: `Bearer ${acme.token}` };
    expect((await send(`${restored.url}/scim/v2/Users`, 'GET', undefined, headers)).status).to.equal(401);
    expect(await tokenOf(restored.url, acme)).to.be.a('string');
    await restored.stop();
  });

  it('that is damaged, of a newer version, or none at all is refused, and leaves the folder empty', async () => {
    const place = await emptyPlace();
    const bytes = await readFile(file);
    const lines = gunzipSync(bytes).toString().split('\n');
    const header = JSON.parse(lines[0] ?? '') as { migrations: string[] };
    const person = lines.findIndex((line) => line.includes('"user_name":"daan.visser@fabriek.example"'));
    const newer = [JSON.stringify({ ...header, migrations: [...header.migrations, '9999_later'] }), ...lines.slice(1)];
    const spoiled: readonly (readonly [string, Buffer, RegExp])[] = [
      ['cut', bytes.subarray(0, bytes.length / 2), /cannot be read|ends in the middle/],
      ['shortened', gzipSync(lines.slice(0, -20).join('\n')), /ends in the middle/],
      ['a row less', gzipSync(lines.toSpliced(person, 1).join('\n')), /damaged: .*foreign key/],
      [
        'a row changed',
        gzipSync(lines.with(person, (lines[person] ?? '').replace('"Monteur"', '"Directeur"')).join('\n')),
        /damaged: directory_user/,
      ],
      ['newer', gzipSync(newer.join('\n')), /newer version/],
      ['another file', gzipSync('{"hello":1}\n'), /no backup/],
      ['no file of ours', Buffer.from('hello'), /cannot be read/],
    ];
    for (const [what, content, words] of spoiled) {
      const bad = join(folder, what);
      await writeFile(bad, content);
      const { code, stdout, stderr } = await run(place, 'restore', bad);
      expect([what, code, stdout]).to.deep.equal([what, 1, '']);
      expect(stderr).to.match(words);
    }
    expect((await run(place, 'restore', file)).code).to.equal(0);
  });

  it('is for the embedded database: of another one it says so, and of nothing that there is nothing', async () => {
    const external = { DATA_DIR: folder, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/x' };
    for (const args of [
      ['backup', '--out', join(folder, 'x')],
      ['restore', file],
    ]) {
      const { code, stderr } = await cli(args, external);
      expect(code).to.equal(1);
      expect(stderr).to.match(/for the embedded database/);
    }
    const nothing = await run(await emptyPlace(), 'backup', '--out', join(folder, 'y'));
    expect([nothing.code, nothing.stdout]).to.deep.equal([1, '']);
    expect(nothing.stderr).to.match(/nothing to back up/);
  });
});
