// Two tenants on two connections, with statements that fail in the middle of a transaction and connections that are lost:
// whoever gets a connection after another tenant's failure sees only what is theirs.
import { expect } from 'chai';
import pg from 'pg';
import { random } from '../fuzz/random.js';
import { aGroup, aUser, ENTERPRISE_USER, patchOf, unique } from '../support/builders.js';
import { DEEP, runsOf, SEED } from '../support/property.js';
import { startServer, theDatabase, theServer, type TestServer } from '../support/server.js';
import { type Answer, aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { rewriting } from './forgotten.js';

/** An answer that had begun when its statement failed: the members of a group are streamed. */
function brokenOff(error: unknown): Answer<Json> {
  if (!(error instanceof TypeError)) throw error;
  return { status: 0, headers: new Headers(), body: undefined };
}

interface Side {
  readonly tenant: TestTenant;
  readonly mark: string;
  readonly people: readonly string[];
  readonly group: string;
}

const AT_ONCE = 8;
/** One in twenty requests fails; a request sends about three statements that can. */
const FAILS_ONCE_IN = 50;

describe(`two tenants on two connections (seed ${SEED})`, function () {
  this.timeout(DEEP ? 1_800_000 : 120_000);
  let server: TestServer;
  let sides: readonly [Side, Side];
  before(async () => {
    await theServer();
    server = await startServer({ ...(await theDatabase()).environment, POOL_SIZE: '2' });
    sides = [await settle('aaa'), await settle('zzz')];
  });
  after(() => server.stop());

  const settle = async (letters: string): Promise<Side> => {
    const mark = `${letters}${unique()}`;
    const tenant = await aTenant({}, server);
    const made = async (path: string, body: object): Promise<string> => {
      const answer = await tenant.scim('POST', path, body);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
      return String(answer.body.id);
    };
    const people: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const given = { userName: `${mark}.${n}@fabriek.example`, title: mark, [ENTERPRISE_USER]: { department: mark } };
      people.push(await made('/Users', aUser(given)));
    }
    const members = people.map((value) => ({ value }));
    return { tenant, mark, people, group: await made('/Groups', aGroup({ displayName: mark, members })) };
  };

  const asks: readonly ((side: Side, n: number) => Promise<Answer<Json>>)[] = [
    ({ tenant }) => tenant.scim('GET', '/Users'),
    ({ tenant, people }, n) => tenant.scim('GET', `/Users/${people[n % 3]}`),
    ({ tenant, mark }) =>
      tenant.scim('GET', `/Users?filter=${encodeURIComponent(`userName eq "${mark}.1@fabriek.example"`)}`),
    ({ tenant, group }) => tenant.scim('GET', `/Groups/${group}`),
    ({ tenant, people, mark }, n) =>
      tenant.scim(
        'PATCH',
        `/Users/${people[n % 3]}`,
        patchOf({ op: 'replace', path: 'nickName', value: `${mark} ${n}` }),
      ),
    ({ tenant, group, people }, n) =>
      tenant.scim(
        'PATCH',
        `/Groups/${group}?attributes=members`,
        patchOf({ op: n % 2 ? 'add' : 'remove', path: 'members', value: [{ value: people[n % 3] }] }),
      ),
    ({ tenant, mark }) => tenant.scim('POST', '/Users', aUser({ userName: `${mark}.0@fabriek.example` })),
    ({ tenant }) =>
      tenant.graphql(
        '{ users { nodes { userName title groups { nodes { displayName } } } } groups { nodes { displayName } } }',
      ),
    ({ tenant }) =>
      tenant.graphql(
        '{ history(first: 5) { nodes { resourceId attributes { after } } } appIntegrations { clientId } }',
      ),
  ];

  it('I11: show each its own, and nothing of the other, though one request in twenty fails', async () => {
    const requests = runsOf({ usual: 1200, deep: 10_000 });
    const chance = random(SEED);
    const counts: Record<string, number> = {};
    let failed = 0;
    let broken = 0;
    const sabotage = (text: string) => {
      if (!/directory_user|directory_group|membership|change_record|user_by/.test(text) || !chance.once(FAILS_ONCE_IN))
        return text;
      failed += 1;
      return 'select 1 / 0 as sabotaged';
    };
    let at = 0;
    const worker = async () => {
      while (at < requests) {
        const n = at++;
        const side = sides[n % 2 ? 1 : 0];
        const other = sides[n % 2 ? 0 : 1];
        const { status, body } = await chance.pick(asks)(side, n).catch(brokenOff);
        counts[status] = (counts[status] ?? 0) + 1;
        const text = JSON.stringify(body ?? '');
        if (status === 0 || status >= 500 || /"errors"/.test(text)) broken += 1;
        for (const foreign of [other.mark, ...other.people, other.group, other.tenant.clientId])
          expect(text).to.not.include(foreign);
        if (status >= 200 && status < 300 && !/"errors"/.test(text) && status !== 204)
          expect(text).to.match(new RegExp([side.mark, ...side.people, side.group].join('|')));
        if (chance.once(200)) await loseOne();
      }
    };
    await rewriting(sabotage, () => Promise.all(Array.from({ length: AT_ONCE }, worker)));
    expect(failed / requests, JSON.stringify(counts)).to.be.within(0.02, 0.2);
    expect(counts[200]).to.be.above(requests / 2);
    // A failure breaks the request it happened in, and nothing of what comes after it on the same connection.
    expect(broken, JSON.stringify(counts)).to.be.within(1, failed);
  });

  /** Ends a connection of the pool from outside, as a database that restarts does. */
  const loseOne = async (): Promise<void> => {
    const client = await server.deps.db.pool.connect().catch(() => undefined);
    client?.release(new Error('lost'));
  };

  it('I11: give back both connections as they were', async () => {
    const { pool } = server.deps.db;
    expect(pool.totalCount).to.be.at.most(2);
    for (let n = 0; n < 4; n += 1) {
      const { rows } = await pool.query<{ tenant: string | null; rows: string }>(
        `select current_setting('app.tenant', true) as tenant, (select count(*) from directory_user) as rows`,
      );
      expect([rows[0]?.tenant ?? '', rows[0]?.rows]).to.deep.equal(['', '0']);
    }
    expect(pool).to.be.instanceOf(pg.Pool);
  });
});
