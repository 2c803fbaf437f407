import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { type Role } from '../../src/directory/actor.js';
import { idsInOrder } from '../../src/directory/id.js';
import { aUser, ENTERPRISE_USER, patchOf } from '../support/builders.js';
import { aTenant, type Json, type TestTenant } from '../support/tenant.js';
import { codes, data, person } from './asking.js';

const FIELDS = 'start joiners movers leavers returners';
const flow = async (tenant: TestTenant, args: string, role: Role = 'ANALYST'): Promise<Json[]> =>
  (await data(tenant, `{ analytics { flow(${args}) { ${FIELDS} } } }`, undefined, role)).analytics.flow;

/** Numbers of a period, in the order of their names. */
const inShort = ({ start, joiners, movers, leavers, returners }: Json) => [start, joiners, movers, leavers, returners];

describe('flow, by what happens', () => {
  let tenant: TestTenant;
  beforeEach(async () => {
    tenant = await aTenant();
  });
  /** All that happened until now, as [joiners, movers, leavers, returners]. */
  const soFar = async () => {
    const [from, to] = [Date.now() - 3_600_000, Date.now() + 3_600_000].map((ms) => new Date(ms).toISOString());
    const periods = await flow(tenant, `from: "${from}", to: "${to}", period: DAY`);
    return ['joiners', 'movers', 'leavers', 'returners'].map((name) =>
      periods.reduce((sum, period) => sum + Number(period[name]), 0),
    );
  };
  const change = async (id: string, ...operations: object[]) => {
    const { status, body } = await tenant.scim('PATCH', `/Users/${id}`, patchOf(...operations));
    expect(status, JSON.stringify(body)).to.equal(200);
  };
  const active = (value: boolean) => ({ op: 'replace', path: 'active', value });
  const department = (value: string | null) => ({ op: 'replace', path: `${ENTERPRISE_USER}:department`, value });

  it('counts who came', async () => {
    await person(tenant);
    await person(tenant);
    expect(await soFar()).to.deep.equal([2, 0, 0, 0]);
  });

  it('counts who moved from one value to another, and not who first got one or lost it', async () => {
    const { id } = await person(tenant);
    await change(id, department('Inkoop'), { op: 'replace', path: 'displayName', value: 'Other' });
    expect(await soFar()).to.deep.equal([1, 0, 0, 0]);
    await change(id, department('Verkoop'));
    expect(await soFar()).to.deep.equal([1, 1, 0, 0]);
    await change(id, department('Logistiek'));
    expect(await soFar(), 'once for a person and period').to.deep.equal([1, 1, 0, 0]);
    for (const path of [
      'title',
      `${ENTERPRISE_USER}:division`,
      `${ENTERPRISE_USER}:organization`,
      `${ENTERPRISE_USER}:costCenter`,
    ]) {
      const before = await soFar();
      const other = await person(tenant);
      await change(other.id, { op: 'replace', path, value: 'a' });
      await change(other.id, { op: 'remove', path });
      await change(other.id, { op: 'replace', path, value: 'a' });
      expect(await soFar(), path).to.deep.equal([(before[0] ?? 0) + 1, before[1], 0, 0]);
      await change(other.id, { op: 'replace', path, value: 'b' });
      expect(await soFar(), path).to.deep.equal([(before[0] ?? 0) + 1, (before[1] ?? 0) + 1, 0, 0]);
    }
  });

  it('counts who left and who came back, and a deletion after a deactivation not again', async () => {
    const values = { userName: 'to.and.fro@fabriek.example', externalId: 'x-1' };
    const { id } = await person(tenant, values);
    await change(id, active(false));
    expect(await soFar()).to.deep.equal([1, 0, 1, 0]);
    await change(id, active(true));
    expect(await soFar()).to.deep.equal([1, 0, 1, 1]);
    const other = await person(tenant, { userName: 'for.good@fabriek.example', externalId: 'x-2' });
    await tenant.scim('DELETE', `/Users/${other.id}`);
    expect(await soFar()).to.deep.equal([2, 0, 2, 1]);
    expect(
      (await tenant.scim('POST', '/Users', aUser({ userName: 'for.good@fabriek.example', externalId: 'x-2' }))).body.id,
    ).to.equal(other.id);
    expect(await soFar()).to.deep.equal([2, 0, 2, 2]);
    const third = await person(tenant, { active: false });
    await tenant.scim('DELETE', `/Users/${third.id}`);
    expect(await soFar()).to.deep.equal([3, 0, 2, 2]);
  });

  it('counts who is deactivated as the identity provider takes over, and otherwise nobody it takes over', async () => {
    const make = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { userErrors { message } } }';
    for (const userName of ['one@fabriek.example', 'two@fabriek.example']) {
      await data(tenant, make, { input: { userName, email: userName, title: 'Inkoper' } });
      const emails = [{ value: userName, type: 'work', primary: true }];
      const taken = await tenant.scim(
        'POST',
        '/Users',
        aUser({ userName, emails, title: 'Inkoper', active: !userName.startsWith('two') }),
      );
      expect(taken.status).to.equal(201);
    }
    expect(await soFar()).to.deep.equal([2, 0, 1, 0]);
  });
});

