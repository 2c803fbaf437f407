import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertMasterKey, loadMasterKey, masterKeyFromBytes } from '../../src/access/masterKey.js';
import { keyToSignWith, openSigningKeys } from '../../src/access/signingKeys.js';
import { readConfig } from '../../src/config.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { theServer, startServer, type TestServer } from '../support/server.js';

const DAY = 24 * 60 * 60 * 1000;
const key = () => masterKeyFromBytes(Buffer.alloc(32, 1));
const silent = () => undefined;

describe('the master key', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'speakup-key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('opens what it has sealed, for the same purpose and row only', () => {
    const sealed = key().seal('signing keys', Buffer.from('private'), 'row 1');
    expect(key().open('signing keys', sealed, 'row 1')?.toString()).to.equal('private');
    expect(key().open('cursors', sealed, 'row 1')).to.equal(undefined);
    expect(key().open('signing keys', sealed, 'row 2')).to.equal(undefined);
    expect(masterKeyFromBytes(Buffer.alloc(32, 2)).open('signing keys', sealed, 'row 1')).to.equal(undefined);
    expect(key().open('signing keys', sealed.subarray(0, 20), 'row 1')).to.equal(undefined);
    sealed[15] = (sealed[15] ?? 0) ^ 1;
    expect(key().open('signing keys', sealed, 'row 1')).to.equal(undefined);
  });

  it('is made once in the data folder, for its owner only, also by processes that start together', async () => {
    const config = readConfig({ DATA_DIR: join(folder, 'data') });
    const made = await Promise.all(Array.from({ length: 40 }, () => loadMasterKey(config, silent)));
    expect(new Set(made.map(({ fingerprint }) => fingerprint))).to.have.property('size', 1);
    expect((await stat(join(folder, 'data', 'master.key'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(join(folder, 'data'))).to.deep.equal(['master.key']);
  });

  it('comes from the environment or a file, and warns when it would stay behind on this machine', async () => {
    const text = Buffer.alloc(32, 1).toString('base64');
    const file = join(folder, 'key');
    await writeFile(file, `${text}\n`);
    const warnings: string[] = [];
    const load = (environment: Record<string, string>) =>
      loadMasterKey(readConfig({ DATA_DIR: folder, ...environment }), (message) => warnings.push(message));
    expect((await load({ MASTER_KEY: text })).fingerprint).to.equal(key().fingerprint);
    expect((await load({ MASTER_KEY_FILE: file })).fingerprint).to.equal(key().fingerprint);
    expect(warnings).to.deep.equal([]);
    await load({ DATABASE_URL: 'postgresql://x/y' });
    expect(warnings.join()).to.match(/set MASTER_KEY/);
  });

  it('is refused when its file is missing or holds something else', async () => {
    const file = join(folder, 'key');
    const load = () =>
      loadMasterKey(readConfig({ MASTER_KEY_FILE: file }), silent).catch((error: Error) => error.message);
    expect(await load()).to.match(/^MASTER_KEY_FILE: ENOENT/);
    await writeFile(file, 'short');
    expect(await load()).to.match(/^MASTER_KEY_FILE .* must hold 32 bytes/);
  });

  it('is refused when the database belongs to another, and says what to do', async function () {
    this.timeout(60_000);
    const { deps } = await theServer();
    const refused = await assertMasterKey(deps.db.pool, key()).catch((error: Error) => error.message);
    expect(refused).to.match(/another master key.*MASTER_KEY/);
  });
});

describe('the signing keys', () => {
  it('sign once they were published for a day; in a new database the oldest does', () => {
    const now = new Date('2026-06-01T12:00:00Z');
    const aged = (days: number) => ({ kid: `${days}`, signsFrom: new Date(now.getTime() - (days - 1) * DAY) });
    expect(keyToSignWith([aged(0.5), aged(0.1)], now).kid).to.equal('0.5');
    expect(keyToSignWith([aged(90), aged(0.5)], now).kid).to.equal('90');
    expect(keyToSignWith([aged(90), aged(2)], now).kid).to.equal('2');
  });

  describe('of two processes', () => {
    let database: TestDatabase;
    const running: TestServer[] = [];
    before(async function () {
      this.timeout(60_000);
      database = await freshDatabase();
    });
    after(async () => {
      for (const server of running) await server.stop();
      await database.remove();
    });

    it('are the same, though both made them at the same moment', async function () {
      this.timeout(60_000);
      running.push(...(await Promise.all([1, 2].map(() => startServer(database.environment)))));
      const kids = running.map(({ deps }) => deps.keys.jwks().keys.map(({ kid }) => kid));
      expect(kids[0]).to.have.lengthOf(1);
      expect(kids[1]).to.deep.equal(kids[0]);
    });

    it('are found by the other when one makes a new one, and retire after their last token', async () => {
      const [{ deps }] = running as [TestServer];
      const clock = { days: 91 };
      const issuer = 'https://later.example';
      const later = await openSigningKeys({
        pool: deps.db.pool,
        masterKey: deps.masterKey,
        issuer,
        clock: () => new Date(Date.now() + clock.days * DAY),
      });
      const [old, young] = later.jwks().keys.map(({ kid }) => kid ?? '');
      expect(later.current().kid).to.equal(old);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await deps.keys.find(young ?? ''))?.kid).to.equal(young);
      expect(await deps.keys.isIssuer(issuer)).to.equal(true);
      clock.days = 92.5;
      expect(later.current().kid).to.equal(young);
      clock.days = 94;
      await later.refresh();
      expect(later.jwks().keys.map(({ kid }) => kid)).to.deep.equal([young]);
    });

    it('are made once, however many find at the same moment that one is due', async () => {
      const [{ deps }] = running as [TestServer];
      const clock = () => new Date(Date.now() + 500 * DAY);
      const settings = { pool: deps.db.pool, masterKey: deps.masterKey, issuer: deps.publicUrl, clock };
      await Promise.all([1, 2, 3, 4, 5].map(() => openSigningKeys(settings)));
      const { rows } = await deps.db.pool.query('select from signing_key where created_at > $1', [
        clock().toISOString().slice(0, 10),
      ]);
      expect(rows).to.have.lengthOf(1);
    });

    it('are in the database only sealed', async () => {
      const [{ deps }] = running as [TestServer];
      const { rows } = await deps.db.pool.query<{ sealed_private_key: Buffer }>(
        'select sealed_private_key from signing_key',
      );
      const { privateKey } = deps.keys.current();
      const secret = privateKey.export({ type: 'pkcs8', format: 'der' });
      for (const row of rows) expect(row.sealed_private_key.includes(secret.subarray(40, 60))).to.equal(false);
      expect(await readFile(join(deps.config.dataDir, 'master.key'), 'utf8')).to.have.lengthOf(45);
    });
  });
});
