import { expect } from 'chai';
import { aGroup, aUser, each, patchOf } from '../support/builders.js';
import { withOwnerIn } from '../support/owner.js';
import { aTenant, type TestTenant } from '../support/tenant.js';

const PEOPLE = 120;
const HOUR = 3_600_000;

interface Person {
  readonly id: string;
  readonly age: number;
  readonly title: string | null;
}

describe('lists of what changed lately', () => {
  let tenant: TestTenant;
  /** In order of creation, with the hours since each one changed. */
  let people: readonly Person[];
  before(async () => {
    tenant = await aTenant();
    people = await populate(tenant.tenant.id);
  });

  const since = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
  const asked = (filter: string, query: string) =>
    `/Users?filter=${encodeURIComponent(filter)}${query === '' ? '' : `&${query}`}`;

  async function list(filter: string, query = ''): Promise<{ ids: string[]; total: number; next?: string }> {
    const { status, body } = await tenant.scim('GET', asked(filter, query));
    expect(status, JSON.stringify(body)).to.equal(200);
    const next = body.nextCursor as string | undefined;
    return {
      ids: each(body.Resources, 'id'),
      total: body.totalResults as number,
      ...(next === undefined ? {} : { next }),
    };
  }
  const changedWithin = (hours: number, title?: string) =>
    people.filter((one) => one.age < hours && (title === undefined || one.title === title)).map(({ id }) => id);

  for (const hours of [2.5, 30.5, 100.5, 700.5, 5000.5]) {
    it(`hold everybody of the last ${hours} hours in order of creation, by index pages and by cursors`, async () => {
      const filter = `meta.lastModified gt "${since(hours)}"`;
      const expected = changedWithin(hours);
      expect(expected.length).to.be.greaterThan(0);
      const whole = await list(filter, 'count=1000');
      expect(whole).to.deep.equal({ ids: expected, total: expected.length });
      for (const count of [1, 7]) {
        for (const start of [1, 2, 6, expected.length, expected.length + 1]) {
          const { ids } = await list(filter, `startIndex=${start}&count=${count}`);
          expect(ids).to.deep.equal(expected.slice(start - 1, start - 1 + count));
        }
      }
      const found: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const { ids, next } = await list(filter, `count=7&cursor=${cursor}`);
        found.push(...ids);
        cursor = next;
      }
      expect(found).to.deep.equal(expected);
    });
  }

  it('keep to every other condition, and to the moment within the hour', async () => {
    const filter = (moment: string, more = '') => `meta.lastModified ${moment}${more}`;
    expect((await list(filter(`ge "${since(30.5)}"`, ' and title eq "odd"'))).ids).to.deep.equal(
      changedWithin(30.5, 'odd'),
    );
    expect(
      (await list(filter(`ge "${since(500.5)}"`, ` and meta.lastModified gt "${since(30.5)}"`))).ids,
    ).to.deep.equal(changedWithin(30.5));
    expect((await list(filter(`gt "${since(30.5)}"`, ` and meta.lastModified lt "${since(3.5)}"`))).ids).to.deep.equal(
      people.filter(({ age }) => age > 3.5 && age < 30.5).map(({ id }) => id),
    );
    expect((await list(`not (${filter(`gt "${since(30.5)}"`)})`, 'count=1000')).ids).to.deep.equal(
      people.filter(({ age }) => age > 30.5).map(({ id }) => id),
    );
    expect((await list(filter(`gt "${since(30.5)}"`, ' or title eq "odd"'), 'count=1000')).ids).to.deep.equal(
      people.filter(({ age, title }) => age < 30.5 || title === 'odd').map(({ id }) => id),
    );
    expect((await list(filter(`gt "${since(0)}"`))).ids).to.deep.equal([]);
    for (const never of ['2999-01-01T00:00:00Z', '9999-12-31T23:59:59.999-14:00'])
      expect((await list(filter(`gt "${never}"`))).ids).to.deep.equal([]);
  });
});

describe('the hours of change beside people and groups', () => {
  it('are those of the rows, whatever is done to them', async () => {
    const one = await aTenant();
    const users = '/Users';
    const made = await one.scim('POST', users, aUser({ userName: 'hour@changed.example' }));
    const group = await one.scim('POST', '/Groups', aGroup({ displayName: 'Hours' }));
    const gone = await one.scim('POST', '/Groups', aGroup({ displayName: 'Gone' }));
    const hours = async () => {
      const { rows } = await withOwnerIn(one.tenant.id, (owner) => owner.query<Hours>(HOURS, [one.tenant.id]));
      return rows.map(({ of, kept }) => {
        expect(kept).to.equal(of);
        return of;
      });
    };
    expect(await hours()).to.have.length(3);
    await withOwnerIn(one.tenant.id, (owner) => owner.query(LONG_AGO, [one.tenant.id]));
    expect(new Set(await hours()).size).to.equal(1);
    await one.scim(
      'PATCH',
      `${users}/${String(made.body.id)}`,
      patchOf({ op: 'replace', path: 'title', value: 'Portier' }),
    );
    await one.scim('DELETE', `/Groups/${String(gone.body.id)}`);
    expect(new Set(await hours()).size).to.equal(2);
    await one.scim(
      'PATCH',
      `/Groups/${String(group.body.id)}`,
      patchOf({ op: 'add', path: 'members', value: [{ value: made.body.id }] }),
    );
    await one.scim('DELETE', `${users}/${String(made.body.id)}`);
    const [hour, next, ...more] = await hours();
    expect([hour, more]).to.deep.equal([next, []]);
  });
});

interface Hours {
  readonly of: string;
  readonly kept: string | null;
}

/** The hour of each row, beside the one that is kept. */
const HOURS = `with resource as (
    select 'User' as type, id, updated_at from directory_user where tenant_id = $1
    union all select 'Group', id, updated_at from directory_group where tenant_id = $1)
  select date_trunc('hour', updated_at)::text as of, kept.hour::text as kept
  from resource full join (select * from changed_hour where tenant_id = $1) kept on kept.resource_type = type and kept.id = resource.id`;

const LONG_AGO = `with people as (update directory_user set updated_at = '2026-01-02T03:04:05Z' where tenant_id = $1)
  update directory_group set updated_at = '2026-01-02T03:59:59.999Z' where tenant_id = $1`;

/** Changed 0 to 1000 hours ago, in no order. */
const INSERT = `with person as (
    select n, uuid_v7() as id, (n * 37 % 120) * 8.3 as age, case n % 2 when 1 then 'odd' end as title from generate_series(0, $2::int - 1) n order by n),
  made as (
    insert into directory_user (tenant_id, id, origin, status, user_name, user_name_key, title, version, created_at, updated_at)
    select $1::uuid, id, 'SCIM', 'ACTIVE', 'person.' || n, 'person.' || n, title, 1,
      now() - interval '2000 hours', now() - age * interval '1 hour' from person)
  select id, age::float8, title from person order by id`;

const populate = (tenantId: string): Promise<Person[]> =>
  withOwnerIn(tenantId, async (owner) => (await owner.query<Person>(INSERT, [tenantId, PEOPLE])).rows);
