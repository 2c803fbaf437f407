import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import { listSigningKeys, retireSigningKey, rotateSigningKey } from '../../src/access/keyRotation.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { aTenant, send, tokenOf, type Json, type TestTenant } from '../support/tenant.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('signing keys of two processes', function () {
  this.timeout(180_000);
  const time = { now: Date.now() };
  const clock = () => new Date(time.now);
  const servers: TestServer[] = [];
  let database: TestDatabase;
  let acme: TestTenant;

  before(async () => {
    database = await freshDatabase();
    for (let n = 0; n < 2; n += 1) servers.push(await startServer(database.environment, clock));
    acme = await aTenant({}, servers[0]);
  });
  after(async () => {
    for (const server of servers) await server.stop();
    await database.remove();
  });

  const settings = () => {
    const { db, masterKey } = acme.server.deps;
    return { pool: db.pool, masterKey, now: clock() };
  };
  const keysIn = async () =>
    (await listSigningKeys(acme.server.deps.db.pool, clock())).map(({ kid, state }) => ({ kid, state }));
  const statesIn = async () => (await keysIn()).map(({ state }) => state);
  const published = async ({ url }: TestServer): Promise<string[]> => {
    const { body } = await send(`${url}/.well-known/jwks.json`);
    return (body.keys as Json[]).map(({ kid }) => String(kid));
  };
  const statusAt = async ({ url }: TestServer, token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await send(`${url}/scim/v2/Users?count=0`, 'GET', undefined, headers)).status;
  };
  const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
  const refused = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message);

  interface Seen {
    firstPublished?: number;
    lastPublished?: number;
    firstUsed?: number;
    lastUsed?: number;
  }

  it('J10: rotate under load without one 401: published a day before use, kept longer than token and caches live', async () => {
    const STEP = 20 * MINUTE_MS;
    const seen = new Map<string, Seen>();
    const note = (kid: string, change: Seen) => {
      const known = seen.get(kid) ?? {};
      seen.set(kid, {
        ...change,
        ...known,
        ...(change.lastUsed ? { lastUsed: change.lastUsed } : {}),
        ...(change.lastPublished ? { lastPublished: change.lastPublished } : {}),
      });
    };
    // The last three are up to 40 minutes old.
    const held: string[][] = [];
    const answers = new Map<number, number>();
    time.now += HOUR_MS;
    await rotateSigningKey(settings(), false);
    const rounds = Math.ceil((2.2 * DAY_MS) / STEP);
    for (let round = 0; round < rounds; round += 1) {
      time.now += STEP;
      // Each process reads the keys once an hour here, 360 times too rarely, and not when the other does.
      for (const [n, server] of servers.entries()) if (round % 3 === n) await server.deps.keys.refresh();
      held.push(await Promise.all(servers.map(({ url }) => tokenOf(url, acme))));
      for (const token of held.at(-1) ?? []) note(kidOf(token), { firstUsed: time.now, lastUsed: time.now });
      for (const server of servers) {
        for (const kid of await published(server)) note(kid, { firstPublished: time.now, lastPublished: time.now });
      }
      const tokens = held.slice(-3).flat();
      const all = await Promise.all(servers.flatMap((server) => tokens.map((token) => statusAt(server, token))));
      for (const status of all) answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    expect([...answers.keys()]).to.deep.equal([200]);
    expect(answers.get(200)).to.be.above(1500);
    const [old, young] = [...seen.values()];
    expect(seen).to.have.property('size', 2);
    expect((young?.firstUsed ?? 0) - (young?.firstPublished ?? Infinity)).to.be.at.least(DAY_MS - 2 * STEP);
    expect((old?.lastPublished ?? 0) - (old?.lastUsed ?? Infinity)).to.be.at.least(HOUR_MS + 5 * MINUTE_MS);
    expect(old?.lastUsed).to.be.below(time.now - 22 * HOUR_MS);
    expect(await statesIn()).to.deep.equal(['ENDED', 'SIGNING']);
  });

  it('J10: wait for the next one instead of making many, and let it sign in ten minutes where that is asked for', async () => {
    const next = await rotateSigningKey(settings(), false);
    expect(next.state).to.equal('NEXT');
    expect(next.signsFrom.getTime() - time.now).to.equal(DAY_MS);
    expect(await refused(rotateSigningKey(settings(), false))).to.match(/is waiting already, and signs from/);
    const sooner = await rotateSigningKey(settings(), true);
    expect([sooner.kid, sooner.signsFrom.getTime() - time.now]).to.deep.equal([next.kid, 10 * MINUTE_MS]);
    expect(await refused(rotateSigningKey(settings(), true))).to.match(/is waiting already/);
    time.now += 11 * MINUTE_MS;
    // The other process has not heard of the new key, and finds it when a token names it.
    await servers[0]?.deps.keys.refresh();
    const token = await tokenOf(servers[0]?.url ?? '', acme);
    expect(kidOf(token)).to.equal(next.kid);
    for (const server of servers) expect(await statusAt(server, token)).to.equal(200);
    expect((await statesIn()).slice(1)).to.deep.equal(['VERIFYING', 'SIGNING']);
  });

  it('are retired only with their tokens, while there are good ones, and then by every process', async () => {
    const keys = await keysIn();
    const [, old, signing] = keys.map(({ kid }) => kid);
    const retire = (kid = '', endTokens = false) => retireSigningKey(settings(), kid, endTokens);
    expect(await refused(retire(old))).to.match(/may be good until .*--end-tokens/);
    expect(await refused(retire(signing))).to.match(/signs now. Rotate first.*--end-tokens/);
    expect(await refused(retire('nobody'))).to.match(/no signing key nobody/);
    const token = await tokenOf(servers[1]?.url ?? '', acme);
    const kid = kidOf(token);
    for (const server of servers) expect(await statusAt(server, token)).to.equal(200);
    for (const each of [old, signing]) expect((await retire(each, true)).state).to.equal('RETIRED');
    expect([old, signing]).to.include(kid);
    for (const server of servers) await server.deps.keys.refresh();
    for (const server of servers) {
      expect(await statusAt(server, token)).to.equal(401);
      expect(await published(server)).to.not.include(kid);
    }
    const fresh = await tokenOf(servers[0]?.url ?? '', acme);
    for (const server of servers) expect(await statusAt(server, fresh)).to.equal(200);
  });
});