describe('flow, by period', () => {
  let tenant: TestTenant;
  before(async () => {
    tenant = await aTenant();
    const other = await aTenant();
    const record = async ({ tenant: { id } }: TestTenant, at: string, kind: string, resourceType = 'User') => {
      const { pool } = tenant.server.deps.db;
      const client = await pool.connect();
      try {
        await client.query(`begin; set local app.tenant = '${id}'`);
        await client.query(
          `insert into change_record (tenant_id, id, at, kind, resource_type, resource_id, actor_kind, request_id, changes)
           values ($1, $2, $3, $4, $5, $6, 'SYSTEM', 'r', '{}')`,
          // Ids of their own moment, as those of the service are.
          [id, idsInOrder()(new Date(at)), at, kind, resourceType, randomUUID()],
        );
        await client.query('commit');
      } finally {
        client.release();
      }
    };
    await record(tenant, '2026-01-31T23:59:59.999Z', 'CREATED');
    await record(tenant, '2026-02-01T00:00:00.000Z', 'CREATED');
    await record(tenant, '2026-02-02T12:00:00.000Z', 'DEACTIVATED');
    await record(tenant, '2026-02-02T12:00:00.000Z', 'CREATED', 'Group');
    await record(tenant, '2026-04-01T00:00:00.000Z', 'REACTIVATED');
    await record(other, '2026-02-02T12:00:00.000Z', 'CREATED');
  });

  it('has a month for a month, by UTC, also one in which nothing happened, and of no other tenant', async () => {
    for (const role of ['ANALYST', 'ADMIN'] satisfies Role[]) {
      const periods = await flow(tenant, 'from: "2026-01-01T00:00:00Z", to: "2026-04-01T00:00:00.001Z"', role);
      expect(periods.map(inShort)).to.deep.equal([
        ['2026-01-01T00:00:00.000Z', 1, 0, 0, 0],
        ['2026-02-01T00:00:00.000Z', 1, 0, 1, 0],
        ['2026-03-01T00:00:00.000Z', 0, 0, 0, 0],
        ['2026-04-01T00:00:00.000Z', 0, 0, 0, 1],
      ]);
    }
  });

  it('takes the first moment in and leaves the last one out', async () => {
    const periods = await flow(tenant, 'from: "2026-02-01T00:00:00Z", to: "2026-04-01T00:00:00Z"');
    expect(periods.map(inShort)).to.deep.equal([
      ['2026-02-01T00:00:00.000Z', 1, 0, 1, 0],
      ['2026-03-01T00:00:00.000Z', 0, 0, 0, 0],
    ]);
    const days = await flow(tenant, 'from: "2026-02-01T00:00:00.001Z", to: "2026-02-02T12:00:00Z", period: DAY');
    expect(days.map(inShort)).to.deep.equal([
      ['2026-02-01T00:00:00.000Z', 0, 0, 0, 0],
      ['2026-02-02T00:00:00.000Z', 0, 0, 0, 0],
    ]);
  });

  it('begins a week on Monday', async () => {
    const weeks = await flow(tenant, 'from: "2026-01-31T00:00:00Z", to: "2026-02-03T00:00:00Z", period: WEEK');
    expect(weeks.map(inShort)).to.deep.equal([
      ['2026-01-26T00:00:00.000Z', 2, 0, 0, 0],
      ['2026-02-02T00:00:00.000Z', 0, 0, 1, 0],
    ]);
  });

  it('is of 400 periods at most, and of a time that passes', async () => {
    const day = 86_400_000;
    const span = (ms: number) => {
      const from = Date.parse('2026-01-01T00:00:00Z');
      return `from: "${new Date(from).toISOString()}", to: "${new Date(from + ms).toISOString()}", period: DAY`;
    };
    expect(await flow(tenant, span(400 * day))).to.have.length(400);
    for (const ms of [400 * day + 1, 0, -day]) {
      const query = `{ analytics { flow(${span(ms)}) { start } } }`;
      expect(await codes(tenant, query, {}, 'ANALYST'), String(ms)).to.deep.equal(['BAD_USER_INPUT']);
    }
  });

  it('is all that an analyst’s connection learns from history', async () => {
    const { analystPool } = tenant.server.deps.db;
    const asked = 'select * from people_flow($1, $2, $3)';
    const year = ['2026-01-01', '2027-01-01', 'month'];
    const { rows, fields } = await analystPool.query<Json>(asked, year);
    expect(fields.map(({ name }) => name)).to.deep.equal(['start', 'joiners', 'movers', 'leavers', 'returners']);
    const numbers = rows.flatMap(
      ({ joiners, movers, leavers, returners }: Json) => [joiners, movers, leavers, returners] as number[],
    );
    expect(new Set(numbers), 'without a tenant nothing is counted').to.deep.equal(new Set([0]));
    const error = await analystPool.query('select 1 from change_record').catch(({ code }: { code: string }) => code);
    expect(error).to.equal('42501');
  });
});
