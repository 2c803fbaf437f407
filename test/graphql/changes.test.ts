import { expect } from 'chai';
import { Pool, type PoolClient } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Role } from '../../src/directory/actor.js';
import { recordChange } from '../../src/directory/history/history.js';
import { sealChanges } from '../../src/directory/history/sealer.js';
import { readIn, requestContext, writeIn } from '../../src/directory/scope.js';
import { systemActor } from '../../src/directory/unitOfWork.js';
import { withOwnerIn, withOwnerUrl } from '../support/owner.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, each, person } from './asking.js';
import { type Feed, race } from './race.js';

const CHANGES = `query ($after: String, $first: Int) { changes(after: $after, first: $first) { cursor hasMore nodes {
  id kind resourceType resourceId actor { name } attributes { attribute after } } } }`;

const ask = async (tenant: TestTenant, after?: string, first?: number): Promise<Json> =>
  (await data(tenant, CHANGES, { after, first })).changes;

/** Everything that is sealed so far, and the cursor after it. */
async function read(tenant: TestTenant, after?: string): Promise<{ nodes: Json[]; cursor: string }> {
  const nodes: Json[] = [];
  for (let cursor = after; ;) {
    const page = await ask(tenant, cursor, 500);
    nodes.push(...(page.nodes as Json[]));
    cursor = page.cursor as string;
    if (page.hasMore !== true) return { nodes, cursor };
  }
}

const seal = ({ server }: TestTenant) => sealChanges(server.deps.db);

/** Seals, also where the service is at it in this moment. */
async function sealed(tenant: TestTenant): Promise<void> {
  for (let n = 0; n < 200 && (await seal(tenant)) === undefined; n += 1) await sleep(5);
}

const rows = ({ server, tenant }: TestTenant, text: string): Promise<Json[]> =>
  readIn(server.deps.db, systemActor(tenant.id, tenant.slug), requestContext(), (scope) =>
    scope.send({ text }, [tenant.id]),
  );

/** Writes history as the service does; each record is about one of the ids. */
function writesTo({ server, tenant }: TestTenant): Feed['write'] {
  return async (ids, pause) => {
    await writeIn(server.deps.db, systemActor(tenant.id, tenant.slug), requestContext(), async (scope) => {
      for (const resourceId of ids) {
        recordChange(scope, { kind: 'CHANGED', resourceType: 'User', resourceId, changes: {} });
      }
      await scope.send({ text: 'select 1' }, []);
      await pause();
      return () => undefined;
    });
  };
}

