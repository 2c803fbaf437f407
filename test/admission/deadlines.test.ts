import { expect } from 'chai';
import { EventEmitter, once } from 'node:events';
import { createServer as createHttpServer, get, type ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'pg-connection-string';
import { type InFlight } from '../../src/admission/inFlight.js';
import { createRequestsInFlight, LIMITS } from '../../src/admission/requestsInFlight.js';
import { openDatabase } from '../../src/database/open.js';
import { readIn, requestContext, writeIn, type ReadScope } from '../../src/directory/scope.js';
import { readWalledIn, writeWalledIn } from '../../src/directory/walledStatement.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { Refusal } from '../../src/refusal.js';
import { withOwnerIn, withOwnerUrl } from '../support/owner.js';
import { startServer, theDatabase, theServer, type TestServer } from '../support/server.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { holdingGroup, renaming, withGroup } from './crowd.js';

/** One connection: whoever comes next gets the one that was freed. */
const POOL_SIZE = '1';
const WHERE = { text: "select pg_backend_pid() as pid, current_setting('app.tenant') as tenant" };
const SLEEP = { text: 'select pg_sleep(20)' };

/** A request that may take so long; `leaves` is its caller going away. */
function brief(ms = 300) {
  const response = Object.assign(new EventEmitter(), { writableFinished: false });
  const limit = { ms, refusal: () => new Refusal('unavailable', 'too late') };
  const inFlight = createRequestsInFlight().begin(limit, response as unknown as ServerResponse);
  return { context: { ...requestContext(), inFlight }, leaves: () => response.emit('close') };
}

describe('a request whose caller left while it was being looked at who asks', () => {
  it('is not kept, and is over', async () => {
    const requests = createRequestsInFlight();
    const begun = Promise.withResolvers<InFlight>();
    const server = createHttpServer((_, response) => {
      response.once('close', () => begun.resolve(requests.begin(LIMITS.scim, response)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const caller = get({ port: (server.address() as AddressInfo).port }).on('error', () => undefined);
    await once(server, 'request');
    expect(requests.count()).to.equal(0);
    caller.destroy();
    expect((await begun.promise).over?.message).to.match(/has gone/);
    expect(requests.count()).to.equal(0);
    expect(requests.figures.left).to.equal(1);
    server.close();
  });
});

describe('a request whose time is up', () => {
  let server: TestServer;
  before(async () => {
    await theServer();
    server = await startServer({ ...(await theDatabase()).environment, POOL_SIZE });
  });
  after(() => server.stop());

  const actorOf = ({ tenant }: TestTenant) => systemActor(tenant.id, tenant.slug);
  const where = (tenant: TestTenant) =>
    readIn(server.deps.db, actorOf(tenant), requestContext(), async ({ send }) => (await send(WHERE, []))[0]);
  const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error as Error);

  it('is stopped in the database, and the next on its connection is alone there, and in its own tenant', async () => {
    const [one, other] = [await aTenant({}, server), await aTenant({}, server)];
    const pid = (await where(one))?.pid;
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now();
      const slow = readIn(server.deps.db, actorOf(one), brief().context, ({ send }) => send(SLEEP, []));
      const next = where(other);
      expect((await failure(slow))?.message).to.equal('too late');
      expect(await next).to.deep.equal({ pid, tenant: other.tenant.id });
      expect(performance.now() - start).to.be.below(5000);
    }
  });

  it('changes nothing, whichever statement it was at', async () => {
    const { tenant, group } = await withGroup(server);
    const rename = { text: "update directory_group set display_name = 'Half' where tenant_id = $1 and id = $2" };
    const changing = writeIn(server.deps.db, actorOf(tenant), brief().context, async ({ send }) => {
      await send(rename, [tenant.tenant.id, group]);
      await send(SLEEP, []);
      return () => undefined;
    });
    expect((await failure(changing))?.message).to.equal('too late');
    expect((await tenant.scim('GET', `/Groups/${group}`)).body.displayName).to.equal('Held');
  });

  it('is stopped too where it is one statement without a transaction, and frees its connection', async () => {
    const tenant = await aTenant({}, server);
    const statement = { name: 'sleep_20', text: 'select pg_sleep(20)' };
    for (const sent of [readWalledIn, writeWalledIn]) {
      const start = performance.now();
      const late = failure(sent(server.deps.db, actorOf(tenant), brief().context, statement, []));
      const next = where(tenant);
      expect((await late)?.message).to.equal('too late');
      expect((await next)?.tenant).to.equal(tenant.tenant.id);
      expect(performance.now() - start).to.be.below(5000);
    }
  });

  it('leaves its connection alone once its transaction has ended, whoever still asks', async () => {
    const tenant = await aTenant({}, server);
    const { db } = server.deps;
    const left: { scope?: ReadScope } = {};
    const keeping = (scope: ReadScope) => Promise.resolve(void (left.scope = scope));
    await readIn(db, actorOf(tenant), requestContext(), keeping);
    const isLate = /after the end of its transaction/;
    expect((await failure(left.scope?.send(WHERE, []) ?? where(tenant)))?.message).to.match(isLate);
    const failing = readIn(db, actorOf(tenant), requestContext(), (scope) => {
      left.scope = scope;
      return Promise.reject(new Error('no'));
    });
    const late = failing.catch(() => left.scope?.send(WHERE, []));
    expect((await failure(late))?.message).to.match(isLate);
  });

  it('sends no further statement', async () => {
    const tenant = await aTenant({}, server);
    const idle = readIn(server.deps.db, actorOf(tenant), brief().context, async ({ send }) => {
      await send(WHERE, []);
      await sleep(800);
      return send(WHERE, []);
    });
    expect((await failure(idle))?.message).to.equal('too late');
  });

  it('ends at once when its caller goes, if it reads; a change goes on', async () => {
    const { tenant, group } = await withGroup(server);
    const start = performance.now();
    const reads = brief();
    const reading = readIn(server.deps.db, actorOf(tenant), reads.context, ({ send }) => send(SLEEP, []));
    await sleep(100);
    reads.leaves();
    expect((await failure(reading))?.message).to.equal('The caller has gone.');
    expect(performance.now() - start).to.be.below(5000);
    const writes = brief();
    await writeIn(server.deps.db, actorOf(tenant), writes.context, async ({ send }: ReadScope) => {
      writes.leaves();
      const rename = "update directory_group set display_name = 'Whole' where tenant_id = $1 and id = $2";
      await send({ text: rename }, [tenant.tenant.id, group]);
      return () => undefined;
    });
    expect((await tenant.scim('GET', `/Groups/${group}`)).body.displayName).to.equal('Whole');
  });

  it('has no more time because its caller has gone', async () => {
    const tenant = await aTenant({}, server);
    const start = performance.now();
    const writes = brief();
    const changing = writeIn(server.deps.db, actorOf(tenant), writes.context, async ({ send }: ReadScope) => {
      writes.leaves();
      await send(SLEEP, []);
      return () => undefined;
    });
    expect((await failure(changing))?.message).to.equal('too late');
    expect(performance.now() - start).to.be.below(5000);
  });
});

describe('a cancelling that comes late', () => {
  it('hits nobody else: the connection is lent again once it has landed', async () => {
    const tenant = await aTenant();
    await withOwnerUrl(async (url) => {
      const proxy = await lateProxy(url);
      const db = await openDatabase({ url: proxy.url, poolSize: 1 });
      try {
        const actor = systemActor(tenant.tenant.id, tenant.tenant.slug);
        await readIn(db, actor, requestContext(), ({ send }) => send({ text: 'select' }, []));
        proxy.isLate = true;
        // Looked at after 500 ms: the statement ends by itself while the cancelling is on its way.
        const slow = readIn(db, actor, brief(300).context, ({ send }) => send({ text: 'select pg_sleep(0.8)' }, []));
        const next = readIn(db, actor, requestContext(), ({ send }) => send({ text: 'select pg_sleep(1.5)' }, []));
        expect(await slow.then(() => 'done').catch((error: unknown) => String(error))).to.match(/too late/);
        expect(await next).to.have.lengthOf(1);
      } finally {
        await db.close();
        proxy.close();
      }
    });
  });
});

/** A way to the database on which what connects late is heard even later. */
async function lateProxy(url: string) {
  const { host = '', port, user, password, database } = parse(url);
  const target = host?.startsWith('/')
    ? { path: `${host}/.s.PGSQL.${port}` }
    : { host: host ?? '', port: Number(port) };
  const proxy = { isLate: false, url: '', close: () => undefined as void };
  const server = createServer((socket) => {
    const onward = connect(target);
    const wait = proxy.isLate ? 700 : 0;
    socket.on('data', (bytes) => void (wait ? setTimeout(() => onward.write(bytes), wait) : onward.write(bytes)));
    onward.on('data', (bytes) => void socket.write(bytes)).on('close', () => socket.destroy());
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy()).on('error', () => onward.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = (server.address() as AddressInfo).port;
  proxy.url = `postgresql://${user}:${String(password)}@127.0.0.1:${at}/${database}?sslmode=disable`;
  proxy.close = () => void server.close();
  return proxy;
}

describe('a caller who goes away', () => {
  const busyWith = (tenant: TestTenant, text: string) =>
    withOwnerIn(tenant.tenant.id, async (owner) => {
      const { rows } = await owner.query<{ count: number }>(
        `select count(*)::int from pg_stat_activity
         where application_name = 'speakup-directory' and wait_event_type = 'Lock' and query like $1`,
        [`%${text}%`],
      );
      return rows[0]?.count ?? 0;
    });
  const until = async (isSo: () => Promise<boolean>) => {
    for (let tries = 0; tries < 40; tries += 1) {
      if (await isSo()) return true;
      await sleep(100);
    }
    return false;
  };
  const ask = (tenant: TestTenant, method: string, path: string, signal: AbortSignal, body?: unknown) =>
    fetch(`${tenant.server.url}/scim/v2${path}`, {
      method,
      signal,
      headers: { Authorization: `Bearer ${tenant.token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => undefined);

  it('leaves no read behind in the database', async () => {
    const tenant = await aTenant();
    await withOwnerIn(tenant.tenant.id, async (owner) => {
      await owner.query('begin; lock table directory_group in access exclusive mode');
      try {
        const caller = new AbortController();
        void ask(tenant, 'GET', '/Groups', caller.signal);
        expect(await until(async () => (await busyWith(tenant, 'directory_group')) > 0)).to.equal(true);
        caller.abort();
        const start = performance.now();
        expect(await until(async () => (await busyWith(tenant, 'directory_group')) === 0)).to.equal(true);
        expect(performance.now() - start).to.be.below(3000);
      } finally {
        await owner.query('rollback');
      }
    });
  });

  it('has the change made that was begun', async () => {
    const { tenant, group } = await withGroup(await theServer());
    await holdingGroup(tenant, group, async () => {
      const caller = new AbortController();
      void ask(tenant, ...renamingOf(group, caller.signal));
      expect(await until(async () => (await busyWith(tenant, 'directory_group')) > 0)).to.equal(true);
      caller.abort();
      await sleep(300);
    });
    const renamed = async () => (await tenant.scim('GET', `/Groups/${group}`)).body.displayName === 'Renamed 7';
    expect(await until(renamed)).to.equal(true);
  });

  const renamingOf = (group: string, signal: AbortSignal) => {
    const [method, path, body] = renaming(group, 7);
    return [method, path, signal, body] as const;
  };
});
