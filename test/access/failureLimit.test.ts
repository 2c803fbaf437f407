import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { createFailureLimit, forgetFailures } from '../../src/access/failureLimit.js';
import { withOwnerUrl } from '../support/owner.js';
import { startServer, theDatabase, type TestServer } from '../support/server.js';
import { aTenant, type TestTenant } from '../support/tenant.js';
import { askFrom, grantOf, lasting, type TokenAnswer } from './asking.js';

const PER_MINUTE = 5;
const silent = () => undefined;

/** Lends the owner's connection: counters belong to no tenant. */
const asOwner = <T>(work: (owner: Client) => Promise<T>): Promise<T> =>
  withOwnerUrl(async (url) => {
    const owner = new Client(url);
    await owner.connect();
    try {
      return await work(owner);
    } finally {
      await owner.end();
    }
  });

describe('failed token requests', function () {
  this.timeout(60_000);
  const running: TestServer[] = [];
  let acme: TestTenant;
  /** An address of this machine that nobody has failed from yet. */
  const fresh = (
    (n) => () =>
      `127.1.${(n += 1)}.1`
  )(0);

  before(async () => {
    const { environment } = await theDatabase();
    for (let n = 0; n < 2; n += 1)
      running.push(await startServer({ ...environment, TOKEN_FAILURES: String(PER_MINUTE) }));
    acme = await aTenant({}, running[0]);
  });
  after(async () => {
    for (const server of running) await server.stop();
  });

  const [first, second] = [() => running[0]?.url ?? '', () => running[1]?.url ?? ''];
  const fail = (clientId: string, from: string, url = first()): Promise<TokenAnswer> =>
    askFrom(from, url, grantOf({ clientId, clientSecret: 'wrong' }));
  const statuses = async (times: number, ask: (n: number) => Promise<TokenAnswer>): Promise<number[]> => {
    const all: number[] = [];
    for (let n = 0; n < times; n += 1) all.push((await ask(n)).status);
    return all;
  };
  const refusedTimes = (n: number) => Array<number>(n).fill(401);

  it('T4: are 429 after five in a minute for one client id, counted in all processes together', async () => {
    const { clientId } = await acme.integration();
    const from = fresh();
    expect(await statuses(3, () => fail(clientId, from))).to.deep.equal(refusedTimes(3));
    expect(await statuses(2, () => fail(clientId, from, second()))).to.deep.equal(refusedTimes(2));
    for (const url of [first(), second()]) {
      const { status, headers, body } = await fail(clientId, from, url);
      expect([status, body.error]).to.deep.equal([429, 'invalid_client']);
      expect(headers['retry-after']).to.match(/^[1-9]\d*$/);
      expect(Number(headers['retry-after'])).to.be.at.most(60);
      expect(headers['cache-control']).to.equal('no-store');
      expect(body.error_description).to.match(
        /Copy both again, without spaces before or after: the right ones work at once/,
      );
    }
  });

  it('T4: of others never keep the right secret out, neither from another address nor from the same one', async () => {
    const credentials = await acme.integration();
    const from = fresh();
    await statuses(PER_MINUTE, () => fail(credentials.clientId, from));
    expect((await fail(credentials.clientId, from)).status).to.equal(429);
    for (const [address, url] of [
      [fresh(), first()],
      [from, first()],
      [from, second()],
    ] as const) {
      expect((await askFrom(address, url, grantOf(credentials))).status).to.equal(200);
    }
    // Success neither clears nor counts.
    for (const url of [first(), second()]) expect((await fail(credentials.clientId, from, url)).status).to.equal(429);
    const [busy, elsewhere] = [await acme.integration(), fresh()];
    const succeeded = await statuses(PER_MINUTE + 1, () => askFrom(elsewhere, first(), grantOf(busy)));
    expect(new Set(succeeded)).to.deep.equal(new Set([200]));
    expect((await fail(busy.clientId, elsewhere)).status).to.equal(401);
  });

  it('T3: T4: are limited for unknown client ids exactly as for known ones', async () => {
    const known = await acme.integration();
    const answers = await Promise.all(
      [known.clientId, randomUUID()].map(async (clientId) => {
        const from = fresh();
        const counted = await statuses(PER_MINUTE, () => fail(clientId, from));
        const answer = await fail(clientId, from);
        expect(answer.status).to.equal(429);
        const { error } = answer.body as { error: string };
        return { counted, ...lasting({ ...answer, body: error }) };
      }),
    );
    expect(answers[0]).to.deep.equal(answers[1]);
  });

  it('T4: are 429 after fifty from one address, whatever the client id, and not yet from the next address', async () => {
    const from = fresh();
    const all = await statuses(10 * PER_MINUTE, () => fail(randomUUID(), from));
    expect(all).to.deep.equal(refusedTimes(10 * PER_MINUTE));
    expect((await fail(randomUUID(), from)).status).to.equal(429);
    expect((await askFrom(from, first(), 'grant_type=client_credentials')).status).to.equal(429);
    expect((await fail(randomUUID(), fresh())).status).to.equal(401);
  });

  it('T4: ask for a pause that doubles each time, up to a quarter of an hour', async () => {
    const told: number[] = [];
    const { pool } = acme.server.deps.db;
    const onBlock = (_: unknown, __: unknown, seconds: number) => void told.push(seconds);
    const limit = createFailureLimit({ pool, perMinute: 1, windowSeconds: 1, onBlock });
    const [id, waits] = [randomUUID(), [] as (number | undefined)[]];
    for (let n = 0; n < 3; n += 1) {
      expect(await limit.count(id, fresh())).to.equal(undefined);
      const wait = await limit.count(id, fresh());
      waits.push(wait);
      expect(await limit.count(id, fresh())).to.be.within(1, wait ?? 0);
      if (n < 2) await sleep((wait ?? 0) * 1000 + 20);
    }
    expect(waits).to.deep.equal([1, 2, 4]);
    expect(told).to.deep.equal([1, 2, 4]);
    const hasty = createFailureLimit({ pool, perMinute: 1, windowSeconds: 3600, onBlock: silent });
    const other = randomUUID();
    await hasty.count(other, fresh());
    expect(await hasty.count(other, fresh())).to.equal(15 * 60);
  });

  it('T4: are kept without client id and address, in few rows, and only as long as they count', async () => {
    const { db } = acme.server.deps;
    const clientId = randomUUID();
    await fail(clientId, fresh());
    await asOwner(async (owner) => {
      const { rows } = await owner.query<{ key: string }>('select key from token_failure');
      expect(rows).to.not.deep.equal([]);
      for (const { key } of rows) expect(key).to.match(/^(client|address|streak:client|streak:address):[0-9a-f]{5}$/);
      await owner.query('update token_failure set expire = 1');
      await forgetFailures(db);
      expect((await owner.query('select from token_failure')).rowCount).to.equal(0);
      await fail(clientId, fresh());
      await forgetFailures(db);
      expect((await owner.query('select from token_failure')).rowCount).to.equal(2);
    });
  });

  it('T4: are counted by each process for itself while the database cannot, and right secrets go on working', async () => {
    const credentials = await acme.integration();
    const from = fresh();
    await asOwner(async (owner) => {
      await owner.query('alter table token_failure rename to token_failure_away');
      try {
        expect(await statuses(PER_MINUTE, () => fail(credentials.clientId, from))).to.deep.equal(
          refusedTimes(PER_MINUTE),
        );
        expect((await fail(credentials.clientId, from)).status).to.equal(429);
        expect((await askFrom(from, first(), grantOf(credentials))).status).to.equal(200);
      } finally {
        await owner.query('alter table token_failure_away rename to token_failure');
      }
    });
    const nowhere = new Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 });
    const limit = createFailureLimit({ pool: nowhere, perMinute: 1, onBlock: silent });
    const id = randomUUID();
    expect([await limit.count(id, from), await limit.count(id, from)]).to.deep.equal([undefined, 60]);
  });

  it('T4: cost the others nothing: a token takes the same one statement as ever', async () => {
    const { pool } = acme.server.deps.db;
    const sent: string[] = [];
    const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
    pool.query = ((...args: unknown[]) => {
      sent.push(JSON.stringify(args[0]));
      return query(...args);
    }) as typeof pool.query;
    try {
      expect((await askFrom(fresh(), first(), grantOf(acme))).status).to.equal(200);
    } finally {
      Reflect.deleteProperty(pool, 'query');
    }
    const aboutTokens = sent.filter((text) => !/seal_changes|note_integration_activity/.test(text));
    expect(aboutTokens).to.have.lengthOf(1);
    expect(aboutTokens[0]).to.match(/integration_by_client/);
  });
});
