// The embedded database as processes meet it: first starts, shared use, every kind of sudden death, every kind of user.
import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { runAs, serverAccount } from '../../src/database/embeddedAccount.js';
import { packagedBinaries, usableBinaries } from '../../src/database/embeddedBinaries.js';
import { findHome } from '../../src/database/embeddedHome.js';
import {
  aFolder,
  anEstablishedFolder,
  anOrdinaryUser,
  aPackage,
  begin,
  children,
  cleanUp,
  expectOneRow,
  fail,
  forgetOriginal,
  home,
} from './embeddedSubject.js';
import { IS_ROOT, killIfThere, modeOf, postmastersOf, query, rejection, run, serversOf } from './embeddedSubject.js';
import { socketFolder, start, until, USER, withOneRow } from './embeddedSubject.js';

describe('the embedded database', function () {
  this.timeout(60_000);
  before(function () {
    // Processes are found by /proc.
    if (process.platform !== 'linux') this.skip();
  });
  afterEach(cleanUp);

  it('is a durable UTF-8 database behind a private socket and a password', async () => {
    const db = await start(aFolder());
    const [row] = await query(
      db.url,
      `select current_database() as name, current_setting('server_encoding') as encoding, datlocprovider as provider,
        datlocale as locale, current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
        current_setting('unix_socket_permissions') as permissions, current_setting('shared_buffers') as buffers,
        current_setting('max_connections') as connections, inet_server_addr() as address,
        (select string_agg(distinct auth_method, ',') from pg_hba_file_rules) as auth,
        (select count(*)::int from pg_collation where collname = 'und-x-icu') as collations
      from pg_database where datname = current_database()`,
    );
    expect(row).to.deep.equal({
      ...{ name: 'directory', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', fsync: 'on', addresses: '' },
      ...{ permissions: '0700', buffers: '128MB', connections: '200', address: null, auth: 'scram-sha-256' },
      collations: 1,
    });
    expect(modeOf(join(db.directory, 'password'))).to.equal(0o600);
    const socket = lstatSync(socketFolder(db.url));
    expect(socket.uid).to.equal(statSync(join(db.directory, 'cluster')).uid);
    expect(socket.mode & 0o777).to.equal(0o700);
    await rejection(query(db.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1'), 'password authentication failed');
    await db.stop();
    expect(serversOf(db.directory)).to.deep.equal([]);
  });

  it('keeps its data from one start to the next', async () => {
    const { data, db } = await withOneRow();
    await query(db.url, 'update kept set one = 2');
    await db.stop();
    const next = await start(data);
    expect(await query(next.url, 'select one from kept')).to.deep.equal([{ one: 2 }]);
    expect(next.url).to.equal(db.url);
    await next.stop();
  });

  it('takes a short private folder for the socket when the path is too long for one', async () => {
    const db = await start(join(aFolder(), 'long'.repeat(30)));
    const folder = socketFolder(db.url);
    expect(folder).to.match(IS_ROOT ? /^\/var\/lib\/speakup-directory\// : /speakup-\w{6}$/);
    expect(modeOf(folder)).to.equal(0o700);
    await query(db.url, 'select 1');
    await db.stop();
  });

  it('starts anew after a first start that was killed half-way', async () => {
    const data = aFolder();
    const child = begin(USER, data);
    const half = () => existsSync(home(data)) && readdirSync(home(data)).some((name) => name.startsWith('initdb-'));
    await until(half);
    await sleep(150);
    await child.kill();
    expect(existsSync(join(home(data), 'cluster'))).to.equal(false);
    const db = await start(data);
    await query(db.url, 'select 1');
    await db.stop();
    expect(readdirSync(home(data)).filter((name) => /initdb|password\./.test(name))).to.deep.equal([]);
  });

  it('outlives a killed process and its whole group, and is joined by the next', async () => {
    const data = await anEstablishedFolder();
    const child = await run(USER, data);
    const servers = serversOf(home(data));
    await child.kill();
    const db = await start(data);
    expect(db.url).to.equal(child.answer.url);
    // A second server would have complained about the first one's lock file.
    expect(readFileSync(join(db.directory, 'server.log'), 'utf8')).not.to.include('already exists');
    expect(db.messages).to.deep.equal([]);
    expect(postmastersOf(home(data))).to.have.length(1);
    expect(serversOf(home(data)))
      .to.include(postmastersOf(home(data))[0])
      .and.include.members(servers.slice(0, 1));
    await db.stop();
    await until(() => serversOf(home(data)).length === 0);
  });

  it('serves two processes that start it at the same moment with one server', async () => {
    const data = aFolder();
    const [one, two] = await Promise.all([run(USER, data), run(USER, data)]);
    expect(one.answer.url).to.equal(two.answer.url);
    expect(postmastersOf(home(data))).to.have.length(1);
    await Promise.all([one.stop(), two.stop()]);
    await until(() => serversOf(home(data)).length === 0);
  });

  it('is stopped by the last of its users, not by the one that started it', async () => {
    const data = await anEstablishedFolder();
    const starter = await run(USER, data);
    const db = await start(data);
    await starter.stop();
    await query(db.url, 'select 1');
    await db.stop();
    await db.stop();
    await until(() => serversOf(home(data)).length === 0);
  });

  it('writes nothing to standard output, and no warning anywhere', async () => {
    const child = await run(USER, await anEstablishedFolder());
    await child.stop();
    expect(child.output().trim().split('\n')).to.have.length(1);
    // What the launcher itself has to say goes there; it says this where another account cannot reach the project.
    const own = /^PostgreSQL's programs are used from a copy in .*$/m;
    expect(child.errors().replace(own, '').trim()).to.equal('');
  });

  it('recovers when all of PostgreSQL was killed', async () => {
    const { data, db } = await withOneRow();
    for (const pid of serversOf(home(data))) killIfThere(pid);
    await expectOneRow(data);
    await db.stop();
    await until(() => serversOf(home(data)).length === 0);
  });

  it('recovers when only the first process of PostgreSQL was killed, in the middle of a query', async () => {
    const { data, db } = await withOneRow();
    const client = new Client({ connectionString: db.url });
    client.on('error', () => 'expected: its server is killed');
    await client.connect();
    // Its process looks up only at the end of this: the next start meets it at work.
    const busy = client.query('select count(*) from generate_series(1, 5000000)').catch(() => 'expected');
    await sleep(50);
    for (const pid of postmastersOf(home(data))) process.kill(pid, 'SIGKILL');
    await expectOneRow(data);
    await busy;
    await db.stop();
    await until(() => serversOf(home(data)).length === 0);
  });

  it('starts although the process id of a killed server belongs to another program now', async () => {
    const { data, db } = await withOneRow();
    await db.stop();
    const cluster = join(home(data), 'cluster');
    const { uid, gid } = statSync(cluster);
    const other = spawn('sleep', ['60'], IS_ROOT ? { uid, gid } : {});
    children.push(other);
    const socket = socketFolder(db.url);
    writeFileSync(join(cluster, 'postmaster.pid'), `${other.pid}\n${cluster}\n1\n5432\n${socket}\n\n`);
    writeFileSync(join(socket, '.s.PGSQL.5432.lock'), `${other.pid}\n${cluster}\n1\n5432\n${socket}\n`);
    await expectOneRow(data);
    expect(other.exitCode).to.equal(null);
  });

  it('is another database in a copy of the data folder of a running one', async () => {
    const { data, db } = await withOneRow();
    const copy = aFolder();
    execFileSync('cp', ['-a', home(data), copy]);
    const other = await start(copy);
    await query(other.url, 'create table only_here ()');
    await rejection(query(db.url, 'select from only_here'), 'does not exist');
    await other.stop();
    await query(db.url, 'select 1');
    await db.stop();
    expect([...serversOf(home(data)), ...serversOf(home(copy))]).to.deep.equal([]);
  });

  it('shows the end of the server log when PostgreSQL does not start', async () => {
    const data = await anEstablishedFolder();
    appendFileSync(join(home(data), 'cluster', 'postgresql.conf'), 'no_such_setting = 1\n');
    await rejection(start(data), 'no_such_setting');
    await until(() => serversOf(home(data)).length === 0);
  });

  it('says to set DATABASE_URL on a platform without binaries', () => {
    expect(() => packagedBinaries('sunos', 'x64')).to.throw('set DATABASE_URL');
  });

  it('restores the library links that an installation without scripts leaves out, two at a time', async () => {
    const packaged = aPackage();
    const place = await findHome(aFolder(), () => undefined);
    const found = await Promise.all([usableBinaries(place, fail, packaged), usableBinaries(place, fail, packaged)]);
    expect(found).to.deep.equal([packaged, packaged]);
    expect(readlinkSync(join(packaged, 'lib', 'libpq.so.5'))).to.equal('libpq.so.5.18');
    expect(readdirSync(join(packaged, 'lib')).filter((name) => /\.[0-9a-f]{12}$/.test(name))).to.deep.equal([]);
  });
});

describe('the embedded database of root', function () {
  this.timeout(60_000);
  before(function () {
    if (process.platform !== 'linux' || !IS_ROOT) this.skip();
  });
  afterEach(cleanUp);
  after(forgetOriginal);

  it('runs as another user, who cannot change the locks or read the password', async () => {
    const { db } = await withOneRow();
    const account = await serverAccount([]);
    expect(statSync(join(db.directory, 'cluster')).uid).to.equal(account.uid);
    expect(statSync(db.directory).uid).to.equal(0);
    expect((await runAs(account, '/bin/cat', [join(db.directory, 'password')])).code).not.to.equal(0);
    await db.stop();
  });

  it('is kept under /var/lib when PostgreSQL cannot reach the data folder, and found there for ever', async () => {
    const data = aFolder(0o700);
    const first = await start(data);
    expect(first.directory).to.match(/^\/var\/lib\/speakup-directory\/[0-9a-f]{16}$/);
    expect(first.messages[0]).to.include(`could not reach ${data}`).and.include(first.directory);
    await query(first.url, 'create table kept ()');
    await first.stop();
    chmodSync(data, 0o755);
    const second = await start(data);
    await query(second.url, 'select from kept');
    await second.stop();
  });

  it('refuses rather than begin an empty database when the way to the old one is closed', async () => {
    const data = await anEstablishedFolder();
    chmodSync(data, 0o700);
    await rejection(start(data), 'cannot reach the database');
  });

  it('stays the database of the user who owns the data folder', async function () {
    const user = await anOrdinaryUser();
    const data = aFolder();
    chownSync(data, user.uid, user.gid);
    const db = await start(data);
    await query(db.url, 'create table kept ()');
    const child = await run(USER, data, user);
    await query(child.answer.url, 'select from kept');
    await db.stop();
    await child.stop();
    await until(() => serversOf(home(data)).length === 0);
    await (await run(USER, data, user)).stop();
  });

  it('works as an ordinary user, under a path too long for a socket too', async function () {
    const user = await anOrdinaryUser();
    const data = aFolder();
    chownSync(data, user.uid, user.gid);
    const child = await run(USER, join(data, 'long'.repeat(30)), user);
    expect(statSync(join(child.answer.directory, 'cluster')).uid).to.equal(user.uid);
    const folder = socketFolder(child.answer.url);
    expect(lstatSync(folder).uid).to.equal(user.uid);
    expect(modeOf(folder)).to.equal(0o700);
    await child.stop();
    expect(existsSync(folder)).to.equal(false);
    expect(serversOf(child.answer.directory)).to.deep.equal([]);
  });

  it('copies the binaries when PostgreSQL cannot reach them', async () => {
    const packaged = aPackage();
    chmodSync(join(packaged, '..'), 0o700);
    const place = await findHome(aFolder(), () => undefined);
    const messages: string[] = [];
    const found = await usableBinaries(place, (message) => messages.push(message), packaged);
    expect(dirname(found)).to.equal(place.directory);
    expect(messages.join()).to.include('cannot run them there');
    expect(await usableBinaries(place, () => undefined, packaged)).to.equal(found);
    const { code } = await runAs(place.account, join(found, 'bin', 'initdb'), ['--version']);
    expect(code).to.equal(0);
  });

  it('copies the binaries when their links are missing in a folder that cannot be written to', async function () {
    const user = await anOrdinaryUser();
    const packaged = aPackage();
    const data = aFolder();
    chownSync(data, user.uid, user.gid);
    const script = `import { usableBinaries } from './src/database/embeddedBinaries.ts';
      import { findHome } from './src/database/embeddedHome.ts';
      const home = await findHome(process.argv[1], () => undefined);
      console.log(JSON.stringify({ url: await usableBinaries(home, () => undefined, '${packaged}') }));
      process.stdin.resume();`;
    const child = await run(script, data, user);
    expect(dirname(child.answer.url)).to.equal(join(data, 'postgres'));
    await child.kill();
  });
});