describe('the feed of changes', function () {
  this.timeout(90_000);

  it('tells every committed change once and in order, while 8 write, 2 seal and one follows', async () => {
    const tenant = await aTenant();
    const after = { cursor: (await (await sealed(tenant), read(tenant))).cursor };
    const sealing = { on: true };
    const sealers = Promise.all(
      [1, 2].map(async () => {
        while (sealing.on) {
          await seal(tenant);
          await sleep(1);
        }
      }),
    );
    const follow = async () => {
      const { nodes, cursor } = await ask(tenant, after.cursor, 20);
      after.cursor = cursor as string;
      return each(nodes, 'resourceId');
    };
    const raced = await race({ write: writesTo(tenant), read: follow }, 20).finally(async () => {
      sealing.on = false;
      await sealers;
    });
    expect(raced.committed.length).to.be.above(500);
    expect(raced.rolledBack).not.to.be.empty;
    expect([...raced.followed].sort()).to.deep.equal([...raced.committed].sort());
    const placed = await rows(
      tenant,
      `select p.position::int, r.resource_id as id from change_position p
       join change_record r on r.tenant_id = p.tenant_id and r.id = p.record_id
       where p.tenant_id = $1 and r.resource_type = 'User' order by p.position`,
    );
    expect(each(placed, 'id')).to.deep.equal(raced.followed);
    const first = Number(placed[0].position);
    expect(each<number>(placed, 'position')).to.deep.equal(placed.map((_, n) => first + n));
  });

  it('is told apart from one that numbers changes as they are written: that one has gaps', async () => {
    const raced = await withOwnerUrl(async (url) => {
      const pool = new Pool({ connectionString: url, max: 10 });
      try {
        await pool.query('create table numbered_at_once (n bigserial primary key, id uuid not null)');
        return await race(numberedAtOnce(pool), 20);
      } finally {
        await pool.query('drop table if exists numbered_at_once');
        await pool.end();
      }
    });
    const missed = raced.committed.filter((id) => !raced.followed.includes(id));
    expect(missed).not.to.be.empty;
  });

  it('passes a transaction that stays open, and tells it when it ends', async () => {
    const tenant = await aTenant();
    await sealed(tenant);
    const { cursor } = await read(tenant);
    const open = Promise.withResolvers<void>();
    const slow = writesTo(tenant)(['00000000-0000-7000-8000-00000000000a'], () => open.promise);
    await sleep(20);
    const { id } = await person(tenant);
    await sealed(tenant);
    const first = await read(tenant, cursor);
    expect(each(first.nodes, 'resourceId')).to.deep.equal([id]);
    open.resolve();
    await slow;
    await sealed(tenant);
    const second = await read(tenant, first.cursor);
    expect(each(second.nodes, 'resourceId')).to.deep.equal(['00000000-0000-7000-8000-00000000000a']);
    expect(each((await read(tenant, cursor)).nodes, 'resourceId')).to.deep.equal([
      id,
      '00000000-0000-7000-8000-00000000000a',
    ]);
  });

  it('is sealed by the service itself, about a second after a change', async () => {
    const tenant = await aTenant();
    const { id } = await person(tenant);
    const until = Date.now() + 5000;
    const found = async () => each((await read(tenant)).nodes, 'resourceId').includes(id);
    while (!(await found()) && Date.now() < until) await sleep(50);
    expect(await found()).to.equal(true);
  });

  it('goes on when the database was restored into a server that has counted fewer transactions', async () => {
    const tenant = await aTenant();
    await sealed(tenant);
    const before = await read(tenant);
    await withOwnerUrl(async (url) => {
      const pool = new Pool({ connectionString: url, max: 1 });
      await pool.query("update change_seal set snapshot = '900000000000:900000000000:'").finally(() => pool.end());
    });
    const { id } = await person(tenant);
    await sealed(tenant);
    const later = await read(tenant, before.cursor);
    expect(each(later.nodes, 'resourceId')).to.deep.equal([id]);
    expect((await read(tenant)).nodes).to.deep.equal([...before.nodes, ...later.nodes]);
  });

  describe('to one who asks', () => {
    let tenant: TestTenant;
    before(async () => {
      tenant = await aTenant();
      for (const userName of ['a@fabriek.example', 'b@fabriek.example', 'c@fabriek.example']) {
        await person(tenant, { userName });
      }
      await sealed(tenant);
    });

    it('begins with the oldest change, and says whether there are more', async () => {
      const all = await ask(tenant);
      expect(all.hasMore).to.equal(false);
      const people = (all.nodes as Json[]).filter(({ resourceType }) => resourceType === 'USER');
      const names = people.map(({ attributes }) => attributes.find((one: Json) => one.attribute === 'userName').after);
      expect(names).to.deep.equal(['a@fabriek.example', 'b@fabriek.example', 'c@fabriek.example']);
      expect(people[0]).to.deep.include({ kind: 'CREATED', actor: { name: 'Entra ID' } });
      const page = await ask(tenant, undefined, 2);
      expect(page.hasMore).to.equal(true);
      expect(page.nodes).to.deep.equal((all.nodes as Json[]).slice(0, 2));
      const rest = await ask(tenant, page.cursor);
      expect([...(page.nodes as Json[]), ...(rest.nodes as Json[])]).to.deep.equal(all.nodes);
    });

    it('gives a cursor also where nothing is new, and before anything was', async () => {
      const { cursor } = await read(tenant);
      const nothing = await ask(tenant, cursor);
      expect(nothing).to.deep.include({ nodes: [], hasMore: false });
      const { id } = await person(tenant);
      await sealed(tenant);
      expect(each((await ask(tenant, nothing.cursor)).nodes, 'resourceId')).to.deep.equal([id]);
    });

    it('refuses cursors of others: another list, another tenant, nonsense, a place that is not there any more', async () => {
      const stranger = await aTenant();
      await sealed(stranger);
      const theirs = (await read(stranger)).cursor;
      const { history } = await data(tenant, '{ history { pageInfo { endCursor } } }');
      for (const after of [theirs, history.pageInfo.endCursor, 'nonsense', '']) {
        expect(await codes(tenant, CHANGES, { after }), after).to.deep.equal(['CURSOR_INVALID']);
      }
      await withOwnerUrl(async (url) => {
        const pool = new Pool({ connectionString: url, max: 1 });
        try {
          const client = await pool.connect();
          await client.query("select set_config('app.tenant', $1, false)", [stranger.tenant.id]);
          await client.query('delete from change_position where tenant_id = $1', [stranger.tenant.id]);
          client.release();
        } finally {
          await pool.end();
        }
      });
      expect(await codes(stranger, CHANGES, { after: theirs })).to.deep.equal(['CURSOR_EXPIRED']);
    });

    it('refuses a place that was another change’s before the database was restored, also where more follows', async () => {
      const follower = await aTenant();
      await sealed(follower);
      const { cursor } = await read(follower);
      await person(follower);
      await sealed(follower);
      expect(await codes(follower, CHANGES, { after: cursor })).to.deep.equal([]);
      await withOwnerIn(follower.tenant.id, async (owner) => {
        const other = `update change_position set record_id = gen_random_uuid() where tenant_id = $1
          and position = (select max(position) - 1 from change_position where tenant_id = $1)`;
        expect((await owner.query(other, [follower.tenant.id])).rowCount).to.equal(1);
      });
      expect(await codes(follower, CHANGES, { after: cursor })).to.deep.equal(['CURSOR_EXPIRED']);
    });

    it('gives 1 to 500 at a time', async () => {
      for (const first of [0, 501, -1]) {
        expect(await codes(tenant, CHANGES, { first }), String(first)).to.deep.equal(['BAD_USER_INPUT']);
      }
      expect(await codes(tenant, CHANGES, { first: 500 })).to.deep.equal([]);
    });

    it('has nothing of another tenant', async () => {
      const stranger = await aTenant();
      await sealed(stranger);
      const { nodes } = await read(stranger);
      expect(new Set(each(nodes, 'resourceType'))).to.deep.equal(new Set(['TENANT', 'INTEGRATION']));
    });

    for (const role of ['FRONTEND', 'ANALYST'] satisfies Role[]) {
      it(`is refused to ${role}`, async () => {
        expect(await codes(tenant, '{ changes { cursor } }', {}, role)).to.deep.equal(['FORBIDDEN']);
      });
    }

    it('leaves the service no way to change history or its order', async () => {
      const { pool } = tenant.server.deps.db;
      for (const sql of [
        "update change_record set kind = 'X'",
        'delete from change_record',
        'insert into change_position select * from change_position',
        'update change_position set position = 1',
        'delete from change_position',
        'select * from change_seal',
      ]) {
        const error = await pool.query(sql).then(
          () => 'allowed',
          ({ code }: { code: string }) => code,
        );
        expect(error, sql).to.equal('42501');
      }
    });
  });
});

/** The same race for a table that numbers its rows as they are inserted. */
function numberedAtOnce(pool: Pool): Feed {
  const state = { last: '0' };
  const inTransaction = async (work: (client: PoolClient) => Promise<void>) => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await work(client);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
  return {
    write: (ids, pause) =>
      inTransaction(async (client) => {
        for (const id of ids) await client.query('insert into numbered_at_once (id) values ($1)', [id]);
        await pause();
      }),
    read: async () => {
      const { rows: found } = await pool.query<{ n: string; id: string }>(
        'select n, id from numbered_at_once where n > $1 order by n limit 20',
        [state.last],
      );
      state.last = found.at(-1)?.n ?? state.last;
      return found.map(({ id }) => id);
    },
  };
}
